import { useCallback, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { ConversationSession, SendOptions } from '../../../client/conversation-session.ts';
import { hasNewer } from '../../../client/conversation-state.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import { keepDraftEdit, readDraftEdit } from '../../state/drafts.ts';
import { useMe } from '../../state/use-me.ts';
import { useBranchHandlers } from './branches/use-branch-handlers.tsx';
import { useTalkCommands } from './commands/use-talk-commands.tsx';
import { useSelection, type Selection } from './branches/use-selection.ts';
import type { ConversationComposerProps } from './conversation-composer.tsx';
import { useForgetting } from './memory/use-forgetting.tsx';
import type { ListItem } from './message-list.tsx';
import type { ComposerControl } from './use-composer.ts';
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
  /** What the message box needs. */
  box: Pick<ConversationComposerProps, 'inputRef' | 'controlRef' | 'commands' | 'onSend' | 'onStop'>;
  items: ListItem[];
  selection: Selection;
  /** Changes when the reader did something whose result is at the end. */
  jumpToEnd: number;
  /** Leads the conversation back to where it was before somebody else moved it. */
  goBack: (messageId: string) => void;
  dialogs: ReactNode;
}

/** What one does in a conversation with its messages: write, edit, branch, select, by hand and by keyboard. */
export function useTalk({ session, state, conversation, receiptId, showReceipt }: TalkOptions): Talk {
  const me = useMe();
  const input = useRef<HTMLTextAreaElement>(null);
  const composer = useRef<ComposerControl>(null);
  const [editingId, setEditingId] = useState(() => readDraftEdit(conversation.id)?.messageId ?? null);
  const { send, jumpToEnd } = useSend(session, conversation);
  const { askForget, dialog } = useForgetting(conversation);
  const endEdit = useCallback(() => {
    setEditingId(null);
    keepDraftEdit(conversation.id, null);
    input.current?.focus();
  }, [conversation.id]);
  const selection = useSelection();
  const { branches, branchDialogs } = useBranchHandlers({ session, conversation, toggleSelected: selection.toggle });
  const startEdit = setEditingId;
  const handlers = useMessageHandlers({ session, startEdit, endEdit, showReceipt, askForget, branches, composer });
  const stop = () => void handlers.guard(session.stop());
  const replying = state.streaming.size > 0;
  useConversationShortcuts({
    preferences: me.preferences,
    conversation,
    path: hasNewer(state) ? [] : state.path,
    replying,
    input,
    handlers,
    stop,
  });

  const { commands, commandDialogs } = useTalkCommands({ conversation, state, handlers, send, stop });

  const personName = conversation.persona?.name ?? me.name;
  const { ids } = selection;
  const items = useMessageItems({ session, state, editingId, receiptId, selection: ids, personName, handlers });
  const box = {
    inputRef: input,
    controlRef: composer,
    commands,
    onSend: send,
    onStop: stop,
  };
  return {
    box,
    items,
    selection,
    jumpToEnd,
    goBack: handlers.choose,
    dialogs: (
      <>
        {dialog}
        {branchDialogs}
        {commandDialogs}
      </>
    ),
  };
}

/** Sends through the outbox, and counts how often, so that the end is shown. */
function useSend(session: ConversationSession, { room }: Conversation) {
  const [jumpToEnd, setJumpToEnd] = useState(0);
  const send = (text: string, options: SendOptions) => {
    // In a room a reply is heard out; who is alone with a character interrupts it.
    void session.send(text, { ...options, interrupts: room === null });
    setJumpToEnd((count) => count + 1);
  };
  return { send, jumpToEnd };
}
