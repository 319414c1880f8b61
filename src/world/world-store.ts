import { sql } from 'kysely';
import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';
import { setDeleted } from '../storage/tombstone-store.ts';
import { parseWorldBody, type WorldBody } from './world-body.ts';

/** A place that conversations share. */
export interface WorldRecord extends Omit<Row<'world'>, 'body'>, WorldBody {}

function toRecord({ body, ...row }: Row<'world'>): WorldRecord {
  return { ...row, ...parseWorldBody(body) };
}

/** A person's own, the deleted left out, the latest change first. */
export async function listWorlds(db: Db, ownerId: string): Promise<WorldRecord[]> {
  const rows = await db
    .selectFrom('world')
    .selectAll()
    .where('ownerId', '=', ownerId)
    .where('deletedAt', 'is', null)
    .orderBy('updatedAt', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(toRecord);
}

export async function countWorlds(db: Db | Trx, ownerId: string): Promise<number> {
  const { count } = await db
    .selectFrom('world')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('ownerId', '=', ownerId)
    .executeTakeFirstOrThrow();
  return count;
}

/** Every read names the owner: another person's world does not exist, nor does a deleted one. */
export async function readWorld(
  db: Db | Trx,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<WorldRecord | undefined> {
  const row = await db
    .selectFrom('world')
    .selectAll()
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  return row && toRecord(row);
}

/** Worlds of one owner by id, the deleted left out. */
export async function readWorlds(
  db: Db | Trx,
  { ids, ownerId }: { ids: readonly string[]; ownerId: string },
): Promise<Map<string, WorldRecord>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('world')
    .selectAll()
    .where('id', 'in', [...ids])
    .where('ownerId', '=', ownerId)
    .where('deletedAt', 'is', null)
    .execute();
  return new Map(rows.map((row) => [row.id, toRecord(row)]));
}

export async function insertWorld(
  trx: Trx,
  { places, residents, ...world }: Omit<WorldRecord, 'revision' | 'deletedAt'>,
): Promise<void> {
  const body = JSON.stringify({ places, residents });
  await trx
    .insertInto('world')
    .values({ ...world, body, revision: 1, deletedAt: null })
    .execute();
}

export type WorldChange = Pick<WorldRecord, 'name' | 'description' | 'time' | 'pictureHash' | 'places' | 'residents'>;

/** False when another revision was saved since. */
export async function updateWorld(
  trx: Trx,
  { id, ownerId, expectedRevision, change, now }: WorldKey & { change: WorldChange; now: number },
): Promise<boolean> {
  const { places, residents, ...columns } = change;
  const { numUpdatedRows } = await trx
    .updateTable('world')
    .set({
      ...columns,
      body: JSON.stringify({ places, residents }),
      revision: sql<number>`"revision" + 1`,
      updatedAt: now,
    })
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .where('revision', '=', expectedRevision)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

interface WorldKey {
  id: string;
  ownerId: string;
  expectedRevision: number;
}

/** The story goes on everywhere in the world. */
export async function setWorldTime(
  trx: Trx,
  { id, ownerId, time, now }: { id: string; ownerId: string; time: string; now: number },
): Promise<void> {
  await trx
    .updateTable('world')
    .set({ time, revision: sql<number>`"revision" + 1`, updatedAt: now })
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .execute();
}

export function setWorldDeleted(
  trx: Trx,
  key: { id: string; ownerId: string; deletedAt: number | null },
): Promise<boolean> {
  return setDeleted(trx, 'world', key);
}

/** Removes all worlds of a person with their facts, for good. */
export async function purgeWorlds(trx: Trx, ownerId: string): Promise<void> {
  const own = trx.selectFrom('world').select('id').where('ownerId', '=', ownerId);
  for (const table of ['worldFactSource', 'worldRead', 'worldFact'] as const) {
    await trx.deleteFrom(table).where('worldId', 'in', own).execute();
  }
  await trx.deleteFrom('world').where('ownerId', '=', ownerId).execute();
}

/** Ids of the conversations that happen in a world, the latest first. */
export async function listConversationsIn(
  db: Db | Trx,
  { worldId, ownerId }: { worldId: string; ownerId: string },
): Promise<string[]> {
  const rows = await db
    .selectFrom('conversation')
    .select('id')
    .where('worldId', '=', worldId)
    .where('ownerId', '=', ownerId)
    .where('deletedAt', 'is', null)
    .orderBy('updatedAt', 'desc')
    .execute();
  return rows.map(({ id }) => id);
}

/** How many conversations happen in each world of a person. */
export async function countConversationsIn(db: Db, ownerId: string): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('conversation')
    .select(['worldId', ({ fn }) => fn.countAll<number>().as('count')])
    .where('ownerId', '=', ownerId)
    .where('worldId', 'is not', null)
    .where('deletedAt', 'is', null)
    .groupBy('worldId')
    .execute();
  return new Map(rows.map(({ worldId, count }) => [worldId ?? '', count]));
}
