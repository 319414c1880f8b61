import type { ConversationMemory } from '../../../contract/memory.ts';
import { conversationMemorySchema } from '../../../contract/memory.ts';
import type { Row } from '../../storage/schema.ts';
import type { Db, Trx } from '../../storage/storage.ts';

/** A conversation as the distiller needs to know it. */
export interface DistillableConversation {
  id: string;
  ownerId: string;
  characterId: string;
  leafId: string | null;
  locale: string;
  memory: ConversationMemory;
  /** What was said from here on is not remembered; null while nothing is paused. */
  memoryPausedAt: number | null;
}

/** Undefined for one that is gone or deleted. */
export async function readDistillable(db: Db, id: string): Promise<DistillableConversation | undefined> {
  const row = await db
    .selectFrom('conversation')
    .select(['id', 'ownerId', 'characterId', 'leafId', 'locale', 'memory', 'memoryPausedAt'])
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  return row && { ...row, memory: conversationMemorySchema.parse(row.memory) };
}

/** Conversations that may hold something nobody has read yet, the latest first. */
export async function listDistillableIds(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('conversation')
    .select('id')
    .where('deletedAt', 'is', null)
    .where('memory', '!=', 'private')
    .where('leafId', 'is not', null)
    .orderBy('updatedAt', 'desc')
    .execute();
  return rows.map(({ id }) => id);
}

/** Messages of a conversation that were read, with the hash of the words and who read them. */
export async function listDistilled(
  db: Db,
  conversationId: string,
): Promise<Map<string, { hash: string; extractor: string }>> {
  const rows = await db
    .selectFrom('memoryDistilled')
    .select(['messageId', 'hash', 'extractor'])
    .where('conversationId', '=', conversationId)
    .execute();
  return new Map(rows.map(({ messageId, ...read }) => [messageId, read]));
}

/** Notes that a message was read; joins the transaction of what was found in it. */
export async function noteDistilled(trx: Trx, row: Row<'memoryDistilled'>): Promise<void> {
  const { hash, extractor, createdAt } = row;
  await trx
    .insertInto('memoryDistilled')
    .values(row)
    .onConflict((conflict) => conflict.column('messageId').doUpdateSet({ hash, extractor, createdAt }))
    .execute();
}

/** Who witnessed each message, as kept. */
export async function readAudiences(db: Db, messageIds: readonly string[]): Promise<Map<string, string>> {
  if (messageIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('message')
    .select(['id', 'audience'])
    .where('id', 'in', [...messageIds])
    .where('deletedAt', 'is', null)
    .where('hidden', '=', 0)
    .execute();
  return new Map(rows.map(({ id, audience }) => [id, audience]));
}
