import type { NewRow, Row } from '../../../storage/schema.ts';
import type { Db } from '../../../storage/storage.ts';

export type LoggedRequestRow = Row<'requestLog'>;

export async function insertLoggedRequest(db: Db, row: NewRow<'requestLog'>): Promise<void> {
  await db
    .insertInto('requestLog')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export async function findLoggedRequest(db: Db, id: string): Promise<LoggedRequestRow | undefined> {
  return db.selectFrom('requestLog').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Those made before a time; all without one. */
export async function deleteLoggedRequests(db: Db, { before }: { before?: number } = {}): Promise<void> {
  const query = db.deleteFrom('requestLog');
  await (before === undefined ? query : query.where('createdAt', '<', before)).execute();
}
