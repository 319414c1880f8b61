import { cleanText } from '../contract/common.ts';
import type { Message } from '../contract/messages.ts';
import type { ConversationState, PendingSend } from './conversation-state.ts';
import { messageText } from './message-text.ts';

export type StartSend = Pick<PendingSend, 'clientId' | 'text' | 'createdAt'> &
  Partial<Pick<PendingSend, 'attachments' | 'to' | 'speakers'>>;

export function startSend(
  state: ConversationState,
  { clientId, text, createdAt, attachments = [], to, speakers }: StartSend,
): ConversationState {
  const retried = state.pending.some((one) => one.clientId === clientId);
  if (retried) return changePending(state, clientId, { text, state: 'sending', error: null });
  const heard = { ...(to ? { to } : {}), ...(speakers ? { speakers } : {}) };
  const begun = { clientId, text, createdAt, attachments, ...heard };
  const fresh: PendingSend = { ...begun, state: 'sending', error: null, messageId: null };
  return { ...state, pending: [...state.pending, fresh] };
}

export function changePending(
  state: ConversationState,
  clientId: string,
  change: Partial<PendingSend>,
): ConversationState {
  return {
    ...state,
    pending: state.pending.map((send) => (send.clientId === clientId ? { ...send, ...change } : send)),
  };
}

/** The commit's event carries no `clientId`; the oldest unmatched send of this person with the same text is it. */
export function matchPending(state: ConversationState, message: Message): ConversationState {
  if (message.author.kind !== 'human' || message.withheld || !isOwn(state, message)) return state;
  const text = messageText(message);
  const match = state.pending.find(
    (send) => send.messageId === null && send.state !== 'failed' && cleanText(send.text) === text,
  );
  return match === undefined ? state : changePending(state, match.clientId, { messageId: message.id });
}

/** True unless it is known that somebody else wrote it. */
function isOwn({ conversation }: ConversationState, { author }: Message): boolean {
  const seat = conversation?.participants.find(({ id }) => id === conversation.seatId);
  return seat === undefined || seat.subjectId === author.id;
}
