import { sql } from 'kysely';
import { z } from 'zod';
import { factStateSchema, worldFactSchema, type FactState } from '../../contract/worlds.ts';
import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

/** What is true of a world, or may be. */
export interface WorldFactRecord extends Omit<Row<'worldFact'>, 'about' | 'state' | 'stateBefore' | 'origin'> {
  about: string[];
  state: FactState;
  stateBefore: FactState | null;
  origin: 'hand' | 'talk' | 'file';
}

export type WorldFactSourceRecord = Row<'worldFactSource'>;

const aboutSchema = z.array(z.string());

function toRecord(row: Row<'worldFact'>): WorldFactRecord {
  return {
    ...row,
    about: aboutSchema.parse(JSON.parse(row.about)),
    state: factStateSchema.parse(row.state),
    stateBefore: factStateSchema.nullable().parse(row.stateBefore),
    origin: worldFactSchema.shape.origin.parse(row.origin),
  };
}

/** The newest first. */
export async function listFacts(
  db: Db | Trx,
  { worldId, states }: { worldId: string; states?: readonly FactState[] },
): Promise<WorldFactRecord[]> {
  let query = db.selectFrom('worldFact').selectAll().where('worldId', '=', worldId);
  if (states) query = query.where('state', 'in', [...states]);
  const rows = await query.orderBy('createdAt', 'desc').orderBy('id', 'desc').execute();
  return rows.map(toRecord);
}

export async function readFacts(
  db: Db | Trx,
  { worldId, ids }: { worldId: string; ids: readonly string[] },
): Promise<WorldFactRecord[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('worldFact')
    .selectAll()
    .where('worldId', '=', worldId)
    .where('id', 'in', [...ids])
    .execute();
  return rows.map(toRecord);
}

export async function countFacts(db: Db | Trx, worldId: string): Promise<number> {
  const { count } = await db
    .selectFrom('worldFact')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('worldId', '=', worldId)
    .executeTakeFirstOrThrow();
  return count;
}

/** A fact of nothing yet but its words, as it begins. */
export type NewFact = Pick<
  WorldFactRecord,
  'id' | 'worldId' | 'statement' | 'hash' | 'about' | 'placeId' | 'since' | 'state' | 'origin' | 'createdAt'
>;

export async function insertFact(trx: Trx, { about, ...fact }: NewFact): Promise<void> {
  await trx
    .insertInto('worldFact')
    .values({
      ...fact,
      about: JSON.stringify(about),
      stateBefore: null,
      entryBookId: null,
      entryUid: null,
      replacedBy: null,
      updatedAt: fact.createdAt,
    })
    .execute();
}

export type FactChange = Partial<Omit<WorldFactRecord, 'id' | 'worldId' | 'createdAt' | 'updatedAt'>>;

export async function changeFact(
  trx: Trx,
  { id, worldId, change, now }: { id: string; worldId: string; change: FactChange; now: number },
): Promise<void> {
  const { about, ...columns } = change;
  await trx
    .updateTable('worldFact')
    .set({ ...columns, ...(about ? { about: JSON.stringify(about) } : {}), updatedAt: now })
    .where('id', '=', id)
    .where('worldId', '=', worldId)
    .execute();
}

export async function deleteFact(trx: Trx, { id, worldId }: { id: string; worldId: string }): Promise<void> {
  await trx.deleteFrom('worldFactSource').where('factId', '=', id).where('worldId', '=', worldId).execute();
  await trx.deleteFrom('worldFact').where('id', '=', id).where('worldId', '=', worldId).execute();
}

export async function listSources(db: Db | Trx, worldId: string): Promise<WorldFactSourceRecord[]> {
  return db
    .selectFrom('worldFactSource')
    .selectAll()
    .where('worldId', '=', worldId)
    .orderBy('factId')
    .orderBy('messageId')
    .execute();
}

/** A source that is there already stays as it is. */
export async function addSource(trx: Trx, source: WorldFactSourceRecord): Promise<void> {
  await trx
    .insertInto('worldFactSource')
    .values(source)
    .onConflict((conflict) => conflict.columns(['factId', 'messageId']).doNothing())
    .execute();
}

/**
 * Takes the words of a forgotten message out of every world: proposals that rest on it alone go, others lose the quote.
 * What the owner decided stays, without the quote.
 */
