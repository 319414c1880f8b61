import type { Db } from '../storage/storage.ts';

const HOUSE = 'house';

/** JSON text of a setting of the house. */
export async function readHouseSetting(db: Db, key: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('setting')
    .select('value')
    .where('scope', '=', HOUSE)
    .where('key', '=', key)
    .executeTakeFirst();
  return row?.value;
}

export async function writeHouseSetting(db: Db, { key, value }: { key: string; value: string }): Promise<void> {
  await db
    .insertInto('setting')
    .values({ scope: HOUSE, key, value })
    .onConflict((conflict) => conflict.columns(['scope', 'key']).doUpdateSet({ value }))
    .execute();
}
