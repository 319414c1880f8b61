import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationSession } from '../../../client/conversation-session.ts';
import { hasOlder, pathTotal, visiblePending } from '../../../client/conversation-state.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { useMe } from '../../state/use-me.ts';
import { Composer } from './composer.tsx';
import { ConnectionNote } from './connection-note.tsx';
import classes from './conversation-view.module.css';
import { FinishedAnnouncer } from './finished-announcer.tsx';
import { MessageList } from './message-list.tsx';
import type { ListItem } from './message-list.tsx';
import { MessageRow } from './message-row.tsx';
import { PendingRow } from './pending-row.tsx';
import { ReceiptPanel } from './receipt-panel.tsx';
import { SceneHeader } from './scene-header.tsx';
import { useConversationShortcuts } from './use-conversation-shortcuts.ts';
import { useMessageHandlers } from './use-message-handlers.ts';

export interface ConversationViewProps {
  session: ConversationSession;
  state: ConversationState;
  conversation: Conversation;
}

const RECEIPT_KEY = 'everwith.receipt';

export function ConversationView({ session, state, conversation }: ConversationViewProps) {
  const { t } = useTranslation('talk');
  const me = useMe();
  const narrow = useIsNarrow();
  const input = useRef<HTMLTextAreaElement>(null);
  const [editingId, setEditingId] = useState<string | null>(null);
  const [jumpToEnd, setJumpToEnd] = useState(0);
  const receipt = useReceiptChoice(narrow);
  const endEdit = useCallback(() => {
    setEditingId(null);
    input.current?.focus();
  }, []);
  const { showReceipt } = receipt;
  const handlers = useMessageHandlers({ session, startEdit: setEditingId, endEdit, showReceipt });
  const replying = state.streaming.size > 0;
  const editLast = () => {
    const own = state.path.findLast(({ author, deleted }) => author.kind === 'human' && !deleted);
    if (own !== undefined) setEditingId(own.id);
  };
  const stop = () => handlers.guard(session.stop());
  useConversationShortcuts({ enabled: me.preferences.shortcuts, path: state.path, replying, input, handlers, stop });

  const items = useItems({ session, state, editingId, receiptId: receipt.messageId, handlers });
  return (
    <div className={classes['page']} data-receipt={receipt.open && !narrow}>
      <section className={classes['talk']} aria-label={conversation.title}>
        <SceneHeader conversation={conversation} onShowReceipt={() => showReceipt(lastReplyId(state) ?? null)} />
        <ConnectionNote state={state} onRetry={() => void session.reload()} />
        <MessageList
          items={items}
          lang={conversation.locale}
          firstPosition={(state.path[0]?.depth ?? 0) + 1}
          total={pathTotal(state)}
          hasOlder={hasOlder(state)}
          onLoadOlder={() => session.loadOlder()}
          jumpToEnd={jumpToEnd}
        />
        <FinishedAnnouncer path={state.path} />
        <Composer
          conversationId={conversation.id}
          name={conversation.character.name}
          replying={replying}
          sendWithEnter={me.preferences.sendWithEnter}
          inputRef={input}
          onSend={(text) => {
            void session.send(text);
            setJumpToEnd((count) => count + 1);
          }}
          onStop={() => void stop()}
          onEditLast={editLast}
        />
        <p className="visually-hidden" role="status">
          {replying ? t('streamingLabel', { name: conversation.character.name }) : ''}
        </p>
      </section>
      <ReceiptPanel
        narrow={narrow}
        open={receipt.open}
        messageId={receipt.messageId ?? lastReplyId(state) ?? null}
        onClose={receipt.close}
      />
    </div>
  );
}

function lastReplyId(state: ConversationState): string | undefined {
  return state.path.findLast((message) => message.hasReceipt && !message.deleted)?.id;
}

/** Which reply's receipt is shown. On wide screens the column stays open from visit to visit. */
function useReceiptChoice(narrow: boolean) {
  const [messageId, setMessageId] = useState<string | null>(null);
  const [open, setOpen] = useState(() => !narrow && localStorage.getItem(RECEIPT_KEY) === 'open');
  const showReceipt = useCallback((id: string | null) => {
    setMessageId(id);
    setOpen(true);
    localStorage.setItem(RECEIPT_KEY, 'open');
  }, []);
  const close = () => {
    setOpen(false);
    setMessageId(null);
    localStorage.removeItem(RECEIPT_KEY);
  };
  return { messageId: open ? messageId : null, open, showReceipt, close };
}

interface ItemsOptions {
  session: ConversationSession;
  state: ConversationState;
  editingId: string | null;
  receiptId: string | null;
  handlers: ReturnType<typeof useMessageHandlers>;
}

function useItems({ session, state, editingId, receiptId, handlers }: ItemsOptions): ListItem[] {
  const { path, streaming } = state;
  const pending = visiblePending(state);
  return useMemo(() => {
    const rows = path.map((message, index): ListItem => {
      const isLast = index === path.length - 1 && pending.length === 0;
      return {
        key: message.id,
        element: (
          <MessageRow
            message={message}
            streaming={streaming.get(message.id)}
            isLast={isLast}
            editing={editingId === message.id}
            receiptShown={receiptId === message.id}
            handlers={handlers}
          />
        ),
      };
    });
    const sends = pending.map((send): ListItem => ({
      key: send.clientId,
      element: (
        <PendingRow
          send={send}
          onRetry={() => void session.send(send.text, send.clientId)}
          onDiscard={() => session.discard(send.clientId)}
        />
      ),
    }));
    return [...rows, ...sends];
    // oxlint-disable-next-line react/exhaustive-deps -- `pending` is derived from what is listed
  }, [path, streaming, state.pending, state.known, editingId, receiptId, handlers, session]);
}
