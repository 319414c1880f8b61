import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

/** Sound that is kept of a message; its bytes are a blob. */
export type VoiceClip = Row<'voiceClip'>;

export async function insertVoiceClip(trx: Trx, clip: VoiceClip): Promise<void> {
  await trx.insertInto('voiceClip').values(clip).execute();
}

export async function readVoiceClip(
  db: Db,
  { messageId, ownerId }: { messageId: string; ownerId: string },
): Promise<VoiceClip | undefined> {
  return db
    .selectFrom('voiceClip')
    .selectAll()
    .where('messageId', '=', messageId)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
}

export async function isVoiceClipUsed(db: Db, hash: string): Promise<boolean> {
  const row = await db.selectFrom('voiceClip').select('messageId').where('hash', '=', hash).limit(1).executeTakeFirst();
  return row !== undefined;
}
