import type { Kysely } from 'kysely';
import type { Row, Tables } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';
import { viewCard, type Card, type StoredCard } from './card.ts';
import { indexCharacter, shelfOf, shelveCharacters, unindexCharacters } from './character-index-store.ts';
import { inChunks } from '../base/in-chunks.ts';
import { purgeMarks } from './mark-store.ts';

/** A character with one of its versions. */
export interface CharacterRecord {
  id: string;
  /** Null for starters. */
  ownerId: string | null;
  slug: string;
  currentVersionId: string;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
  version: {
    id: string;
    number: number;
    /** What is shown and sent: cleaned, every field there. */
    card: Card;
    /** The card as it is kept and handed out again; edit this one. */
    stored: StoredCard;
    contentHash: string;
    pictureHash: string | null;
  };
}

function characterWithVersion(db: Kysely<Tables>) {
  return db
    .selectFrom('character')
    .innerJoin('characterVersion', 'characterVersion.characterId', 'character.id')
    .select([
      'character.id as id',
      'character.ownerId as ownerId',
      'character.slug as slug',
      'character.currentVersionId as currentVersionId',
      'character.createdAt as createdAt',
      'character.updatedAt as updatedAt',
      'character.deletedAt as deletedAt',
      'characterVersion.id as versionId',
      'characterVersion.version as version',
      'characterVersion.card as card',
      'characterVersion.contentHash as contentHash',
      'characterVersion.pictureHash as pictureHash',
    ]);
}

type JoinedRow = Row<'character'> &
  Pick<Row<'characterVersion'>, 'version' | 'card' | 'contentHash' | 'pictureHash'> & { versionId: string };

function toRecord(row: JoinedRow): CharacterRecord {
  const stored = JSON.parse(row.card) as StoredCard;
  return {
    id: row.id,
    ownerId: row.ownerId,
    slug: row.slug,
    currentVersionId: row.currentVersionId,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    deletedAt: row.deletedAt,
    version: {
      id: row.versionId,
      number: row.version,
      card: viewCard(stored),
      stored,
      contentHash: row.contentHash,
      pictureHash: row.pictureHash,
    },
  };
}

/** The newest version; starters and one's own only. */
export async function readCharacter(
  db: Db | Trx,
  { id, userId }: { id: string; userId: string },
): Promise<CharacterRecord | undefined> {
  const row = await characterWithVersion(db)
    .whereRef('characterVersion.id', '=', 'character.currentVersionId')
    .where('character.id', '=', id)
    .where((where) => where.or([where('character.ownerId', 'is', null), where('character.ownerId', '=', userId)]))
    .executeTakeFirst();
  return row && toRecord(row);
}

/** A pinned version, deleted characters included: conversations keep the one they began with. */
export async function readCharacterVersion(db: Db | Trx, versionId: string): Promise<CharacterRecord | undefined> {
  const row = await characterWithVersion(db).where('characterVersion.id', '=', versionId).executeTakeFirst();
  return row && toRecord(row);
}

/** By the number under which a character counts its versions. */
export async function findVersionId(
  db: Db,
  { characterId, number }: { characterId: string; number: number },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('characterVersion')
    .select('id')
    .where('characterId', '=', characterId)
    .where('version', '=', number)
    .executeTakeFirst();
  return row?.id;
}

export async function readCharacterVersions(
  db: Db,
  versionIds: readonly string[],
): Promise<Map<string, CharacterRecord>> {
  if (versionIds.length === 0) return new Map();
  const rows = await characterWithVersion(db)
    .where('characterVersion.id', 'in', [...versionIds])
    .execute();
  return new Map(rows.map((row) => [row.versionId, toRecord(row)]));
}

/** Every version of one's own characters, the deleted included, by character and age. */
export async function listOwnVersions(db: Db, ownerId: string): Promise<CharacterRecord[]> {
  const rows = await characterWithVersion(db)
    .where('character.ownerId', '=', ownerId)
    .orderBy('character.id')
    .orderBy('characterVersion.version')
    .execute();
  return rows.map(toRecord);
}

export interface NewVersion {
  id: string;
  characterId: string;
  number: number;
  card: StoredCard;
  contentHash: string;
  pictureHash: string | null;
  now: number;
}

export async function insertCharacter(
  trx: Trx,
  character: { id: string; ownerId: string | null; slug: string; now: number },
  version: Omit<NewVersion, 'characterId' | 'number'>,
): Promise<void> {
  const { now, ...identity } = character;
  const row = { ...identity, createdAt: now, updatedAt: now, deletedAt: null };
  await trx
    .insertInto('character')
    .values({ ...row, currentVersionId: version.id })
    .execute();
  await insertVersion(trx, { ...version, characterId: character.id, number: 1 });
  await indexCharacter(trx, { ...row, version });
}

