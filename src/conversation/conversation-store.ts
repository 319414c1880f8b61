import { sql } from 'kysely';
import type { Db, Trx } from '../storage/storage.ts';
import { setDeleted } from '../storage/tombstone-store.ts';
import type { ConversationRecord } from './tree-types.ts';

/** What a record consists of. */
export const CONVERSATION_COLUMNS = [
  'id',
  'ownerId',
  'characterId',
  'characterVersionId',
  'locale',
  'title',
  'leafId',
  'revision',
  'messageCount',
  'preview',
  'model',
  'preset',
  'personaId',
  'promptPresetId',
  'authorsNote',
  'foreign',
  'memory',
  'room',
  'worldId',
  'createdAt',
  'updatedAt',
  'deletedAt',
] as const;

/** Every read names the owner: another person's conversation does not exist. */
export async function readConversation(
  db: Db,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<ConversationRecord | undefined> {
  return db
    .selectFrom('conversation')
    .select(CONVERSATION_COLUMNS)
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
}

/** Whoever asks; only for those who hold another right to it, such as an invitation. */
export async function findConversation(db: Db, id: string): Promise<ConversationRecord | undefined> {
  return db.selectFrom('conversation').select(CONVERSATION_COLUMNS).where('id', '=', id).executeTakeFirst();
}

/** A conversation that a human hosts or is a guest in. */
export async function readJoinedConversation(
  db: Db,
  { id, userId }: { id: string; userId: string },
): Promise<ConversationRecord | undefined> {
  return db
    .selectFrom('conversation')
    .select(CONVERSATION_COLUMNS)
    .where('id', '=', id)
    .where((where) => where.or([where('ownerId', '=', userId), where('id', 'in', listVisited(db, userId))]))
    .executeTakeFirst();
}

/** Those of the conversations that are there, whoever owns them: only for ids that the reader may know. */
export async function readConversations(db: Db, ids: readonly string[]): Promise<ConversationRecord[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom('conversation')
    .select(CONVERSATION_COLUMNS)
    .where('id', 'in', [...ids])
    .execute();
}

/** Ids of the conversations that a human is a guest in. */
export function listVisited(db: Db, userId: string) {
  return db
    .selectFrom('participant')
    .select('conversationId')
    .where('subjectId', '=', userId)
    .where('role', '=', 'guest')
    .where('leftAt', 'is', null);
}

export async function readConversationByClientId(
  db: Db,
  { ownerId, clientId }: { ownerId: string; clientId: string },
): Promise<ConversationRecord | undefined> {
  return db
    .selectFrom('conversation')
    .select(CONVERSATION_COLUMNS)
    .where('ownerId', '=', ownerId)
    .where('clientId', '=', clientId)
    .executeTakeFirst();
}

/** The conversations that were given a title. */
export async function listTitles(db: Db, ownerId: string): Promise<{ id: string; title: string | null }[]> {
  return db
    .selectFrom('conversation')
    .select(['id', 'title'])
    .where('ownerId', '=', ownerId)
    .where('title', 'is not', null)
    .where('deletedAt', 'is', null)
    .execute();
}

/** A person's own conversations that began with one of these characters. */
export async function listIdsWith(
  db: Db,
  { ownerId, characterIds }: { ownerId: string; characterIds: readonly string[] },
): Promise<string[]> {
  if (characterIds.length === 0) return [];
  const rows = await db
    .selectFrom('conversation')
    .select('id')
    .where('ownerId', '=', ownerId)
    .where('characterId', 'in', [...characterIds])
    .execute();
  return rows.map(({ id }) => id);
}

export async function insertConversation(
  trx: Trx,
  record: ConversationRecord & { clientId: string | null },
): Promise<void> {
  await trx.insertInto('conversation').values(record).execute();
}

/**
 * Takes the next revision and with it the right to change the path: other writers of this conversation wait
 * for this transaction. Undefined when there is no such conversation or its revision is not `expected`.
 */
export async function takeRevision(
  trx: Trx,
  { id, ownerId, expected, now }: { id: string; ownerId: string; expected: number | undefined; now: number },
): Promise<ConversationRecord | undefined> {
  let query = trx
    .updateTable('conversation')
    .set({ revision: sql<number>`"revision" + 1`, updatedAt: now })
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .where('deletedAt', 'is', null);
  if (expected !== undefined) query = query.where('revision', '=', expected);
  return query.returning(CONVERSATION_COLUMNS).executeTakeFirst();
}

/** The next revision of a conversation that the house itself mends, deleted or not. */
export async function forceRevision(
  trx: Trx,
  { id, now }: { id: string; now: number },
): Promise<ConversationRecord | undefined> {
  return trx
    .updateTable('conversation')
    .set({ revision: sql<number>`"revision" + 1`, updatedAt: now })
    .where('id', '=', id)
    .returning(CONVERSATION_COLUMNS)
    .executeTakeFirst();
}

export async function setPath(
  trx: Trx,
  { id, leafId, messageCount, preview }: { id: string; leafId: string; messageCount: number; preview: string },
): Promise<void> {
  await trx.updateTable('conversation').set({ leafId, messageCount, preview }).where('id', '=', id).execute();
}

/** Shows a settled reply's first words in the list, if the reply is still where the path ends. */
export async function setPreviewAtLeaf(
  trx: Trx,
  { id, leafId, preview, now }: { id: string; leafId: string; preview: string; now: number },
): Promise<void> {
  await trx
    .updateTable('conversation')
    .set({ preview, updatedAt: now })
    .where('id', '=', id)
    .where('leafId', '=', leafId)
    .execute();
}

export type ConversationChange = Partial<
  Pick<
    ConversationRecord,
    | 'title'
    | 'model'
    | 'preset'
    | 'characterVersionId'
    | 'personaId'
    | 'promptPresetId'
    | 'authorsNote'
    | 'memory'
    | 'room'
    | 'worldId'
  >
>;

export async function changeConversation(
  trx: Trx,
  { id, ownerId, change }: { id: string; ownerId: string; change: ConversationChange },
): Promise<boolean> {
  if (Object.keys(change).length === 0) return true;
  const result = await trx
    .updateTable('conversation')
    .set(change)
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export function setConversationDeleted(
  trx: Trx,
  key: { id: string; ownerId: string; deletedAt: number | null },
): Promise<boolean> {
  return setDeleted(trx, 'conversation', key);
}

/** Removes a conversation and all that was said in it, for good. Search rows are removed by their own store. */
export async function purgeConversation(trx: Trx, id: string): Promise<void> {
  // Changing the row first makes writers of this conversation wait, and then find nothing.
  await trx.updateTable('conversation').set({ leafId: null }).where('id', '=', id).execute();
  for (const table of ['receipt', 'promptRecord', 'promptText', 'turnState'] as const) {
    await trx.deleteFrom(table).where('conversationId', '=', id).execute();
  }
  await trx.deleteFrom('lorebookLink').where('targetKind', '=', 'conversation').where('targetId', '=', id).execute();
  await trx.deleteFrom('toolChoice').where('scope', '=', 'conversation').where('subjectId', '=', id).execute();
  await trx.deleteFrom('quickReplySet').where('scope', '=', 'conversation').where('subjectId', '=', id).execute();
  await trx.deleteFrom('lookChoice').where('scope', '=', 'conversation').where('subjectId', '=', id).execute();
  await trx.deleteFrom('worldFactSource').where('conversationId', '=', id).execute();
  await trx.deleteFrom('worldRead').where('conversationId', '=', id).execute();
  await trx.deleteFrom('message').where('conversationId', '=', id).execute();
  await trx.deleteFrom('stage').where('conversationId', '=', id).execute();
  for (const table of [
    'roomInvite',
    'branchMark',
    'conversationOrigin',
    'messageBatch',
    'waypoint',
    'conversationMark',
    'conversationTitle',
  ] as const) {
    await trx.deleteFrom(table).where('conversationId', '=', id).execute();
  }
  await trx.deleteFrom('conversationOrigin').where('fromConversationId', '=', id).execute();
  await trx.deleteFrom('participant').where('conversationId', '=', id).execute();
  await trx.deleteFrom('call').where('conversationId', '=', id).execute();
  await trx.deleteFrom('conversation').where('id', '=', id).execute();
}

export async function listConversationIds(db: Db, ownerId: string): Promise<string[]> {
  const rows = await db.selectFrom('conversation').select('id').where('ownerId', '=', ownerId).execute();
  return rows.map((row) => row.id);
}

export async function insertReceipt(
  trx: Trx,
  receipt: { messageId: string; conversationId: string; body: string },
): Promise<void> {
  await trx.insertInto('receipt').values(receipt).execute();
}

export async function readReceipt(db: Db, messageId: string): Promise<string | undefined> {
  const row = await db.selectFrom('receipt').select('body').where('messageId', '=', messageId).executeTakeFirst();
  return row?.body;
}
