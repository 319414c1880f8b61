import { z } from 'zod';
import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';
import { inChunks } from '../base/in-chunks.ts';

/** What one person made of a character: nobody else sees it, and the character's owner is not asked. */
export interface CharacterMark {
  favourite: boolean;
  folderId: string | null;
  /** One's own tags, beside the card's. */
  tags: string[];
  /** The persona this person wears with the character; null = their default. */
  personaId: string | null;
  /** When a conversation with the character last began or went on. */
  lastUsedAt: number | null;
}

/** Whose mark, and on what. */
export interface MarkKey {
  userId: string;
  characterId: string;
}

const tagsSchema = z.array(z.string());

export function emptyMark(): CharacterMark {
  return { favourite: false, folderId: null, tags: [], personaId: null, lastUsedAt: null };
}

/** The mark, an empty one where none was made. */
export async function readMark(db: Db | Trx, { userId, characterId }: MarkKey): Promise<CharacterMark> {
  return (await readMarks(db, { userId, characterIds: [characterId] })).get(characterId) ?? emptyMark();
}

/** The marks of one person on some characters; those without one are missing. */
export async function readMarks(
  db: Db | Trx,
  { userId, characterIds }: { userId: string; characterIds: readonly string[] },
): Promise<Map<string, CharacterMark>> {
  const marks = new Map<string, CharacterMark>();
  for (const some of inChunks(characterIds)) {
    const rows = await db
      .selectFrom('characterMark')
      .selectAll()
      .where('userId', '=', userId)
      .where('characterId', 'in', some)
      .execute();
    for (const row of rows) marks.set(row.characterId, toMark(row));
  }
  return marks;
}

/** Everything one person marked, for an export of all that is theirs. */
export async function listMarks(db: Db, userId: string): Promise<(CharacterMark & { characterId: string })[]> {
  const rows = await db
    .selectFrom('characterMark')
    .selectAll()
    .where('userId', '=', userId)
    .orderBy('characterId')
    .execute();
  return rows.map((row) => ({ characterId: row.characterId, ...toMark(row) }));
}

/** Changes what is named and leaves the rest; makes the mark where there was none. */
export async function setMark(
  trx: Db | Trx,
  { userId, characterId }: MarkKey,
  change: Partial<CharacterMark>,
): Promise<void> {
  await setMarks(trx, { userId, characterIds: [characterId], change });
}

/** The same change of one person's marks on many characters. */
export async function setMarks(
  trx: Db | Trx,
  { userId, characterIds, change }: { userId: string; characterIds: readonly string[]; change: Partial<CharacterMark> },
): Promise<void> {
  const { favourite, tags, ...rest } = change;
  const set = {
    ...rest,
    ...(favourite === undefined ? {} : { favourite: favourite ? 1 : 0 }),
    ...(tags === undefined ? {} : { tags: JSON.stringify(tags) }),
  };
  if (Object.keys(set).length === 0) return;
  const blank = { userId, favourite: 0, folderId: null, tags: '[]', personaId: null, lastUsedAt: null };
  for (const some of inChunks(characterIds)) {
    await trx
      .insertInto('characterMark')
      .values(some.map((characterId) => ({ ...blank, ...set, characterId })))
      .onConflict((conflict) => conflict.columns(['userId', 'characterId']).doUpdateSet(set))
      .execute();
  }
}

/** Notes that a character was talked with. */
export async function touchMark(trx: Trx, key: MarkKey & { now: number }): Promise<void> {
  const { now, ...rest } = key;
  await setMark(trx, rest, { lastUsedAt: now });
}

/** Removes all that a person marked, tagged and filed, for good. */
export async function purgeMarks(trx: Trx, userId: string): Promise<void> {
  await trx.deleteFrom('characterTag').where('userId', '=', userId).execute();
  await trx.deleteFrom('characterMark').where('userId', '=', userId).execute();
  await trx.deleteFrom('characterFolder').where('ownerId', '=', userId).execute();
}

function toMark(row: Row<'characterMark'>): CharacterMark {
  return {
    favourite: row.favourite === 1,
    folderId: row.folderId,
    tags: tagsSchema.parse(JSON.parse(row.tags)),
    personaId: row.personaId,
    lastUsedAt: row.lastUsedAt,
  };
}
