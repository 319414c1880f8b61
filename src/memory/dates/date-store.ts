import { z } from 'zod';
import { memoryDateSchema, type MemoryDate } from '../../../contract/memory.ts';
import type { Row } from '../../storage/schema.ts';
import type { Db, Trx } from '../../storage/storage.ts';
import type { Pair } from '../pair-view.ts';

/** Rows in one statement, below every database's limit of parameters. */
const ROWS_AT_ONCE = 200;

/** A date as it is kept; whether it counts is decided where it is seen from. */
export type DateRecord = Omit<MemoryDate, 'counts'> & {
  ownerId: string;
  characterId: string;
  createdAt: number;
  updatedAt: number;
};

const columns = [
  'id',
  'ownerId',
  'characterId',
  'conversationId',
  'factId',
  'text',
  'dueAt',
  'precision',
  'recurs',
  'state',
  'createdAt',
  'updatedAt',
] as const;

const { precision: precisionSchema, recurs: recursSchema, state: stateSchema } = memoryDateSchema.shape;
const rowSchema = z.object({ precision: precisionSchema, recurs: recursSchema, state: stateSchema });

function toRecord(row: Row<'memoryDate'>): DateRecord {
  return { ...row, ...rowSchema.parse(row) };
}

/** Every date of a pair, the next due first. What was removed and must not be made again has no text. */
export async function listDates(db: Db, { ownerId, characterId }: Pair): Promise<DateRecord[]> {
  const rows = await db
    .selectFrom('memoryDate')
    .select(columns)
    .where('ownerId', '=', ownerId)
    .where('characterId', '=', characterId)
    .orderBy('dueAt')
    .orderBy('id')
    .execute();
  return rows.map(toRecord);
}

export async function readDate(
  db: Db,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<DateRecord | undefined> {
  const row = await db
    .selectFrom('memoryDate')
    .select(columns)
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  return row && toRecord(row);
}

export async function insertDate(trx: Trx, date: DateRecord): Promise<void> {
  await trx.insertInto('memoryDate').values(date).execute();
}

export async function insertDates(trx: Trx, dates: readonly DateRecord[]): Promise<void> {
  for (let start = 0; start < dates.length; start += ROWS_AT_ONCE) {
    await trx
      .insertInto('memoryDate')
      .values(dates.slice(start, start + ROWS_AT_ONCE))
      .execute();
  }
}

/** What is undefined stays as it is. */
export async function updateDate(
  trx: Trx,
  {
    id,
    change,
  }: {
    id: string;
    change: {
      [Key in 'text' | 'dueAt' | 'precision' | 'recurs' | 'state']?: DateRecord[Key] | undefined;
    } & { updatedAt: number };
  },
): Promise<void> {
  await trx.updateTable('memoryDate').set(change).where('id', '=', id).execute();
}

export async function deleteDate(trx: Trx, id: string): Promise<void> {
  await trx.deleteFrom('memoryDate').where('id', '=', id).execute();
}

/** Open dates of characters that are there, due by `until`, in the order they are due, after a place among them. */
export async function listOpenDates(
  db: Db,
  { until, after, limit }: { until: number; after: { dueAt: number; id: string } | null; limit: number },
): Promise<DateRecord[]> {
  let query = db
    .selectFrom('memoryDate')
    .select(columns)
    .where('state', '=', 'open')
    .where('dueAt', '<=', until)
    .where('characterId', 'in', (where) => where.selectFrom('character').select('id').where('deletedAt', 'is', null));
  if (after) {
    query = query.where((where) =>
      where.or([
        where('dueAt', '>', after.dueAt),
        where.and([where('dueAt', '=', after.dueAt), where('id', '>', after.id)]),
      ]),
    );
  }
  const rows = await query.orderBy('dueAt').orderBy('id').limit(limit).execute();
  return rows.map(toRecord);
}

/** When the next date after `now` is due; undefined when none is open. */
export async function nextDueTime(db: Db, now: number): Promise<number | undefined> {
  const row = await db
    .selectFrom('memoryDate')
    .select('dueAt')
    .where('state', '=', 'open')
    .where('dueAt', '>', now)
    .orderBy('dueAt')
    .limit(1)
    .executeTakeFirst();
  return row?.dueAt;
}

/** Moves an open date on, unless somebody did so before: true for the one whose event is to be told. */
export async function passDate(
  trx: Trx,
  { date, next, now }: { date: DateRecord; next: { state: 'due' } | { state: 'open'; dueAt: number }; now: number },
): Promise<boolean> {
  const passed = await trx
    .updateTable('memoryDate')
    .set({ ...next, updatedAt: now })
    .where('id', '=', date.id)
    .where('state', '=', 'open')
    .where('dueAt', '=', date.dueAt)
    .executeTakeFirst();
  return passed.numUpdatedRows > 0n;
}
