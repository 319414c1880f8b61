import { useMemo } from 'react';
import type { ConversationSession } from '../../../client/conversation-session.ts';
import { visiblePending } from '../../../client/conversation-state.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';
import type { MessageHandlers } from './message-handlers.ts';
import type { ListItem } from './message-list.tsx';
import { MessageRow } from './message-row.tsx';
import { PendingRow } from './pending-row.tsx';

interface ItemsOptions {
  session: ConversationSession;
  state: ConversationState;
  editingId: string | null;
  receiptId: string | null;
  handlers: MessageHandlers;
}

/** The rows of the list: the path, then what was sent and is not confirmed. */
export function useMessageItems({ session, state, editingId, receiptId, handlers }: ItemsOptions): ListItem[] {
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
