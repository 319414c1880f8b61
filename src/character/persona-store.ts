import type { Kysely } from 'kysely';
import { personaPositionSchema } from '../../contract/personas.ts';
import { promptRoleSchema } from '../../contract/prompts.ts';
import type { z } from 'zod';
import type { Row, Tables } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';
import { setDeleted } from '../storage/tombstone-store.ts';

/** Who a person is in a conversation. */
export interface PersonaRecord {
  id: string;
  ownerId: string;
  name: string;
  title: string;
  description: string;
  pictureHash: string | null;
  position: z.infer<typeof personaPositionSchema>;
  depth: number;
  role: z.infer<typeof promptRoleSchema>;
  isDefault: boolean;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
}

/** What can be said of a persona without its description. */
export type PersonaFace = Pick<PersonaRecord, 'id' | 'name' | 'pictureHash'>;

/** Which part of the rule named the persona. */
export type PersonaSource = 'conversation' | 'character' | 'default';

function toRecord(row: Row<'persona'>): PersonaRecord {
  return {
    ...row,
    position: personaPositionSchema.parse(row.position),
    role: promptRoleSchema.parse(row.role),
    isDefault: row.isDefault === 1,
  };
}

export interface PersonaQuestion {
  ownerId: string;
  conversationPersonaId: string | null;
  characterId: string;
}

/**
 * Who a person is with a character: the conversation's persona, else the character's in this person's library, else
 * the default. A deleted persona, or one that is not theirs, is passed over.
 */
export async function resolvePersona(
  db: Db | Trx,
  { ownerId, conversationPersonaId, characterId }: PersonaQuestion,
): Promise<PersonaRecord | null> {
  const mark = await readCharacterPersona(db, { userId: ownerId, characterId });
  const named = [conversationPersonaId, mark].filter((id) => id !== null);
  const rows = await living(db, ownerId)
    .selectAll()
    .where((where) => where.or([where('isDefault', '=', 1), ...(named.length > 0 ? [where('id', 'in', named)] : [])]))
    .execute();
  const chosen = pick(rows, [conversationPersonaId, mark]);
  return chosen ? toRecord(chosen.row) : null;
}

/** The same for several conversations of one person, without the descriptions. */
export async function resolvePersonaFaces(
  db: Db,
  { ownerId, conversations }: { ownerId: string; conversations: readonly Omit<PersonaQuestion, 'ownerId'>[] },
): Promise<({ face: PersonaFace; source: PersonaSource } | null)[]> {
  const faces = await living(db, ownerId).select(['id', 'name', 'pictureHash', 'isDefault', 'updatedAt']).execute();
  if (faces.length === 0) return conversations.map(() => null);
  const marks = await db
    .selectFrom('characterMark')
    .select(['characterId', 'personaId'])
    .where('userId', '=', ownerId)
    .where('characterId', 'in', [...new Set(conversations.map(({ characterId }) => characterId)), ''])
    .where('personaId', 'is not', null)
    .execute();
  const markOf = new Map(marks.map(({ characterId, personaId }) => [characterId, personaId]));
  return conversations.map(({ conversationPersonaId, characterId }) => {
    const chosen = pick(faces, [conversationPersonaId, markOf.get(characterId) ?? null]);
    if (!chosen) return null;
    const { id, name, pictureHash } = chosen.row;
    return { face: { id, name, pictureHash }, source: chosen.source };
  });
}

/** The first of the rule that is there. Of several defaults, which two windows can leave, the newest counts. */
function pick<Found extends { id: string; isDefault: number; updatedAt: number }>(
  rows: readonly Found[],
  [ofConversation, ofCharacter]: readonly [string | null, string | null],
): { row: Found; source: PersonaSource } | null {
  const named = (id: string | null) => (id === null ? undefined : rows.find((row) => row.id === id));
  const conversation = named(ofConversation);
  if (conversation) return { row: conversation, source: 'conversation' };
  const character = named(ofCharacter);
  if (character) return { row: character, source: 'character' };
  const usual = rows
    .filter((row) => row.isDefault === 1)
    .toSorted((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1))[0];
  return usual ? { row: usual, source: 'default' } : null;
}

function living(db: Kysely<Tables>, ownerId: string) {
  return db.selectFrom('persona').where('ownerId', '=', ownerId).where('deletedAt', 'is', null);
}

