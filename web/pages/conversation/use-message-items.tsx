import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { ConversationSession } from '../../../client/conversation-session.ts';
import { visiblePending } from '../../../client/conversation-state.ts';
import type { ConversationState, PendingSend } from '../../../client/conversation-state.ts';
import type { Message } from '../../../contract/messages.ts';
import { CallMark } from './call-mark.tsx';
import { callMarks } from './call-marks.ts';
import type { CallMarkFacts } from './call-marks.ts';
import type { MessageHandlers } from './message-handlers.ts';
import type { ListItem } from './message-list.tsx';
import { LiveRow } from './live-row.tsx';
import { EventLine, eventOf } from './room/event-line.tsx';
import { WithheldLine } from './room/withheld-line.tsx';
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
  const { path } = state;
  const pending = visiblePending(state);
  const isRoom = (state.conversation?.room ?? null) !== null;
  // In a room every message says whose it is.
  const named = useMemo(() => (isRoom ? NOBODY : namedMessages(path, personName)), [isRoom, path, personName]);
  const calls = useMemo(() => callMarks(path), [path]);
  return useMemo(() => {
    const rows = path.flatMap((message, index): ListItem[] => {
      if (message.withheld) return withheldItem(message, path[index - 1]);
      const call = calls.get(message.id);
      const event = eventOf(message);
      const element =
        event !== undefined && !message.deleted ? (
          <EventLine {...{ message, event, handlers }} />
        ) : (
          <LiveRow
            session={session}
            message={message}
            isLast={index === path.length - 1 && pending.length === 0 && state.windowEndId === null}
            editing={editingId === message.id}
            receiptShown={receiptId === message.id}
            nameShown={named.has(message.id)}
            selected={selection && selection.has(message.id)}
            handlers={handlers}
          />
        );
      return [{ key: message.id, element: call === undefined ? element : <Marked call={call}>{element}</Marked> }];
    });
    return [...rows, ...pending.map((send) => pendingItem({ session, send, isRoom }))];
    // oxlint-disable-next-line react/exhaustive-deps -- `pending` is derived from what is listed
  }, [
    path,
    state.pending,
    state.known,
    state.windowEndId,
    editingId,
    receiptId,
    selection,
    named,
    calls,
    handlers,
    session,
  ]);
}

interface PendingItemOptions {
  session: ConversationSession;
  send: PendingSend;
  isRoom: boolean;
}

function pendingItem({ session, send, isRoom }: PendingItemOptions): ListItem {
  return {
    key: send.clientId,
    element: (
      <PendingRow
        send={send}
        onRetry={(text) => void session.send(text, { ...send, interrupts: !isRoom })}
        onDiscard={() => session.discard(send.clientId)}
      />
    ),
  };
}

const NOBODY: ReadonlySet<string> = new Set();

/** One line for all in a row that the reader did not hear. */
function withheldItem({ id }: Message, before: Message | undefined): ListItem[] {
  return before?.withheld === true ? [] : [{ key: id, element: <WithheldLine /> }];
}

function Marked({ call, children }: { call: CallMarkFacts; children: ReactNode }) {
  return (
    <>
      <CallMark {...call} />
      {children}
    </>
  );
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
