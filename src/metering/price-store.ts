import { pricesSchema, type Prices } from '../../contract/metering.ts';
import type { NewRow, Row } from '../storage/schema.ts';
import type { Db } from '../storage/storage.ts';

/** Prices in force: the newest version of each ref. */
export async function readPrices(db: Db): Promise<Map<string, Prices>> {
  const rows = await db
    .selectFrom('priceVersion')
    .select(['ref', 'prices'])
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  return new Map(rows.map(({ ref, prices }) => [ref, pricesSchema.parse(JSON.parse(prices))]));
}

export async function insertPriceVersion(db: Db, row: NewRow<'priceVersion'>): Promise<void> {
  await db.insertInto('priceVersion').values(row).execute();
}

/** Every version there was, or those of one ref; newest first. */
export async function listPriceVersions(db: Db, ref?: string): Promise<Row<'priceVersion'>[]> {
  let query = db.selectFrom('priceVersion').selectAll();
  if (ref !== undefined) query = query.where('ref', '=', ref);
  return query.orderBy('createdAt', 'desc').orderBy('id', 'desc').execute();
}
