import { sql } from 'kysely';
import type { ConversationMemory } from '../../../contract/memory.ts';
import { conversationMemorySchema } from '../../../contract/memory.ts';
import { audienceSchema } from '../../../contract/rooms.ts';
import type { Row } from '../../storage/schema.ts';
import type { Db, Trx } from '../../storage/storage.ts';
import { bothHeard, type PairSeats } from '../pair-seats-store.ts';

/** Ids in one statement, below every database's limit of parameters. */
const IDS_AT_ONCE = 500;

/** A conversation as the distiller needs to know it, for one of its characters. */
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

/** Undefined for one that is gone or deleted. `characterId`: for whom; absent = for the one it began with. */
export async function readDistillable(
  db: Db,
  { id, characterId }: { id: string; characterId?: string },
): Promise<DistillableConversation | undefined> {
  const row = await db
    .selectFrom('conversation')
    .select(['id', 'ownerId', 'characterId', 'leafId', 'locale', 'memory', 'memoryPausedAt'])
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  return (
    row && {
      ...row,
      characterId: characterId ?? row.characterId,
      memory: conversationMemorySchema.parse(row.memory),
    }
  );
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

/** Messages of a conversation that were read for a character, with the hash of the words and who read them. */
export async function listDistilled(
  db: Db,
  { conversationId, characterId }: { conversationId: string; characterId: string },
): Promise<Map<string, { hash: string; extractor: string }>> {
  const rows = await db
    .selectFrom('memoryRead')
    .select(['messageId', 'hash', 'extractor'])
    .where('conversationId', '=', conversationId)
    .where('characterId', '=', characterId)
    .execute();
  return new Map(rows.map(({ messageId, ...read }) => [messageId, read]));
}

/** Messages of these conversations that were read for a character, whatever their words were then. */
export async function listDistilledIds(
  db: Db,
  { characterId, conversationIds }: { characterId: string; conversationIds: readonly string[] },
): Promise<Set<string>> {
  const found = new Set<string>();
  for (let start = 0; start < conversationIds.length; start += IDS_AT_ONCE) {
    const rows = await db
      .selectFrom('memoryRead')
      .select('messageId')
      .where('characterId', '=', characterId)
      .where('conversationId', 'in', conversationIds.slice(start, start + IDS_AT_ONCE))
      .execute();
    for (const { messageId } of rows) found.add(messageId);
  }
  return found;
}

/** Notes that a message was read; joins the transaction of what was found in it. */
export async function noteDistilled(trx: Trx, row: Row<'memoryRead'>): Promise<void> {
  const { hash, extractor, createdAt } = row;
  await trx
    .insertInto('memoryRead')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['messageId', 'characterId']).doUpdateSet({ hash, extractor, createdAt }),
    )
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

/** A message of a path, without its words. */
export interface PathMessage {
  id: string;
  byHuman: boolean;
  /** False while it is written, hidden or deleted, and where one of the two did not hear it. */
  readable: boolean;
  createdAt: number;
}

/** From the first message down to `leafId`, without words: a long conversation is looked at often. */
export async function readPathOutline(
  db: Db,
  { leafId, seats }: { leafId: string; seats: PairSeats },
): Promise<PathMessage[]> {
  const { rows } = await sql<{
    id: string;
    authorKind: string;
    state: string;
    audience: string;
    hidden: number;
    deletedAt: number | null;
    createdAt: number;
  }>`
    with recursive "path" as (
      select "id", "parentId", "depth", "authorKind", "state", "audience", "hidden", "deletedAt", "createdAt"
      from "message" where "id" = ${leafId}
      union all
      select m."id", m."parentId", m."depth", m."authorKind", m."state", m."audience", m."hidden", m."deletedAt",
        m."createdAt"
      from "message" m join "path" p on m."id" = p."parentId"
    ) select "id", "authorKind", "state", "audience", "hidden", "deletedAt", "createdAt" from "path"
      order by "depth"`.execute(db);
  return rows.map(({ id, authorKind, state, audience, hidden, deletedAt, createdAt }) => ({
    id,
    byHuman: authorKind === 'human',
    readable:
      state !== 'streaming' &&
      hidden === 0 &&
      deletedAt === null &&
      bothHeard(audienceSchema.parse(JSON.parse(audience)), seats),
    createdAt,
  }));
}
