import { localeSchema, type Locale } from '../../../contract/common.ts';
import type { Row } from '../../storage/schema.ts';
import type { Db, Trx } from '../../storage/storage.ts';

export type ClonedVoiceRow = Omit<Row<'clonedVoice'>, 'language'> & { language: Locale };

/** By age; all of the house, or one person's. */
export async function listClonedVoices(db: Db | Trx, ownerId?: string): Promise<ClonedVoiceRow[]> {
  const rows = await db
    .selectFrom('clonedVoice')
    .selectAll()
    .$if(ownerId !== undefined, (query) => query.where('ownerId', '=', ownerId ?? ''))
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ ...row, language: localeSchema.parse(row.language) }));
}

export async function insertClonedVoice(trx: Trx, voice: ClonedVoiceRow): Promise<void> {
  await trx.insertInto('clonedVoice').values(voice).execute();
}

export async function deleteClonedVoice(trx: Trx, { id, ownerId }: { id: string; ownerId: string }): Promise<void> {
  await trx.deleteFrom('clonedVoice').where('id', '=', id).where('ownerId', '=', ownerId).execute();
}

/** Whether a likeness or a consent names this recording. */
export async function isRecordingNamed(db: Db | Trx, hash: string): Promise<boolean> {
  const [voice, consent] = await Promise.all([
    db.selectFrom('clonedVoice').select('id').where('consentHash', '=', hash).limit(1).executeTakeFirst(),
    db.selectFrom('voiceConsent').select('id').where('hash', '=', hash).limit(1).executeTakeFirst(),
  ]);
  return voice !== undefined || consent !== undefined;
}
