import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

export type LedgerAccountRow = Row<'ledgerAccount'>;

export async function listAccounts(db: Db): Promise<LedgerAccountRow[]> {
  return db.selectFrom('ledgerAccount').selectAll().orderBy('id').execute();
}

export async function readAccount(db: Db | Trx, id: string): Promise<LedgerAccountRow | undefined> {
  return db.selectFrom('ledgerAccount').selectAll().where('id', '=', id).executeTakeFirst();
}

/** What happened to an account, newest first. */
export async function listEntries(
  db: Db,
  { accountId, before, limit }: { accountId: string; before: string | null; limit: number },
) {
  let query = db
    .selectFrom('ledgerLine')
    .innerJoin('ledgerEntry', 'ledgerEntry.id', 'ledgerLine.entryId')
    .where('ledgerLine.accountId', '=', accountId)
    .select([
      'ledgerEntry.id',
      'ledgerEntry.kind',
      'ledgerEntry.callId',
      'ledgerEntry.actorId',
      'ledgerEntry.note',
      'ledgerEntry.createdAt',
      'ledgerLine.amount',
    ]);
  if (before !== null) query = query.where('ledgerEntry.id', '<', before);
  return query.orderBy('ledgerEntry.id', 'desc').limit(limit).execute();
}
