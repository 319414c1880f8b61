import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import { readConversation } from '../../conversation/conversation-store.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import type { Db } from '../../storage/storage.ts';

/** The conversation of its host: tools are theirs to allow. For everybody else there is none. */
export async function requireConversation(
  db: Db,
  { actor, id }: { actor: Actor; id: string },
): Promise<ConversationRecord> {
  const record = await readConversation(db, { id, ownerId: actor.userId });
  if (!record || record.deletedAt !== null) throw new NotFoundError('There is no such conversation.');
  return record;
}
