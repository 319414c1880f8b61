import { useCallback, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import type { ConversationSession } from '../../../client/conversation-session.ts';
import { hasNewer } from '../../../client/conversation-state.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import { useMe } from '../../state/use-me.ts';
import { useBranchHandlers } from './branches/use-branch-handlers.tsx';
import { useSelection, type Selection } from './branches/use-selection.ts';
import { useForgetting } from './memory/use-forgetting.tsx';
import type { ListItem } from './message-list.tsx';
import { useConversationShortcuts } from './use-conversation-shortcuts.ts';
import { useMessageHandlers } from './use-message-handlers.ts';
import { useMessageItems } from './use-message-items.tsx';

interface TalkOptions {
  session: ConversationSession;
  state: ConversationState;
  conversation: Conversation;
  receiptId: string | null;
  showReceipt: (messageId: string | null) => void;
}

export interface Talk {
  input: RefObject<HTMLTextAreaElement | null>;
  items: ListItem[];
  selection: Selection;
  /** Changes when the reader did something whose result is at the end. */
  jumpToEnd: number;
  send: (text: string, attachments: readonly string[]) => void;
  stop: () => void;
  editLast: () => void;
  dialogs: ReactNode;
}

/** What one does in a conversation with its messages: write, edit, branch, select, by hand and by keyboard. */
export function useTalk({ session, state, conversation, receiptId, showReceipt }: TalkOptions): Talk {
  const me = useMe();
  const input = useRef<HTMLTextAreaElement>(null);
  const [editingId, setEditingId] = useState<string | null>(null);
  const [jumpToEnd, setJumpToEnd] = useState(0);
  const { askForget, dialog } = useForgetting(conversation);
  const endEdit = useCallback(() => {
    setEditingId(null);
    input.current?.focus();
  }, []);
  const selection = useSelection();
  const { branches, branchDialogs } = useBranchHandlers({ session, conversation, toggleSelected: selection.toggle });
  const startEdit = setEditingId;
  const handlers = useMessageHandlers({ session, startEdit, endEdit, showReceipt, askForget, branches });
  const stop = () => handlers.guard(session.stop());
  const replying = state.streaming.size > 0;
  useConversationShortcuts({
    enabled: me.preferences.shortcuts,
    path: hasNewer(state) ? [] : state.path,
    replying,
    input,
    handlers,
    stop,
  });

  const personName = conversation.persona?.name ?? me.name;
  const { ids } = selection;
  const items = useMessageItems({ session, state, editingId, receiptId, selection: ids, personName, handlers });
  return {
    input,
    items,
    selection,
    jumpToEnd,
    send: (text, attachments) => {
      void session.send(text, { attachments });
      setJumpToEnd((count) => count + 1);
    },
    stop: () => void stop(),
    editLast: () => {
      const own = state.path.findLast(({ author, deleted }) => author.kind === 'human' && !deleted);
      if (own !== undefined) setEditingId(own.id);
    },
    dialogs: (
      <>
        {dialog}
        {branchDialogs}
      </>
    ),
  };
}