/** A person's own, the deleted left out, by age. */
export async function listPersonas(db: Db | Trx, ownerId: string): Promise<PersonaRecord[]> {
  const rows = await living(db, ownerId).selectAll().orderBy('createdAt').orderBy('id').execute();
  const usual = pick(rows, [null, null])?.row.id;
  return rows.map((row) => ({ ...toRecord(row), isDefault: row.id === usual }));
}

/** Every persona of a person, the deleted included. */
export async function listAllPersonas(db: Db, ownerId: string): Promise<PersonaRecord[]> {
  const rows = await db.selectFrom('persona').selectAll().where('ownerId', '=', ownerId).orderBy('id').execute();
  return rows.map(toRecord);
}

/** Every read names the owner: another person's persona does not exist. */
export async function readPersona(
  db: Db | Trx,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<PersonaRecord | undefined> {
  const row = await living(db, ownerId).selectAll().where('id', '=', id).executeTakeFirst();
  return row && toRecord(row);
}

export async function insertPersona(trx: Trx, persona: Omit<PersonaRecord, 'deletedAt'>): Promise<void> {
  await trx
    .insertInto('persona')
    .values({ ...persona, isDefault: persona.isDefault ? 1 : 0, deletedAt: null })
    .execute();
}

export type PersonaChange = Omit<PersonaRecord, 'id' | 'ownerId' | 'createdAt' | 'deletedAt'>;

/** False when there is no such persona of theirs. */
export async function changePersona(
  trx: Trx,
  { id, ownerId, change }: { id: string; ownerId: string; change: PersonaChange },
): Promise<boolean> {
  const result = await trx
    .updateTable('persona')
    .set({ ...change, isDefault: change.isDefault ? 1 : 0 })
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Makes one the default and all others not; null leaves none. */
export async function setDefaultPersona(
  trx: Trx,
  { id, ownerId, now }: { id: string | null; ownerId: string; now: number },
): Promise<void> {
  await trx
    .updateTable('persona')
    .set({ isDefault: 0 })
    .where('ownerId', '=', ownerId)
    .where('id', '<>', id ?? '')
    .execute();
  if (id === null) return;
  await trx
    .updateTable('persona')
    .set({ isDefault: 1, updatedAt: now })
    .where('ownerId', '=', ownerId)
    .where('id', '=', id)
    .execute();
}

export function setPersonaDeleted(
  trx: Trx,
  key: { id: string; ownerId: string; deletedAt: number | null },
): Promise<boolean> {
  return setDeleted(trx, 'persona', key);
}

/** Removes all personas of a person, for good. */
export async function purgePersonas(trx: Trx, ownerId: string): Promise<void> {
  await trx.deleteFrom('persona').where('ownerId', '=', ownerId).execute();
  await trx.updateTable('characterMark').set({ personaId: null }).where('userId', '=', ownerId).execute();
}

/** The persona a person chose for a character, whether it still exists or not. */
export async function readCharacterPersona(
  db: Db | Trx,
  { userId, characterId }: { userId: string; characterId: string },
): Promise<string | null> {
  const row = await db
    .selectFrom('characterMark')
    .select('personaId')
    .where('userId', '=', userId)
    .where('characterId', '=', characterId)
    .executeTakeFirst();
  return row?.personaId ?? null;
}

export async function setCharacterPersona(
  trx: Trx,
  { userId, characterId, personaId }: { userId: string; characterId: string; personaId: string | null },
): Promise<void> {
  await trx
    .insertInto('characterMark')
    .values({ userId, characterId, favourite: 0, folderId: null, tags: '[]', personaId, lastUsedAt: null })
    .onConflict((conflict) => conflict.columns(['userId', 'characterId']).doUpdateSet({ personaId }))
    .execute();
}

/** The characters that meet this person as one persona. */
export async function listCharactersOfPersona(
  db: Db,
  { userId, personaId }: { userId: string; personaId: string },
): Promise<string[]> {
  const rows = await db
    .selectFrom('characterMark')
    .select('characterId')
    .where('userId', '=', userId)
    .where('personaId', '=', personaId)
    .orderBy('characterId')
    .execute();
  return rows.map(({ characterId }) => characterId);
}

export async function countPersonas(db: Db, ownerId: string): Promise<number> {
  const row = await living(db, ownerId)
    .select((select) => select.fn.countAll<number | bigint | string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
