import { useMemo } from 'react';
import type { ConversationSession } from '../../../client/conversation-session.ts';
import { visiblePending } from '../../../client/conversation-state.ts';
import type { ConversationState, PendingSend } from '../../../client/conversation-state.ts';
import type { Message } from '../../../contract/messages.ts';
import { CallMark } from './call-mark.tsx';
import { callMarks } from './call-marks.ts';
import type { MessageHandlers } from './message-handlers.ts';
import type { ListItem } from './message-list.tsx';
import { MessageRow } from './message-row.tsx';
import { PendingRow } from './pending-row.tsx';

interface ItemsOptions {
  session: ConversationSession;
  state: ConversationState;
  editingId: string | null;
  receiptId: string | null;
  /** Null while nothing is being selected. */
  selection: ReadonlySet<string> | null;
  /** What the person is called here now. */
  personName: string;
  handlers: MessageHandlers;
}

/** The rows of the list: the path, then what was sent and is not confirmed. */
export function useMessageItems({
  session,
  state,
  editingId,
  receiptId,
  selection,
  personName,
  handlers,
}: ItemsOptions): ListItem[] {
  const { path, streaming } = state;
  const pending = visiblePending(state);
  return useMemo(() => {
    const named = namedMessages(path, personName);
    const calls = callMarks(path);
    const rows = path.map((message, index): ListItem => {
      const call = calls.get(message.id);
      const isLast = index === path.length - 1 && pending.length === 0 && state.windowEndId === null;
      return {
        key: message.id,
        element: (
          <>
            {call !== undefined && <CallMark {...call} />}
            <MessageRow
              message={message}
              streaming={streaming.get(message.id)}
              isLast={isLast}
              editing={editingId === message.id}
              receiptShown={receiptId === message.id}
              nameShown={named.has(message.id)}
              selected={selection && selection.has(message.id)}
              handlers={handlers}
            />
          </>
        ),
      };
    });
    return [...rows, ...pending.map((send) => pendingItem(session, send))];
    // oxlint-disable-next-line react/exhaustive-deps -- `pending` is derived from what is listed
  }, [
    path,
    streaming,
    state.pending,
    state.known,
    state.windowEndId,
    editingId,
    receiptId,
    selection,
    personName,
    handlers,
    session,
  ]);
}

function pendingItem(session: ConversationSession, send: PendingSend): ListItem {
  return {
    key: send.clientId,
    element: (
      <PendingRow
        send={send}
        onRetry={(text) => void session.send(text, send)}
        onDiscard={() => session.discard(send.clientId)}
      />
    ),
  };
}

/** Messages whose author's name is said: where a person's name changes, and where the first is not today's. */
function namedMessages(path: readonly Message[], personName: string): ReadonlySet<string> {
  const named = new Set<string>();
  let before = personName;
  for (const { id, author } of path) {
    if (author.kind !== 'human') continue;
    // An account without a name has none to compare with.
    if (before !== '' && author.name !== before) named.add(id);
    before = author.name;
  }
  return named;
}
