import type { Conversation } from '../../../contract/conversations.ts';
import type { Message } from '../../../contract/messages.ts';

/** Whether the reader said it; where no seat is known, there is one human. */
export function isOwn({ author, deleted }: Message, { participants, seatId }: Conversation): boolean {
  if (author.kind !== 'human' || deleted) return false;
  const seat = participants.find(({ id }) => id === seatId);
  return seat === undefined || seat.subjectId === author.id;
}

/** Whether the reader may put other words in its place: one's own, and for the host what characters said. */
export function isEditable(message: Message, conversation: Conversation): boolean {
  if (message.deleted || message.withheld) return false;
  return isOwn(message, conversation) || (conversation.mine && message.author.kind === 'character');
}
