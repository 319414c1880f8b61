import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import { readConversation, readJoinedConversation } from '../../conversation/conversation-store.ts';
import { readMessage } from '../../conversation/message-store.ts';
import { findSeat } from '../../conversation/participant-store.ts';
import { hostSeat, isHost, type Seat } from '../../conversation/seat.ts';
import type { ConversationRecord, MessageNode } from '../../conversation/tree-types.ts';
import type { Db, Trx } from '../../storage/storage.ts';
import { requireHeard } from './seat-rights.ts';

/** A message of a conversation that the actor hosts, or "there is none": somebody else's and an unknown one look the same. */
export async function requireMessage(
  db: Db,
  { actor, messageId }: { actor: Actor; messageId: string },
): Promise<{ node: MessageNode; conversation: ConversationRecord }> {
  const node = await readMessage(db, messageId);
  const conversation = node && (await readConversation(db, { id: node.conversationId, ownerId: actor.userId }));
  if (!node || !conversation || conversation.deletedAt !== null) throw noMessage();
  return { node, conversation };
}

/** A conversation that the actor hosts or is a guest in, and from which place they read it. */
export async function requireSeat(db: Db, { actor, id }: { actor: Actor; id: string }): Promise<Seat> {
  const found = await findSeatOf(db, { actor, id });
  if (!found) throw new NotFoundError('There is no such conversation.');
  return found;
}

/** A message of a conversation that the actor takes part in, heard or not. */
export async function requireSeatedMessage(
  db: Db,
  { actor, messageId }: { actor: Actor; messageId: string },
): Promise<Seat & { node: MessageNode }> {
  const node = await readMessage(db, messageId);
  const found = node && (await findSeatOf(db, { actor, id: node.conversationId }));
  if (!node || !found) throw noMessage();
  return { ...found, node };
}

/** The same, where the actor heard it: what was not heard cannot be changed, answered or explained. */
export async function requireHeardMessage(
  db: Db,
  { actor, messageId }: { actor: Actor; messageId: string },
): Promise<Seat & { node: MessageNode }> {
  const found = await requireSeatedMessage(db, { actor, messageId });
  requireHeard(found.node, found.seat);
  return found;
}

/** A message of one conversation that is not deleted. */
export async function requireInConversation(
  db: Db | Trx,
  { conversationId, messageId }: { conversationId: string; messageId: string },
): Promise<MessageNode> {
  const node = await readMessage(db, messageId);
  if (node?.conversationId !== conversationId || node.deletedAt !== null) {
    throw new NotFoundError('There is no such message.', { field: 'messageId' });
  }
  return node;
}

async function findSeatOf(db: Db, { actor, id }: { actor: Actor; id: string }): Promise<Seat | undefined> {
  const { userId } = actor;
  const conversation = await readJoinedConversation(db, { id, userId });
  if (!conversation || conversation.deletedAt !== null) return undefined;
  const seat = await findSeat(db, { conversationId: id, userId });
  if (conversation.ownerId === userId)
    return { conversation, seat: seat && isHost(seat) ? seat : hostSeat(conversation) };
  return seat && { conversation, seat };
}

function noMessage(): NotFoundError {
  return new NotFoundError('There is no such message.');
}