/** True when `expected` is the newest version; other writers of this character wait for this transaction. */
export async function claimVersion(
  trx: Trx,
  { characterId, expected }: { characterId: string; expected: string },
): Promise<boolean> {
  const result = await trx
    .updateTable('character')
    .set({ currentVersionId: expected })
    .where('id', '=', characterId)
    .where('currentVersionId', '=', expected)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Adds a version and makes it the newest. */
export async function addVersion(trx: Trx, version: NewVersion): Promise<void> {
  await insertVersion(trx, version);
  const character = await trx
    .updateTable('character')
    .set({ currentVersionId: version.id, updatedAt: version.now })
    .where('id', '=', version.characterId)
    .returning(['id', 'ownerId', 'slug', 'createdAt', 'updatedAt', 'deletedAt'])
    .executeTakeFirst();
  if (character) await indexCharacter(trx, { ...character, version });
}

async function insertVersion(trx: Trx, version: NewVersion): Promise<void> {
  await trx
    .insertInto('characterVersion')
    .values({
      id: version.id,
      characterId: version.characterId,
      version: version.number,
      card: JSON.stringify(version.card),
      contentHash: version.contentHash,
      pictureHash: version.pictureHash,
      createdAt: version.now,
    })
    .execute();
}

export async function setCharacterDeleted(
  trx: Trx,
  { id, ownerId, deletedAt }: { id: string; ownerId: string; deletedAt: number | null },
): Promise<boolean> {
  return (await setCharactersDeleted(trx, { ids: [id], ownerId, deletedAt })) > 0;
}

/** Deletes or restores those of the characters that are this person's; returns how many. */
export async function setCharactersDeleted(
  trx: Trx,
  { ids, ownerId, deletedAt }: { ids: readonly string[]; ownerId: string; deletedAt: number | null },
): Promise<number> {
  let changed = 0;
  for (const some of inChunks(ids)) {
    const rows = await trx
      .updateTable('character')
      .set({ deletedAt })
      .where('id', 'in', some)
      .where('ownerId', '=', ownerId)
      .returning('id')
      .execute();
    changed += rows.length;
    await shelveCharacters(trx, { ids: rows.map(({ id }) => id), shelf: deletedAt === null ? shelfOf(ownerId) : null });
  }
  return changed;
}

/** The character of a slug, one's own before a starter; not deleted. */
export async function findCharacterBySlug(
  db: Db,
  { slug, userId }: { slug: string; userId: string },
): Promise<string | undefined> {
  const rows = await db
    .selectFrom('character')
    .select(['id', 'ownerId'])
    .where('slug', '=', slug)
    .where('deletedAt', 'is', null)
    .where((where) => where.or([where('ownerId', 'is', null), where('ownerId', '=', userId)]))
    .execute();
  return (rows.find(({ ownerId }) => ownerId !== null) ?? rows[0])?.id;
}

/** Slugs a person sees, deleted ones included, to keep new ones apart. */
export async function listSlugs(db: Db | Trx, userId: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom('character')
    .select('slug')
    .where((where) => where.or([where('ownerId', 'is', null), where('ownerId', '=', userId)]))
    .execute();
  return new Set(rows.map((row) => row.slug));
}

/** One's own characters, not deleted, that have or had a version with exactly this content; the oldest. */
export async function findOwnByContent(
  db: Db,
  { ownerId, contentHash }: { ownerId: string; contentHash: string },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('characterVersion')
    .innerJoin('character', 'character.id', 'characterVersion.characterId')
    .select('character.id as id')
    .where('characterVersion.contentHash', '=', contentHash)
    .where('character.ownerId', '=', ownerId)
    .where('character.deletedAt', 'is', null)
    .orderBy('character.createdAt')
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}

export async function listStarters(db: Db): Promise<CharacterRecord[]> {
  const rows = await characterWithVersion(db)
    .whereRef('characterVersion.id', '=', 'character.currentVersionId')
    .where('character.ownerId', 'is', null)
    .execute();
  return rows.map(toRecord);
}

/** Removes all characters of a person and what they made of any, for good. Their conversations must be gone before. */
export async function purgeCharacters(trx: Trx, ownerId: string): Promise<void> {
  await unindexCharacters(trx, ownerId);
  await purgeMarks(trx, ownerId);
  await trx
    .deleteFrom('characterVersion')
    .where('characterId', 'in', trx.selectFrom('character').select('id').where('ownerId', '=', ownerId))
    .execute();
  await trx.deleteFrom('character').where('ownerId', '=', ownerId).execute();
}
