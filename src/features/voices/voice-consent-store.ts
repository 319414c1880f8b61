import { beyondRow } from '../../storage/beyond-row.ts';
import type { Row } from '../../storage/schema.ts';
import type { Db, Trx } from '../../storage/storage.ts';

export type VoiceConsentRow = Row<'voiceConsent'>;

/** Newest first; all of somebody, or one more than `limit`. */
export async function listVoiceConsents(
  db: Db,
  { ownerId, after, limit }: { ownerId: string; after?: VoiceConsentRow | undefined; limit?: number },
): Promise<VoiceConsentRow[]> {
  let query = db.selectFrom('voiceConsent').selectAll().where('ownerId', '=', ownerId);
  if (after) query = query.where(beyondRow({ at: after.createdAt, id: after.id }, { than: '<' }));
  if (limit !== undefined) query = query.limit(limit + 1);
  return query.orderBy('createdAt', 'desc').orderBy('id', 'desc').execute();
}

export async function readVoiceConsent(
  db: Db | Trx,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<VoiceConsentRow | undefined> {
  return db
    .selectFrom('voiceConsent')
    .selectAll()
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
}

export async function insertVoiceConsent(trx: Trx, row: VoiceConsentRow): Promise<void> {
  await trx.insertInto('voiceConsent').values(row).execute();
}

export async function renameVoiceConsent(
  trx: Trx,
  { id, ownerId, label }: { id: string; ownerId: string; label: string },
): Promise<void> {
  await trx.updateTable('voiceConsent').set({ label }).where('id', '=', id).where('ownerId', '=', ownerId).execute();
}

export async function deleteVoiceConsent(trx: Trx, { id, ownerId }: { id: string; ownerId: string }): Promise<void> {
  await trx.deleteFrom('voiceConsent').where('id', '=', id).where('ownerId', '=', ownerId).execute();
}
