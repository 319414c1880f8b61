import { sql } from 'kysely';
import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

export type JobRow = Row<'job'>;

/**
 * One waiting job for each name and key. Adding it again replaces its payload, moves its time and forgets its failures;
 * its new id tells a worker that is at it now that it has to be done once more. A lease stays with who holds it.
 */
export async function putJob(
  db: Db | Trx,
  job: Pick<JobRow, 'id' | 'name' | 'key' | 'payload' | 'priority' | 'runAt' | 'createdAt'>,
): Promise<void> {
  const { id, payload, priority, runAt } = job;
  await db
    .insertInto('job')
    .values({ ...job, attempts: 0, lockedUntil: null, lastError: null })
    .onConflict((conflict) =>
      conflict.columns(['name', 'key']).doUpdateSet({ id, payload, priority, runAt, attempts: 0, lastError: null }),
    )
    .execute();
}

/** Leases the job of this name that is due first; undefined when none is. */
export async function leaseJob(
  db: Db,
  { name, now, lockedUntil }: { name: string; now: number; lockedUntil: number },
): Promise<JobRow | undefined> {
  const due = await db
    .selectFrom('job')
    .select('id')
    .where('name', '=', name)
    .where('runAt', '<=', now)
    .where((where) => where.or([where('lockedUntil', 'is', null), where('lockedUntil', '<', now)]))
    .orderBy('priority')
    .orderBy('runAt')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  if (!due) return undefined;
  return db
    .updateTable('job')
    .set({ lockedUntil, attempts: sql<number>`"attempts" + 1` })
    .where('id', '=', due.id)
    .where((where) => where.or([where('lockedUntil', 'is', null), where('lockedUntil', '<', now)]))
    .returningAll()
    .executeTakeFirst();
}

export async function extendLease(
  db: Db,
  { name, key, from, to }: { name: string; key: string; from: number; to: number },
): Promise<boolean> {
  const result = await db
    .updateTable('job')
    .set({ lockedUntil: to })
    .where('name', '=', name)
    .where('key', '=', key)
    .where('lockedUntil', '=', from)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Takes a finished job away; where it was added again meanwhile, only the lease ends. */
export async function endJob(db: Db, { id, name, key }: Pick<JobRow, 'id' | 'name' | 'key'>): Promise<void> {
  const done = await db.deleteFrom('job').where('id', '=', id).executeTakeFirst();
  if (done.numDeletedRows > 0n) return;
  await db.updateTable('job').set({ lockedUntil: null }).where('name', '=', name).where('key', '=', key).execute();
}

/** Gives a job back to wait until `runAt`; where it was added again meanwhile, its new time and payload stay. */
export async function returnJob(
  db: Db,
  { id, name, key, runAt, attempts, lastError }: Omit<JobRow, 'payload' | 'priority' | 'lockedUntil' | 'createdAt'>,
): Promise<void> {
  const given = await db
    .updateTable('job')
    .set({ runAt, attempts, lastError, lockedUntil: null })
    .where('id', '=', id)
    .executeTakeFirst();
  if (given.numUpdatedRows > 0n) return;
  await db.updateTable('job').set({ lockedUntil: null }).where('name', '=', name).where('key', '=', key).execute();
}

/** Ends the leases of a worker that is no more. */
export async function endLeases(db: Db, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await db
    .updateTable('job')
    .set({ lockedUntil: null })
    .where('name', 'in', [...names])
    .where('lockedUntil', 'is not', null)
    .execute();
}

/** When the next job of this name is due; undefined when none waits. */
export async function nextJobTime(db: Db, name: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('job')
    .select('runAt')
    .where('name', '=', name)
    .where('lockedUntil', 'is', null)
    .orderBy('runAt')
    .limit(1)
    .executeTakeFirst();
  return row?.runAt;
}

/** True while one of these is done, or due at this time. */
export async function areDue(
  db: Db,
  { name, keys, now }: { name: string; keys: readonly string[]; now: number },
): Promise<boolean> {
  if (keys.length === 0) return false;
  const row = await db
    .selectFrom('job')
    .select('id')
    .where('name', '=', name)
    .where('key', 'in', keys.slice(0, 500))
    .where((where) => where.or([where('lockedUntil', 'is not', null), where('runAt', '<=', now)]))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
