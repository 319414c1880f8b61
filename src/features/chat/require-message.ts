import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import { readConversation } from '../../conversation/conversation-store.ts';
import { readMessage } from '../../conversation/message-store.ts';
import type { ConversationRecord, MessageNode } from '../../conversation/tree-types.ts';
import type { Db } from '../../storage/storage.ts';

/** The message with its conversation, or "there is none": somebody else's and an unknown one look the same. */
export async function requireMessage(
  db: Db,
  { actor, messageId }: { actor: Actor; messageId: string },
): Promise<{ node: MessageNode; conversation: ConversationRecord }> {
  const node = await readMessage(db, messageId);
  const conversation = node && (await readConversation(db, { id: node.conversationId, ownerId: actor.userId }));
  if (!node || !conversation || conversation.deletedAt !== null) throw new NotFoundError('There is no such message.');
  return { node, conversation };
}
