import type { Db, Trx } from './storage.ts';

/** A setting's JSON text; undefined when it was never set. `scope` is `house` or a user id. */
export async function readSetting(
  db: Db | Trx,
  { scope, key }: { scope: string; key: string },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('setting')
    .select('value')
    .where('scope', '=', scope)
    .where('key', '=', key)
    .executeTakeFirst();
  return row?.value;
}

export async function writeSetting(
  db: Db | Trx,
  setting: { scope: string; key: string; value: string },
): Promise<void> {
  await db
    .insertInto('setting')
    .values(setting)
    .onConflict((conflict) => conflict.columns(['scope', 'key']).doUpdateSet({ value: setting.value }))
    .execute();
}

export async function deleteSettingsOf(db: Db | Trx, scope: string): Promise<void> {
  await db.deleteFrom('setting').where('scope', '=', scope).execute();
}
