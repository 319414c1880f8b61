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

export async function listVoiceClips(db: Db, conversationId: string): Promise<VoiceClip[]> {
  return db
    .selectFrom('voiceClip')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .orderBy('messageId')
    .execute();
}

/** Recordings of one person, or the one of a message. */
export async function removeVoiceClips(
  trx: Trx,
  which: { conversationId: string } | { messageId: string } | { ownerId: string },
): Promise<string[]> {
  let query = trx.deleteFrom('voiceClip');
  if ('conversationId' in which) query = query.where('conversationId', '=', which.conversationId);
  else if ('messageId' in which) query = query.where('messageId', '=', which.messageId);
  else query = query.where('ownerId', '=', which.ownerId);
  const rows = await query.returning('hash').execute();
  return [...new Set(rows.map(({ hash }) => hash))];
}

export async function isVoiceClipUsed(db: Db, hash: string): Promise<boolean> {
  const row = await db.selectFrom('voiceClip').select('messageId').where('hash', '=', hash).limit(1).executeTakeFirst();
  return row !== undefined;
}
