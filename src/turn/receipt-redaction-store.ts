import type { Pair } from '../memory/pair-view.ts';
import type { Trx } from '../storage/storage.ts';

/** Patterns in one statement. */
const IDS_AT_ONCE = 40;

export interface StoredReceipt {
  messageId: string;
  conversationId: string;
  body: string;
}

/** Receipts of a character's replies to a person in which one of the ids stands. */
export async function listReceiptsNaming(
  trx: Trx,
  { pair: { ownerId, characterId }, ids }: { pair: Pair; ids: readonly string[] },
): Promise<StoredReceipt[]> {
  const found = new Map<string, StoredReceipt>();
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const some = ids.slice(start, start + IDS_AT_ONCE);
    const rows = await trx
      .selectFrom('receipt')
      .innerJoin('conversation', 'conversation.id', 'receipt.conversationId')
      .innerJoin('message', 'message.id', 'receipt.messageId')
      .select(['receipt.messageId', 'receipt.conversationId', 'receipt.body'])
      .where('conversation.ownerId', '=', ownerId)
      .where('message.authorId', '=', characterId)
      .where((where) => where.or(some.map((id) => where('receipt.body', 'like', `%"${id}"%`))))
      .execute();
    for (const row of rows) found.set(row.messageId, row);
  }
  return [...found.values()];
}

export async function writeReceiptBody(
  trx: Trx,
  { messageId, body }: { messageId: string; body: string },
): Promise<void> {
  await trx.updateTable('receipt').set({ body }).where('messageId', '=', messageId).execute();
}
