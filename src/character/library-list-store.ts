import { sql, type RawBuilder } from 'kysely';
import type { Locale } from '../../contract/common.ts';
import type { LibrarySort } from '../../contract/library.ts';
import { dialectOf } from '../storage/dialect-of.ts';
import type { Row } from '../storage/schema.ts';
import { toFtsQuery, toTsQuery } from '../storage/search/phrase-query.ts';
import { toSearchPhrases } from '../storage/search/search-text.ts';
import type { Db, Trx } from '../storage/storage.ts';
import { HOUSE_SHELF } from './character-index-store.ts';
import { inChunks } from '../base/in-chunks.ts';

/** Which of the characters a person sees. */
export interface LibraryScope {
  userId: string;
  search: string;
  favourite: boolean;
  /** Null = wherever it lies; `none` = in no folder. */
  folder: string | null;
  tags: readonly string[];
  match: 'any' | 'all';
  kind: 'mine' | 'starter' | null;
  lore: boolean;
}

/** Where a page ended: the values its last character was sorted by. */
export interface LibraryPlace {
  /** 1 when the search was found in its name. */
  named: number;
  /** What the order counts; 0 in the order of names. */
  value: number;
  nameKey: string;
  id: string;
}

export interface LibraryRange {
  locale: Locale;
  sort: LibrarySort;
  after: LibraryPlace | null;
  limit: number;
}

type Condition = RawBuilder<unknown>;

/** The characters of a scope in order, by what they are sorted by alone: a page of them is opened by id. */
export async function listPlaces(db: Db, scope: LibraryScope, range: LibraryRange): Promise<LibraryPlace[]> {
  const { sort, limit } = range;
  const isSearch = toSearchPhrases(scope.search).length > 0;
  // A constant among the keys would keep the database from reading in the order of an index.
  const keys = [
    ...(isSearch ? [sql`named desc`] : []),
    ...(sort === 'name' ? [] : [sql`value desc`]),
    sql`"nameKey"`,
    sql`id`,
  ];
  const order = sql`order by ${sql.join(keys)} limit ${limit}`;
  // Shelf by shelf, each in the order of its index, and then the few that are left together.
  const shelves = shelvesOf(scope).map(
    (shelf) => sql`select * from (${placesOnShelf(db, { scope, shelf, range })} ${order}) s`,
  );
  const found = await sql<LibraryPlace>`${sql.join(shelves, sql` union all `)} ${order}`.execute(db);
  return found.rows;
}

function placesOnShelf(
  db: Db,
  { scope, shelf, range: { locale, sort, after } }: { scope: LibraryScope; shelf: string; range: LibraryRange },
): Condition {
  const phrases = toSearchPhrases(scope.search);
  const key = sql.ref(`i.${locale === 'zh-CN' ? 'nameKeyZh' : 'nameKeyEn'}`);
  const named = phrases.length === 0 ? sql`0` : sql`(case when ${isNamed(phrases)} then 1 else 0 end)`;
  const byNameAlone = sort === 'name' && phrases.length === 0;
  const within =
    after !== null && byNameAlone ? sql`and (${key}, i."characterId") > (${after.nameKey}, ${after.id})` : sql``;
  const places = sql`
    select i."characterId" as id, ${key} as "nameKey", ${sortValue(sort, scope.userId)} as value, ${named} as named
    from "characterIndex" i
    left join "characterMark" m on m."characterId" = i."characterId" and m."userId" = ${scope.userId}
    where i."shelf" = ${shelf} ${within} ${furtherConditions(db, scope, phrases)}`;
  return after === null || byNameAlone ? places : sql`select * from (${places}) places where ${isAfter(after)}`;
}

function shelvesOf({ kind, userId }: LibraryScope): string[] {
  if (kind === 'mine') return [userId];
  return kind === 'starter' ? [HOUSE_SHELF] : [HOUSE_SHELF, userId];
}

/** The characters a person used last, newest first. */
export async function listRecent(db: Db, { userId, limit }: { userId: string; limit: number }): Promise<string[]> {
  const rows = await db
    .selectFrom('characterMark')
    .innerJoin('characterIndex', 'characterIndex.characterId', 'characterMark.characterId')
    .select('characterMark.characterId')
    .where('characterMark.userId', '=', userId)
    .where('characterMark.lastUsedAt', 'is not', null)
    .where('characterIndex.shelf', 'in', [HOUSE_SHELF, userId])
    .orderBy('characterMark.lastUsedAt', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ characterId }) => characterId);
}

