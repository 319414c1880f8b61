import { z } from 'zod';
import { factAboutSchema, memoryFactSchema } from '../../../contract/memory.ts';
import type { Row } from '../../storage/schema.ts';
import type { Db, Trx } from '../../storage/storage.ts';
import type { Pair } from '../pair-view.ts';
import type { FactRecord, FactSource } from './fact-record.ts';

/** Ids in one statement, below every database's limit of parameters. */
const IDS_AT_ONCE = 500;
/** Rows in one statement, for the same reason. */
const ROWS_AT_ONCE = 200;

const certaintySchema = memoryFactSchema.shape.certainty;
const stateSchema = memoryFactSchema.shape.state;
const bySchema = z.enum(['user', 'model']);

/** A fact as it is kept; what replaces it is found when facts are seen from a place. */
export type NewFactRecord = Omit<FactRecord, 'replacedById'> & { audience: string };

function toRecord(row: Row<'memoryFact'>, sources: FactSource[]): FactRecord {
  const { audience: _audience, about, certainty, state, by, everywhere, ...rest } = row;
  return {
    ...rest,
    about: factAboutSchema.parse(about),
    certainty: certaintySchema.parse(certainty),
    state: stateSchema.parse(state),
    by: bySchema.parse(by),
    everywhere: everywhere === 1,
    replacedById: null,
    sources,
  };
}

/** Every fact of a pair in every state, oldest said first. */
export async function listFacts(db: Db, { ownerId, characterId }: Pair): Promise<FactRecord[]> {
  const rows = await db
    .selectFrom('memoryFact')
    .selectAll()
    .where('ownerId', '=', ownerId)
    .where('characterId', '=', characterId)
    .orderBy('saidAt')
    .orderBy('id')
    .execute();
  const sources = await db
    .selectFrom('memoryFactSource')
    .innerJoin('memoryFact', 'memoryFact.id', 'memoryFactSource.factId')
    .select([
      'memoryFactSource.factId',
      'memoryFactSource.messageId',
      'memoryFactSource.conversationId',
      'memoryFactSource.hash',
    ])
    .where('memoryFact.ownerId', '=', ownerId)
    .where('memoryFact.characterId', '=', characterId)
    .execute();
  const byFact = Map.groupBy(sources, ({ factId }) => factId);
  return rows.map((row) => toRecord(row, (byFact.get(row.id) ?? []).map(toSource)));
}

function toSource({ messageId, conversationId, hash }: FactSource): FactSource {
  return { messageId, conversationId, hash };
}

export async function countFacts(db: Db, { ownerId, characterId }: Pair): Promise<number> {
  const { count } = await db
    .selectFrom('memoryFact')
    .select(({ fn }) => fn.countAll<number | string | bigint>().as('count'))
    .where('ownerId', '=', ownerId)
    .where('characterId', '=', characterId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function readFact(
  db: Db,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<FactRecord | undefined> {
  const row = await db
    .selectFrom('memoryFact')
    .selectAll()
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  if (!row) return undefined;
  const sources = await db.selectFrom('memoryFactSource').selectAll().where('factId', '=', id).execute();
  return toRecord(row, sources.map(toSource));
}

export async function insertFact(
  trx: Trx,
  { sources, everywhere, ...fact }: NewFactRecord & { replacedById?: null },
): Promise<void> {
  const { replacedById: _seenOnly, ...row } = fact;
  await trx
    .insertInto('memoryFact')
    .values({ ...row, everywhere: everywhere ? 1 : 0 })
    .execute();
  if (sources.length === 0) return;
  await trx
    .insertInto('memoryFactSource')
    .values(sources.map((source) => ({ ...source, factId: fact.id })))
    .execute();
}

/** Adds many facts without sources. */
export async function insertFacts(trx: Trx, facts: readonly NewFactRecord[]): Promise<void> {
  for (let start = 0; start < facts.length; start += ROWS_AT_ONCE) {
    const some = facts.slice(start, start + ROWS_AT_ONCE);
    await trx
      .insertInto('memoryFact')
      .values(some.map(({ sources: _none, everywhere, ...fact }) => ({ ...fact, everywhere: everywhere ? 1 : 0 })))
      .execute();
  }
}

/** What is undefined stays as it is. */
export type FactChange = {
  [Key in 'text' | 'about' | 'validFrom' | 'validTo' | 'state' | 'everywhere']?: FactRecord[Key] | undefined;
} & { updatedAt: number };

export async function updateFact(
  trx: Trx,
  { id, change: { everywhere, ...change } }: { id: string; change: FactChange },
): Promise<void> {
  await trx
    .updateTable('memoryFact')
    .set({ ...change, ...(everywhere === undefined ? {} : { everywhere: everywhere ? 1 : 0 }) })
    .where('id', '=', id)
    .execute();
}

/** Removes facts for good, with their sources and the dates made from them. */
export async function deleteFacts(trx: Trx, ids: readonly string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    await trx
      .deleteFrom('memoryFact')
      .where('id', 'in', ids.slice(start, start + IDS_AT_ONCE))
      .execute();
  }
}

/** Facts that rest on one of these messages. */
export async function listFactIdsOf(db: Db, messageIds: readonly string[]): Promise<string[]> {
  if (messageIds.length === 0) return [];
  const rows = await db
    .selectFrom('memoryFactSource')
    .select('factId')
    .distinct()
    .where('messageId', 'in', [...messageIds])
    .execute();
  return rows.map(({ factId }) => factId);
}

/** What a machine read in a message and nobody has touched since, to be read anew. */
export async function deleteUntouchedFactsOf(
  trx: Trx,
  { messageId, characterId }: { messageId: string; characterId: string },
): Promise<number> {
  const found = await trx
    .deleteFrom('memoryFact')
    .where('characterId', '=', characterId)
    .where('by', '=', 'model')
    .where('state', '=', 'active')
    .where('everywhere', '=', 0)
    .where('id', 'in', (where) =>
      where.selectFrom('memoryFactSource').select('factId').where('messageId', '=', messageId),
    )
    .executeTakeFirst();
  return Number(found.numDeletedRows);
}

/** Appointments and promises with a time, made from a fact. */
export async function insertFactDate(
  trx: Trx,
  date: Omit<Row<'memoryDate'>, 'factId' | 'recurs' | 'state'> & { factId: string },
): Promise<void> {
  await trx
    .insertInto('memoryDate')
    .values({ ...date, recurs: 'none', state: 'open' })
    .execute();
}
