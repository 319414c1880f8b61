import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

export type HouseTitle = Row<'conversationTitle'>;

/** The title that the house gave last; it holds only while the conversation is still called so. */
export async function readHouseTitle(db: Db, conversationId: string): Promise<HouseTitle | undefined> {
  return db.selectFrom('conversationTitle').selectAll().where('conversationId', '=', conversationId).executeTakeFirst();
}

/** Names a conversation, unless somebody called it something else than `before` meanwhile: then it returns false. */
export async function giveHouseTitle(
  trx: Trx,
  { before, ...given }: HouseTitle & { before: string | null },
): Promise<boolean> {
  const changed = await trx
    .updateTable('conversation')
    .set({ title: given.title })
    .where('id', '=', given.conversationId)
    .where('title', before === null ? 'is' : '=', before)
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) return false;
  await dropHouseTitle(trx, given.conversationId);
  await trx.insertInto('conversationTitle').values(given).execute();
  return true;
}

/** From now on whatever it is called is a person's choice. */
export async function dropHouseTitle(trx: Trx, conversationId: string): Promise<void> {
  await trx.deleteFrom('conversationTitle').where('conversationId', '=', conversationId).execute();
}

/** Takes the house's title away, for its words may come from what is to be forgotten. A person's own stays. */
export async function withdrawHouseTitle(trx: Trx, conversationId: string): Promise<void> {
  await trx
    .updateTable('conversation')
    .set({ title: null })
    .where('id', '=', conversationId)
    .where('title', '=', (title) =>
      title.selectFrom('conversationTitle').select('title').where('conversationId', '=', conversationId),
    )
    .execute();
  await dropHouseTitle(trx, conversationId);
}