export async function countScope(db: Db, scope: LibraryScope): Promise<number> {
  const found = await sql<{ count: number }>`
    select count(*) as count from "characterIndex" i
    left join "characterMark" m on m."characterId" = i."characterId" and m."userId" = ${scope.userId}
    where ${scopeCondition(db, scope)}`.execute(db);
  return found.rows[0]?.count ?? 0;
}

/** Ids of a scope in no order. */
export async function listIds(db: Db, scope: LibraryScope, limit: number): Promise<string[]> {
  const found = await sql<{ id: string }>`
    select i."characterId" as id from "characterIndex" i
    left join "characterMark" m on m."characterId" = i."characterId" and m."userId" = ${scope.userId}
    where ${scopeCondition(db, scope)} limit ${limit}`.execute(db);
  return found.rows.map(({ id }) => id);
}

/** The rows of some characters that this person sees. */
export async function readIndexRows(
  db: Db | Trx,
  { userId, ids }: { userId: string; ids: readonly string[] },
): Promise<Row<'characterIndex'>[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom('characterIndex')
    .selectAll()
    .where('characterId', 'in', [...ids])
    .where('shelf', 'in', [HOUSE_SHELF, userId])
    .execute();
}

/** Those of some ids that this person sees, in the order given. */
export async function listSeen(
  trx: Db | Trx,
  { userId, ids }: { userId: string; ids: readonly string[] },
): Promise<string[]> {
  const seen = new Set<string>();
  for (const some of inChunks(ids)) {
    const rows = await trx
      .selectFrom('characterIndex')
      .select('characterId')
      .where('characterId', 'in', some)
      .where('shelf', 'in', [HOUSE_SHELF, userId])
      .execute();
    for (const { characterId } of rows) seen.add(characterId);
  }
  return ids.filter((id) => seen.has(id));
}

/** Those of some ids that are this person's own, and deleted or not. */
export async function listDeletable(
  trx: Trx,
  { ownerId, ids, deleted }: { ownerId: string; ids: readonly string[]; deleted: boolean },
): Promise<string[]> {
  const found: string[] = [];
  for (const some of inChunks(ids)) {
    const rows = await trx
      .selectFrom('character')
      .select('id')
      .where('id', 'in', some)
      .where('ownerId', '=', ownerId)
      .where('deletedAt', deleted ? 'is not' : 'is', null)
      .execute();
    found.push(...rows.map(({ id }) => id));
  }
  return found;
}

/** All that a person sees, the oldest first. */
export async function listIndexRows(db: Db, userId: string): Promise<Row<'characterIndex'>[]> {
  return db
    .selectFrom('characterIndex')
    .selectAll()
    .where('shelf', 'in', [HOUSE_SHELF, userId])
    .orderBy('createdAt')
    .orderBy('characterId')
    .execute();
}

/** Ids of the characters whose name, in any language, holds the words. */
export async function findNamed(db: Db, { userId, query }: { userId: string; query: string }): Promise<string[]> {
  const phrases = toSearchPhrases(query);
  if (phrases.length === 0) return [];
  const found = await sql<{ id: string }>`
    select i."characterId" as id from "characterIndex" i
    where i."shelf" in (${HOUSE_SHELF}, ${userId}) and ${isNamed(phrases)} limit 500`.execute(db);
  return found.rows.map(({ id }) => id);
}

/** Messages on the paths of a person's conversations, by character. */
export async function countTalked(
  db: Db,
  { userId, ids }: { userId: string; ids: readonly string[] },
): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('conversation')
    .select(['characterId', ({ fn }) => fn.sum<number | string>('messageCount').as('messages')])
    .where('ownerId', '=', userId)
    .where('deletedAt', 'is', null)
    .where('characterId', 'in', [...ids])
    .groupBy('characterId')
    .execute();
  return new Map(rows.map((row) => [row.characterId, Number(row.messages)]));
}

