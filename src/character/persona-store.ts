import type { Kysely } from 'kysely';
import { personaPositionSchema } from '../../contract/personas.ts';
import { promptRoleSchema } from '../../contract/prompts.ts';
import type { z } from 'zod';
import type { Row, Tables } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

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

/** The persona a person chose for a character, whether it still exists or not. */
async function readCharacterPersona(
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
