import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

/** Sound that is kept of a message; its bytes are a blob. */
export type VoiceClip = Row<'voiceClip'>;

export async function insertVoiceClip(trx: Trx, clip: VoiceClip): Promise<void> {
  await trx.insertInto('voiceClip').values(clip).execute();
}

/** Of a message that is not deleted, in a conversation that is not; who may hear it is for the caller to say. */
export async function readVoiceClip(db: Db, messageId: string): Promise<VoiceClip | undefined> {
  return db
    .selectFrom('voiceClip')
    .innerJoin('message', 'message.id', 'voiceClip.messageId')
    .innerJoin('conversation', 'conversation.id', 'voiceClip.conversationId')
    .selectAll('voiceClip')
    .where('voiceClip.messageId', '=', messageId)
    .where('message.deletedAt', 'is', null)
    .where('conversation.deletedAt', 'is', null)
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

/** Removes what is kept of a conversation's sound; returns the hashes of bytes that may be nobody's now. */
export async function removeVoiceClips(trx: Trx, conversationId: string): Promise<string[]> {
  const rows = await trx
    .deleteFrom('voiceClip')
    .where('conversationId', '=', conversationId)
    .returning('hash')
    .execute();
  return [...new Set(rows.map(({ hash }) => hash))];
}

export async function isVoiceClipUsed(db: Db, hash: string): Promise<boolean> {
  const row = await db.selectFrom('voiceClip').select('messageId').where('hash', '=', hash).limit(1).executeTakeFirst();
  return row !== undefined;
}