/** Which of some characters have a book linked to them by this person. */
export async function listLinkedToBooks(
  db: Db,
  { userId, ids }: { userId: string; ids: readonly string[] },
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('lorebookLink')
    .innerJoin('lorebook', 'lorebook.id', 'lorebookLink.lorebookId')
    .select('lorebookLink.targetId')
    .where('lorebookLink.ownerId', '=', userId)
    .where('lorebookLink.targetKind', '=', 'character')
    .where('lorebookLink.targetId', 'in', [...ids])
    .where('lorebook.deletedAt', 'is', null)
    .execute();
  return new Set(rows.map(({ targetId }) => targetId));
}

function scopeCondition(db: Db, scope: LibraryScope): Condition {
  const further = furtherConditions(db, scope, toSearchPhrases(scope.search));
  return sql`i."shelf" in (${sql.join(shelvesOf(scope))}) ${further}`;
}

/** What a scope asks beside the shelf, each beginning with `and`. */
function furtherConditions(db: Db, scope: LibraryScope, phrases: string[][]): Condition {
  const { userId } = scope;
  const conditions = phrases.map((phrase) => holdsPhrase(db, { userId, phrase }));
  if (scope.favourite) conditions.push(sql`m."favourite" = 1`);
  if (scope.folder === 'none') conditions.push(sql`m."folderId" is null`);
  else if (scope.folder !== null) conditions.push(sql`m."folderId" = ${scope.folder}`);
  if (scope.lore) conditions.push(hasLore(userId));
  if (scope.tags.length > 0 && scope.match === 'any') conditions.push(hasTag(userId, scope.tags));
  else for (const tag of scope.tags) conditions.push(hasTag(userId, [tag]));
  return sql.join(
    conditions.map((condition) => sql`and ${condition}`),
    sql` `,
  );
}

/** In the card's name, words or tags, or among one's own tags. */
function holdsPhrase(db: Db, { userId, phrase }: { userId: string; phrase: string[] }): Condition {
  const words =
    dialectOf(db) === 'sqlite'
      ? sql`i."row" in (select rowid from "characterSearch" where "characterSearch" match ${toFtsQuery([phrase])})`
      : sql`i."words" @@ to_tsquery('simple', ${toTsQuery([phrase])})`;
  return sql`(${words} or ${isNamed([phrase])} or i."characterId" in (
    select "characterId" from "characterTag" where "userId" = ${userId} and "key" like ${`%${phrase.join(' ')}%`}))`;
}

/** Every phrase somewhere in a name; a single letter only where a word begins. */
function isNamed(phrases: string[][]): Condition {
  return sql.join(
    phrases.map((phrase) => {
      const words = phrase.join(' ');
      const pattern = /^[a-z]$/.test(words) ? `% ${words}%` : `%${words}%`;
      return sql`i."names" like ${pattern}`;
    }),
    sql` and `,
  );
}

function hasTag(userId: string, keys: readonly string[]): Condition {
  return sql`i."characterId" in (
    select "characterId" from "characterTag" where "key" in (${sql.join([...keys])}) and "userId" in ('', ${userId}))`;
}

export function hasLore(userId: string): Condition {
  return sql`(i."hasLore" = 1 or i."characterId" in (
    select l."targetId" from "lorebookLink" l join "lorebook" b on b.id = l."lorebookId" and b."deletedAt" is null
    where l."ownerId" = ${userId} and l."targetKind" = 'character'))`;
}

function sortValue(sort: LibrarySort, userId: string): Condition {
  if (sort === 'newest') return sql`i."createdAt"`;
  if (sort === 'recent') return sql`coalesce(m."lastUsedAt", 0)`;
  if (sort === 'talked') {
    // Looked up for each character: no database without fresh statistics makes a loop over all conversations of it.
    return sql`coalesce((select sum(c."messageCount") from "conversation" c
      where c."ownerId" = ${userId} and c."characterId" = i."characterId" and c."deletedAt" is null), 0)`;
  }
  return sql`0`;
}

/** What comes after a place, in the order of `listPlaces`. */
function isAfter({ named, value, nameKey, id }: LibraryPlace): Condition {
  return sql`(named < ${named} or (named = ${named} and (value < ${value} or (value = ${value} and
    ("nameKey" > ${nameKey} or ("nameKey" = ${nameKey} and id > ${id}))))))`;
}
