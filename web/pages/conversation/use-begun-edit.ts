import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { messageText } from '../../../client/message-text.ts';
import type { Message } from '../../../contract/messages.ts';
import { keepDraftEdit, readDraftEdit } from '../../state/drafts.ts';

export interface BegunEdit {
  text: string;
  setText: (text: string) => void;
  saving: boolean;
  /** Once at a time; `store` answers whether it was saved, and ends the edit then. */
  save: (store: () => Promise<boolean>) => Promise<void>;
}

/** The change of a message that was begun: kept on this device until it is saved or left. */
export function useBegunEdit(message: Message): BegunEdit {
  const { id: messageId, conversationId } = message;
  const [text, setText] = useState(() => readBegun(message) ?? messageText(message));
  const [saving, setSaving] = useState(false);
  const isBeingSaved = useRef(false);
  useEffect(() => keepDraftEdit(conversationId, { messageId, text }), [conversationId, messageId, text]);
  useLayoutEffect(
    () => () => {
      // The new words are told before the answer comes, and take this row's place: nothing is left to go on with.
      if (isBeingSaved.current) keepDraftEdit(conversationId, null);
    },
    [conversationId],
  );

  async function save(store: () => Promise<boolean>): Promise<void> {
    if (isBeingSaved.current) return;
    isBeingSaved.current = true;
    setSaving(true);
    const saved = await store();
    isBeingSaved.current = false;
    if (saved) return;
    keepDraftEdit(conversationId, { messageId, text });
    setSaving(false);
  }

  return { text, setText, saving, save };
}

/** What was written of it before the page was loaded again. */
function readBegun({ id, conversationId }: Message): string | null {
  const edit = readDraftEdit(conversationId);
  return edit?.messageId === id ? edit.text : null;
}
