import { sql } from 'kysely';
import type { Row } from '../../../storage/schema.ts';
import type { Db, Trx } from '../../../storage/storage.ts';

export type ApiUploadRow = Row<'apiUpload'>;
export type ApiUploadPartRow = Row<'apiUploadPart'>;

export async function insertApiUpload(db: Db | Trx, row: ApiUploadRow): Promise<void> {
  await db.insertInto('apiUpload').values(row).execute();
}

export async function readApiUpload(
  db: Db | Trx,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<ApiUploadRow | undefined> {
  return db.selectFrom('apiUpload').selectAll().where('id', '=', id).where('ownerId', '=', ownerId).executeTakeFirst();
}

/** Only what is still pending comes to its end; true where it did. */
export async function endApiUpload(
  db: Db | Trx,
  { id, status, fileId = null }: { id: string; status: 'completed' | 'cancelled' | 'expired'; fileId?: string | null },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('apiUpload')
    .set({ status, fileId })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Ids of uploads whose time is over and which nobody completed. */
export async function listOverdueUploads(db: Db, { now, limit }: { now: number; limit: number }): Promise<string[]> {
  const rows = await db
    .selectFrom('apiUpload')
    .select('id')
    .where('status', '=', 'pending')
    .where('expiresAt', '<=', now)
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** How many of somebody's uploads are pending, and the bytes that they will have. */
export async function measurePendingUploads(db: Db, ownerId: string): Promise<{ count: number; bytes: number }> {
  const row = await db
    .selectFrom('apiUpload')
    .select((select) => [
      select.fn.countAll().as('count'),
      sql<number | string>`coalesce(sum(${select.ref('bytes')}), 0)`.as('bytes'),
    ])
    .where('ownerId', '=', ownerId)
    .where('status', '=', 'pending')
    .executeTakeFirstOrThrow();
  return { count: Number(row.count), bytes: Number(row.bytes) };
}

export async function insertApiUploadPart(db: Db | Trx, row: ApiUploadPartRow): Promise<void> {
  await db.insertInto('apiUploadPart').values(row).execute();
}

export async function listApiUploadParts(db: Db | Trx, uploadId: string): Promise<ApiUploadPartRow[]> {
  return db.selectFrom('apiUploadPart').selectAll().where('uploadId', '=', uploadId).execute();
}

/** Removes the parts of an upload and hands out the hashes of what they named. */
export async function deleteApiUploadParts(db: Db | Trx, uploadId: string): Promise<string[]> {
  const rows = await db.deleteFrom('apiUploadPart').where('uploadId', '=', uploadId).returning('hash').execute();
  return rows.map(({ hash }) => hash);
}

/** With their parts, whose hashes are handed out. */
export async function deleteApiUploadsOf(db: Db, ownerId: string): Promise<string[]> {
  const parts = await db
    .selectFrom('apiUploadPart')
    .innerJoin('apiUpload', 'apiUpload.id', 'apiUploadPart.uploadId')
    .select('apiUploadPart.hash as hash')
    .where('apiUpload.ownerId', '=', ownerId)
    .execute();
  await db.deleteFrom('apiUpload').where('ownerId', '=', ownerId).execute();
  return parts.map(({ hash }) => hash);
}
