import { sql } from 'kysely';
import type { Locale } from '../../contract/common.ts';
import type { TagCount } from '../../contract/library.ts';
import type { Db } from '../storage/storage.ts';
import { HOUSE_SHELF } from './character-index-store.ts';
import { hasLore } from './library-list-store.ts';

/** Tags shown beside the list; rarer ones are found by searching. */
const TAGS_SHOWN = 300;

/** A tag with its count as PostgreSQL adds counts up: in a number too large for it to hand over as one. */
type CountedTag = Omit<TagCount, 'count'> & { count: number | string };

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
  // Shelf by shelf, so that rows come in the order of their index; one's own tags only where the card has not the same.
  const cardTags = (shelf: string) => sql`
    select "key", min("label") as label, count(*) as count from "characterTag"
    where "shelf" = ${shelf} and "userId" = '' and "locale" in ('', ${locale}) group by "key"`;
  const found = await sql<CountedTag>`
    select "key", min(label) as label, sum(count) as count from (
      ${cardTags(HOUSE_SHELF)} union all ${cardTags(userId)} union all
      select o."key", min(o."label"), count(*) from "characterTag" o
      where o."userId" = ${userId} and o."shelf" in (${HOUSE_SHELF}, ${userId}) and not exists (
        select 1 from "characterTag" c where c."characterId" = o."characterId" and c."userId" = ''
          and c."locale" in ('', ${locale}) and c."key" = o."key")
      group by o."key"
    ) counted group by "key" order by count desc, "key" limit ${TAGS_SHOWN}`.execute(db);
  return found.rows.map(({ key, label, count }) => ({ key, label, count: Number(count) }));
}