export async function forgetSource(trx: Trx, messageId: string): Promise<void> {
  const rows = await trx.selectFrom('worldFactSource').selectAll().where('messageId', '=', messageId).execute();
  for (const { factId, worldId } of rows) {
    const sources = await trx.selectFrom('worldFactSource').select('messageId').where('factId', '=', factId).execute();
    const [fact] = await readFacts(trx, { worldId, ids: [factId] });
    if (fact?.state === 'proposed' && fact.origin === 'talk' && sources.length === 1) {
      await deleteFact(trx, { id: factId, worldId });
    } else if (fact?.state === 'proposed') {
      await trx.deleteFrom('worldFactSource').where('factId', '=', factId).where('messageId', '=', messageId).execute();
    }
  }
  await trx.updateTable('worldFactSource').set({ quote: '' }).where('messageId', '=', messageId).execute();
}

/** Messages of a conversation that were read for a world. */
export async function listRead(
  db: Db,
  { worldId, conversationId }: { worldId: string; conversationId: string },
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('worldRead')
    .select('messageId')
    .where('worldId', '=', worldId)
    .where('conversationId', '=', conversationId)
    .execute();
  return new Set(rows.map(({ messageId }) => messageId));
}

/** Notes that a message was read; joins the transaction of what was found in it. False where it was before. */
export async function noteRead(trx: Trx, row: Row<'worldRead'>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('worldRead')
    .values(row)
    .onConflict((conflict) => conflict.columns(['worldId', 'messageId']).doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** How a message that something rests on stands now. */
export interface SourceMessage {
  id: string;
  conversationId: string;
  /** False when it is deleted or hidden, or its conversation is. */
  visible: boolean;
}

export async function readSourceMessages(
  db: Db | Trx,
  messageIds: readonly string[],
): Promise<Map<string, SourceMessage>> {
  const found = new Map<string, SourceMessage>();
  for (let start = 0; start < messageIds.length; start += 500) {
    const rows = await db
      .selectFrom('message')
      .innerJoin('conversation', 'conversation.id', 'message.conversationId')
      .select(['message.id as id', 'message.conversationId as conversationId', 'message.hidden as hidden'])
      .select(['message.deletedAt as deletedAt', 'conversation.deletedAt as conversationDeletedAt'])
      .where('message.id', 'in', messageIds.slice(start, start + 500))
      .execute();
    for (const { id, conversationId, hidden, deletedAt, conversationDeletedAt } of rows) {
      found.set(id, {
        id,
        conversationId,
        visible: hidden === 0 && deletedAt === null && conversationDeletedAt === null,
      });
    }
  }
  return found;
}

/** Where the active paths of conversations end. */
export async function readLeaves(db: Db | Trx, ids: readonly string[]): Promise<{ leafId: string | null }[]> {
  return db
    .selectFrom('conversation')
    .select('leafId')
    .where('id', 'in', [...ids])
    .execute();
}

/** A message of an active path, without its words. */
export interface PathStep {
  id: string;
  byHuman: boolean;
  /** False while it is written, hidden or deleted. */
  readable: boolean;
  createdAt: number;
}

/** From the first message down to `leafId`. */
export async function readPathSteps(db: Db | Trx, leafId: string): Promise<PathStep[]> {
  const { rows } = await sql<{
    id: string;
    authorKind: string;
    state: string;
    hidden: number;
    deletedAt: number | null;
    createdAt: number;
  }>`
    with recursive "path" as (
      select "id", "parentId", "depth", "authorKind", "state", "hidden", "deletedAt", "createdAt"
      from "message" where "id" = ${leafId}
      union all
      select m."id", m."parentId", m."depth", m."authorKind", m."state", m."hidden", m."deletedAt", m."createdAt"
      from "message" m join "path" p on m."id" = p."parentId"
    ) select "id", "authorKind", "state", "hidden", "deletedAt", "createdAt" from "path" order by "depth"`.execute(db);
  return rows.map(({ id, authorKind, state, hidden, deletedAt, createdAt }) => ({
    id,
    byHuman: authorKind === 'human',
    readable: state !== 'streaming' && hidden === 0 && deletedAt === null,
    createdAt,
  }));
}
