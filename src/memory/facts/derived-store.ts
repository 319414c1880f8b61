import type { Trx } from '../../storage/storage.ts';

/** Removes what was made from a message's words: its vectors, summaries that cover it, diary pages that tell of it. */
export async function deleteDerivedOf(trx: Trx, messageId: string): Promise<void> {
  await trx.deleteFrom('memoryVector').where('messageId', '=', messageId).execute();
  const message = await trx
    .selectFrom('message')
    .select(['conversationId', 'depth'])
    .where('id', '=', messageId)
    .executeTakeFirst();
  if (!message) return;
  const { conversationId, depth } = message;
  const ids = (where: 'from' | 'to') =>
    trx
      .selectFrom('memorySummary')
      .innerJoin('message', 'message.id', where === 'from' ? 'memorySummary.fromId' : 'memorySummary.toId')
      .select('memorySummary.id')
      .where('memorySummary.conversationId', '=', conversationId)
      .where('message.depth', where === 'from' ? '<=' : '>=', depth);
  // Between its first and last message, on whichever branch: a summary made once too often is made again.
  await trx.deleteFrom('memorySummary').where('id', 'in', ids('from')).where('id', 'in', ids('to')).execute();
  await deleteToldOf(trx, { messageId, conversationId });
}

/** Removes summaries and diary pages with a sentence that rests on the message. */
export async function deleteToldOf(
  trx: Trx,
  { messageId, conversationId }: { messageId: string; conversationId: string },
): Promise<void> {
  await trx
    .deleteFrom('memorySummary')
    .where('conversationId', '=', conversationId)
    .where('body', 'like', `%${messageId}%`)
    .execute();
  await trx
    .deleteFrom('memoryDiary')
    .where('conversationId', '=', conversationId)
    .where('by', '=', 'character')
    .where('sources', 'like', `%${messageId}%`)
    .execute();
}
