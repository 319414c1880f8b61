import type { Row } from '../../../storage/schema.ts';
import type { Db } from '../../../storage/storage.ts';

export type IdempotentRow = Row<'idempotentRequest'>;

/** False where there is one with this id already. */
export async function insertIdempotent(db: Db, row: IdempotentRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows: inserted } = await db
    .insertInto('idempotentRequest')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirstOrThrow();
  return Number(inserted ?? 0) > 0;
}

export function readIdempotent(db: Db, id: string): Promise<IdempotentRow | undefined> {
  return db.selectFrom('idempotentRequest').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Only while it runs: what has ended stays as it is. */
export async function endIdempotent(
  db: Db,
  id: string,
  end: Pick<IdempotentRow, 'state' | 'status' | 'contentType' | 'body'>,
): Promise<void> {
  await db.updateTable('idempotentRequest').set(end).where('id', '=', id).where('state', '=', 'running').execute();
}

export async function extendIdempotent(db: Db, ids: readonly string[], leaseUntil: number): Promise<void> {
  await db
    .updateTable('idempotentRequest')
    .set({ leaseUntil })
    .where('id', 'in', ids)
    .where('state', '=', 'running')
    .execute();
}

/** Marks as broken what runs with a lease that ended before. */
export async function breakIdempotent(db: Db, before: number): Promise<void> {
  await db
    .updateTable('idempotentRequest')
    .set({ state: 'broken' })
    .where('state', '=', 'running')
    .where('leaseUntil', '<', before)
    .execute();
}

export async function deleteIdempotent(db: Db, id: string): Promise<void> {
  await db.deleteFrom('idempotentRequest').where('id', '=', id).execute();
}

export async function deleteExpiredIdempotent(db: Db, now: number): Promise<void> {
  await db.deleteFrom('idempotentRequest').where('expiresAt', '<', now).execute();
}

export async function deleteIdempotentOf(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('idempotentRequest').where('userId', '=', userId).execute();
}
