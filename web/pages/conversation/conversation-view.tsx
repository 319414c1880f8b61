import { useCallback, useRef, useState } from 'react';
import type { ConversationSession } from '../../../client/conversation-session.ts';
import { hasOlder, pathTotal } from '../../../client/conversation-state.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { useMe } from '../../state/use-me.ts';
import { ConnectionNote } from './connection-note.tsx';
import { ConversationReceipt } from './conversation-receipt.tsx';
import { ConversationComposer } from './conversation-composer.tsx';
import classes from './conversation-view.module.css';
import { FinishedAnnouncer } from './finished-announcer.tsx';
import { useForgetting } from './memory/use-forgetting.tsx';
import { MessageList } from './message-list.tsx';
import { SceneHeader } from './scene-header.tsx';
import { useConversationShortcuts } from './use-conversation-shortcuts.ts';
import { useMessageHandlers } from './use-message-handlers.ts';
import { useMessageItems } from './use-message-items.tsx';
import { useReceiptChoice } from './use-receipt-choice.ts';
import { useSoughtMessage } from './use-sought-message.ts';

export interface ConversationViewProps {
  session: ConversationSession;
  state: ConversationState;
  conversation: Conversation;
}

export function ConversationView({ session, state, conversation }: ConversationViewProps) {
  const me = useMe();
  const narrow = useIsNarrow();
  const input = useRef<HTMLTextAreaElement>(null);
  const [editingId, setEditingId] = useState<string | null>(null);
  const [jumpToEnd, setJumpToEnd] = useState(0);
  const { askForget, dialog } = useForgetting(conversation);
  const soughtId = useSoughtMessage(session, state);
  const receipt = useReceiptChoice(narrow);
  const endEdit = useCallback(() => {
    setEditingId(null);
    input.current?.focus();
  }, []);
  const { showReceipt } = receipt;
  const handlers = useMessageHandlers({ session, startEdit: setEditingId, endEdit, showReceipt, askForget });
  const editLast = () => {
    const own = state.path.findLast(({ author, deleted }) => author.kind === 'human' && !deleted);
    if (own !== undefined) setEditingId(own.id);
  };
  const stop = () => handlers.guard(session.stop());
  const replying = state.streaming.size > 0;
  useConversationShortcuts({ enabled: me.preferences.shortcuts, path: state.path, replying, input, handlers, stop });

  const personName = conversation.persona?.name ?? me.name;
  const items = useMessageItems({ session, state, editingId, receiptId: receipt.messageId, personName, handlers });
  return (
    <div className={classes['page']} data-receipt={receipt.open && !narrow}>
      <section className={classes['talk']} aria-label={conversation.title}>
        <SceneHeader conversation={conversation} onShowReceipt={() => showReceipt(lastReplyId(state))} />
        <ConnectionNote state={state} onRetry={() => void session.reload()} />
        <MessageList
          items={items}
          lang={conversation.locale}
          firstPosition={(state.path[0]?.depth ?? 0) + 1}
          total={pathTotal(state)}
          hasOlder={hasOlder(state)}
          onLoadOlder={() => session.loadOlder()}
          jumpToEnd={jumpToEnd}
          soughtKey={soughtId}
        />
        <FinishedAnnouncer path={state.path} />
        <ConversationComposer
          {...{ conversation, state }}
          inputRef={input}
          onSend={(text) => {
            void session.send(text);
            setJumpToEnd((count) => count + 1);
          }}
          onStop={() => void stop()}
          onEditLast={editLast}
        />
      </section>
      <ConversationReceipt
        {...{ narrow, receipt, state, character: conversation.character }}
        messageId={receipt.messageId ?? lastReplyId(state)}
      />
      {dialog}
    </div>
  );
}

function lastReplyId(state: ConversationState): string | null {
  return state.path.findLast((message) => message.hasReceipt && !message.deleted)?.id ?? null;
}
