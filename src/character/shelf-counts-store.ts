import { sql } from 'kysely';
import type { Locale } from '../../contract/common.ts';
import type { TagCount } from '../../contract/library.ts';
import type { Db } from '../storage/storage.ts';
import { HOUSE_SHELF } from './character-index-store.ts';
import { hasLore } from './library-list-store.ts';

/** Tags shown beside the list; rarer ones are found by searching. */
const TAGS_SHOWN = 300;

export interface ShelfCounts {
  total: number;
  favourites: number;
  mine: number;
  starters: number;
  withLore: number;
  /** Characters by folder; those in none under null. */
  byFolder: Map<string | null, number>;
}

/** How many characters a person sees, and how many of each kind. */
export async function countShelves(db: Db, userId: string): Promise<ShelfCounts> {
  const found = await sql<
    Record<'total' | 'favourites' | 'starters' | 'withLore', number> & { folderId: string | null }
  >`
    select m."folderId" as "folderId", count(*) as total,
      sum(case when m."favourite" = 1 then 1 else 0 end) as favourites,
      sum(case when i."shelf" = ${HOUSE_SHELF} then 1 else 0 end) as starters,
      sum(case when ${hasLore(userId)} then 1 else 0 end) as "withLore"
    from "characterIndex" i
    left join "characterMark" m on m."characterId" = i."characterId" and m."userId" = ${userId}
    where i."shelf" in (${HOUSE_SHELF}, ${userId})
    group by m."folderId"`.execute(db);
  const sum = (key: 'total' | 'favourites' | 'starters' | 'withLore') =>
    found.rows.reduce((before, row) => before + row[key], 0);
  const total = sum('total');
  const starters = sum('starters');
  return {
    total,
    favourites: sum('favourites'),
    mine: total - starters,
    starters,
    withLore: sum('withLore'),
    byFolder: new Map(found.rows.map((row) => [row.folderId, row.total])),
  };
}

/** The most frequent tags of what a person sees, in one language, their own among them. */
export async function countTags(db: Db, { userId, locale }: { userId: string; locale: Locale }): Promise<TagCount[]> {
  const found = await sql<{ key: string; label: string; count: number }>`
    select "key", min("label") as label, count(distinct "characterId") as count from "characterTag"
    where "shelf" in (${HOUSE_SHELF}, ${userId}) and "userId" in ('', ${userId}) and "locale" in ('', ${locale})
    group by "key" order by count desc, "key" limit ${TAGS_SHOWN}`.execute(db);
  return found.rows;
}
