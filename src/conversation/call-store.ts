import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

export type CallRecord = Row<'call'>;

export async function insertCall(trx: Trx, call: CallRecord): Promise<void> {
  await trx.insertInto('call').values(call).execute();
}

/** Another person's call does not exist. */
export async function readCall(
  db: Db,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<CallRecord | undefined> {
  return db.selectFrom('call').selectAll().where('id', '=', id).where('ownerId', '=', ownerId).executeTakeFirst();
}

/** Newest first. */
export async function listCalls(
  db: Db,
  { conversationId, ownerId, limit }: { conversationId: string; ownerId: string; limit: number },
): Promise<CallRecord[]> {
  return db
    .selectFrom('call')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .where('ownerId', '=', ownerId)
    .orderBy('startedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** How far a call has come, so that a crash loses little of it. */
export async function saveCallProgress(
  db: Db | Trx,
  { id, turns, durationInMs }: Pick<CallRecord, 'id' | 'turns' | 'durationInMs'>,
): Promise<void> {
  await db.updateTable('call').set({ turns, durationInMs }).where('id', '=', id).execute();
}

/** False when it had ended already. */
export async function endCall(
  trx: Trx,
  { id, ...ended }: Pick<CallRecord, 'id' | 'endedAt' | 'endReason' | 'turns' | 'durationInMs'>,
): Promise<boolean> {
  const result = await trx
    .updateTable('call')
    .set(ended)
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Calls that nobody ended: the house went away. */
export async function listOpenCalls(db: Db | Trx): Promise<CallRecord[]> {
  return db.selectFrom('call').selectAll().where('endedAt', 'is', null).execute();
}
