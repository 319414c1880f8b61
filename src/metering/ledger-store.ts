import { sql } from 'kysely';
import type { MeteredState } from '../../contract/metering.ts';
import type { NewRow, Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

export type MeteredCallRow = Row<'meteredCall'>;

/** Opens an account; one that is there stays as it is. */
export async function openAccount(
  trx: Trx | Db,
  { id, creditLimit, now }: { id: string; creditLimit: number | null; now: number },
): Promise<void> {
  await trx
    .insertInto('ledgerAccount')
    .values({ id, balance: 0, held: 0, creditLimit, createdAt: now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** Sets money aside if the account has it: one conditional update. False = it has not, or is not there. */
export async function holdMoney(
  trx: Trx,
  { accountId, amount }: { accountId: string; amount: number },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('ledgerAccount')
    .set((column) => ({ held: column('held', '+', amount) }))
    .where('id', '=', accountId)
    .where((where) =>
      where.or([
        where('creditLimit', 'is', null),
        where(sql<number>`"balance" + "creditLimit" - "held"`, '>=', amount),
      ]),
    )
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Gives back what was set aside, and takes what is owed. */
export async function releaseMoney(
  trx: Trx,
  { accountId, held, paid }: { accountId: string; held: number; paid: number },
): Promise<void> {
  await trx
    .updateTable('ledgerAccount')
    .set((column) => ({ held: column('held', '-', held), balance: column('balance', '-', paid) }))
    .where('id', '=', accountId)
    .execute();
}

export async function addToBalance(
  trx: Trx,
  { accountId, amount }: { accountId: string; amount: number },
): Promise<void> {
  await trx
    .updateTable('ledgerAccount')
    .set((column) => ({ balance: column('balance', '+', amount) }))
    .where('id', '=', accountId)
    .execute();
}

export async function insertCall(trx: Trx, call: NewRow<'meteredCall'>): Promise<void> {
  await trx.insertInto('meteredCall').values(call).execute();
}

/** Ends a call that is still held; returns undefined where it had ended already. */
export async function endCall(
  trx: Trx,
  id: string,
  change: Partial<NewRow<'meteredCall'>> & { state: MeteredState },
): Promise<MeteredCallRow | undefined> {
  return trx
    .updateTable('meteredCall')
    .set(change)
    .where('id', '=', id)
    .where('state', '=', 'held')
    .returningAll()
    .executeTakeFirst();
}

export async function readCall(db: Db | Trx, id: string): Promise<MeteredCallRow | undefined> {
  return db.selectFrom('meteredCall').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Notes what a call that is still held used so far; false where it has ended. */
export async function noteProgress(trx: Trx, id: string, change: Partial<NewRow<'meteredCall'>>): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('meteredCall')
    .set(change)
    .where('id', '=', id)
    .where('state', '=', 'held')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function listOverdueCalls(db: Db, now: number, limit: number): Promise<MeteredCallRow[]> {
  return db
    .selectFrom('meteredCall')
    .selectAll()
    .where('state', '=', 'held')
    .where('expiresAt', '<=', now)
    .orderBy('expiresAt')
    .limit(limit)
    .execute();
}

export async function insertEntry(
  trx: Trx,
  { entry, lines }: { entry: NewRow<'ledgerEntry'>; lines: readonly NewRow<'ledgerLine'>[] },
): Promise<void> {
  await trx.insertInto('ledgerEntry').values(entry).execute();
  await trx
    .insertInto('ledgerLine')
    .values([...lines])
    .execute();
}
