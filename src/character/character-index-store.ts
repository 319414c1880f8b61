import { sql } from 'kysely';
import { dialectOf } from '../storage/dialect-of.ts';
import type { Db, Storage, Trx } from '../storage/storage.ts';
import { viewCard, type StoredCard } from './card.ts';
import { INDEX_FORMAT, describeForIndex, tagKey, type IndexedCard } from './describe-for-index.ts';
import { inChunks } from '../base/in-chunks.ts';
import { readMark } from './mark-store.ts';

/** The shelf of the starters, which everybody sees. */
export const HOUSE_SHELF = 'house';
/** Cards indexed in one transaction at a start: other writers wait no longer than about a tenth of a second. */
const CARDS_AT_ONCE = 50;

export interface CharacterToIndex {
  id: string;
  ownerId: string | null;
  slug: string;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
  version: { id: string; card: StoredCard; pictureHash: string | null };
}

/** Writes what the library's list and search know of a character, in the transaction that changes it. */
export async function indexCharacter(trx: Trx, character: CharacterToIndex): Promise<void> {
  const indexed = describeForIndex(viewCard(character.version.card));
  const { words, tags, locales, summaryEn, summaryZh, hasLore, ...keys } = indexed;
  const shelf = character.deletedAt === null ? shelfOf(character.ownerId) : null;
  const values = {
    ...keys,
    shelf,
    versionId: character.version.id,
    format: INDEX_FORMAT,
    slug: character.slug,
    createdAt: character.createdAt,
    updatedAt: character.updatedAt,
    hasLore: hasLore ? 1 : 0,
    pictureHash: character.version.pictureHash,
    locales: JSON.stringify(locales),
    summaryEn: JSON.stringify(summaryEn),
    summaryZh: JSON.stringify(summaryZh),
  };
  const { row } = await trx
    .insertInto('characterIndex')
    .values({ ...values, characterId: character.id })
    .onConflict((conflict) => conflict.column('characterId').doUpdateSet(values))
    .returning('row')
    .executeTakeFirstOrThrow();
  await putWords(trx, { row, words });
  await putCardTags(trx, { characterId: character.id, shelf, tags });
}

async function putWords(trx: Trx, { row, words }: { row: number; words: string }): Promise<void> {
  if (dialectOf(trx) === 'sqlite') {
    await sql`delete from "characterSearch" where rowid = ${row}`.execute(trx);
    await sql`insert into "characterSearch" (rowid, text) values (${row}, ${words})`.execute(trx);
  } else {
    await sql`update "characterIndex" set "words" = to_tsvector('simple', ${words}) where "row" = ${row}`.execute(trx);
  }
}

async function putCardTags(
  trx: Trx,
  { characterId, shelf, tags }: { characterId: string; shelf: string | null; tags: IndexedCard['tags'] },
): Promise<void> {
  await trx.deleteFrom('characterTag').where('characterId', '=', characterId).where('userId', '=', '').execute();
  if (tags.length === 0) return;
  await trx
    .insertInto('characterTag')
    .values(tags.map((tag) => ({ ...tag, characterId, userId: '', shelf })))
    .execute();
}

/** Puts a person's own tags of a character where filters and counts look. Their mark is what is kept. */
export async function indexOwnTags(
  trx: Trx,
  { userId, characterId, tags }: { userId: string; characterId: string; tags: readonly string[] },
): Promise<void> {
  await trx.deleteFrom('characterTag').where('characterId', '=', characterId).where('userId', '=', userId).execute();
  const labels = new Map(tags.map((label) => [tagKey(label), label]));
  labels.delete(null);
  if (labels.size === 0) return;
  const character = await trx
    .selectFrom('characterIndex')
    .select('shelf')
    .where('characterId', '=', characterId)
    .executeTakeFirst();
  const shelf = character?.shelf ?? null;
  await trx
    .insertInto('characterTag')
    .values([...labels].map(([key, label]) => ({ characterId, userId, locale: '', key: key ?? '', label, shelf })))
    .execute();
}

/** Takes deleted characters from their shelf, or puts restored ones back on it. */
export async function shelveCharacters(
  trx: Trx,
  { ids, shelf }: { ids: readonly string[]; shelf: string | null },
): Promise<void> {
  for (const some of inChunks(ids)) {
    await trx.updateTable('characterIndex').set({ shelf }).where('characterId', 'in', some).execute();
    await trx.updateTable('characterTag').set({ shelf }).where('characterId', 'in', some).execute();
  }
}

/** Forgets the words of all characters of a person; their rows go with the characters. */
export async function unindexCharacters(trx: Trx, ownerId: string): Promise<void> {
  if (dialectOf(trx) !== 'sqlite') return;
  await sql`delete from "characterSearch" where rowid in (
    select i."row" from "characterIndex" i join "character" c on c.id = i."characterId" where c."ownerId" = ${ownerId})`.execute(
    trx,
  );
}

/**
 * Indexes every character whose row is missing or out of step: after an update of Everwith, a backup brought back, a
 * change of the index's form. Returns how many there were.
 */
export async function indexMissingCharacters(storage: Storage): Promise<number> {
  const ids = await listOutOfStep(storage.db);
  for (let index = 0; index < ids.length; index += CARDS_AT_ONCE) {
    const some = ids.slice(index, index + CARDS_AT_ONCE);
    await storage.transaction(async (trx) => {
      for (const id of some) await indexOne(trx, id);
    });
  }
  return ids.length;
}

async function listOutOfStep(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('character')
    .leftJoin('characterIndex', 'characterIndex.characterId', 'character.id')
    .select('character.id as id')
    .where((where) =>
      where.or([
        where('characterIndex.characterId', 'is', null),
        where('characterIndex.format', '!=', INDEX_FORMAT),
        where('characterIndex.versionId', '!=', where.ref('character.currentVersionId')),
        where.and([where('character.deletedAt', 'is', null), where('characterIndex.shelf', 'is', null)]),
        where.and([where('character.deletedAt', 'is not', null), where('characterIndex.shelf', 'is not', null)]),
      ]),
    )
    .execute();
  return rows.map(({ id }) => id);
}

async function indexOne(trx: Trx, id: string): Promise<void> {
  const found = await trx
    .selectFrom('character')
    .innerJoin('characterVersion', 'characterVersion.id', 'character.currentVersionId')
    .selectAll('character')
    .select(['characterVersion.card', 'characterVersion.pictureHash'])
    .where('character.id', '=', id)
    .executeTakeFirst();
  if (!found) return;
  const { card, pictureHash, currentVersionId, ...character } = found;
  await indexCharacter(trx, {
    ...character,
    version: { id: currentVersionId, card: JSON.parse(card) as StoredCard, pictureHash },
  });
  const marked = await trx
    .selectFrom('characterMark')
    .select('userId')
    .where('characterId', '=', id)
    .where('tags', '!=', '[]')
    .execute();
  for (const { userId } of marked) {
    const { tags } = await readMark(trx, { userId, characterId: id });
    await indexOwnTags(trx, { userId, characterId: id, tags });
  }
}

export function shelfOf(ownerId: string | null): string {
  return ownerId ?? HOUSE_SHELF;
}
