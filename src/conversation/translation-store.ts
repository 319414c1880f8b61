import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

/** What a message says in another language. */
export type TranslationRecord = Row<'messageTranslation'>;

/** Keeps a translation, instead of one that was there; false where the message is gone. */
export async function putTranslation(trx: Trx, record: TranslationRecord): Promise<boolean> {
  const message = await trx.selectFrom('message').select('id').where('id', '=', record.messageId).executeTakeFirst();
  if (!message) return false;
  const { text, model, createdAt } = record;
  await trx
    .insertInto('messageTranslation')
    .values(record)
    .onConflict((conflict) => conflict.columns(['messageId', 'language']).doUpdateSet({ text, model, createdAt }))
    .execute();
  return true;
}

/** Those of some messages in one language. */
export async function listTranslations(
  db: Db,
  { messageIds, language }: { messageIds: readonly string[]; language: string },
): Promise<TranslationRecord[]> {
  if (messageIds.length === 0) return [];
  return db
    .selectFrom('messageTranslation')
    .selectAll()
    .where('messageId', 'in', [...messageIds])
    .where('language', '=', language)
    .execute();
}

/** The newest translations of a conversation, with their messages' ids. */
export async function listNewestTranslations(
  db: Db,
  { conversationId, limit }: { conversationId: string; limit: number },
): Promise<TranslationRecord[]> {
  return db
    .selectFrom('messageTranslation')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .orderBy('createdAt', 'desc')
    .orderBy('messageId')
    .limit(limit)
    .execute();
}

export async function removeTranslation(
  trx: Trx,
  { messageId, language }: { messageId: string; language: string },
): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('messageTranslation')
    .where('messageId', '=', messageId)
    .where('language', '=', language)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Removes all of a conversation. */
export async function removeTranslations(trx: Trx, conversationId: string): Promise<void> {
  await trx.deleteFrom('messageTranslation').where('conversationId', '=', conversationId).execute();
}
