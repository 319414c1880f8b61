import { z } from 'zod';
import { participantRoleSchema, type ParticipantRole } from '../../contract/rooms.ts';
import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

/** Somebody who is or was part of a conversation. */
export interface ParticipantRecord {
  id: string;
  conversationId: string;
  kind: 'human' | 'character';
  /** A user's or a character's id. */
  subjectId: string;
  name: string;
  role: ParticipantRole;
  /** Hears what was said to `everyone`. */
  fromStart: boolean;
  /** Who a guest is here. */
  personaId: string | null;
  /** Null for the character the conversation began with. */
  characterVersionId: string | null;
  muted: boolean;
  /** Percent. */
  talkativeness: number;
  position: number;
  createdAt: number;
  leftAt: number | null;
}

export type NewParticipant = Pick<
  ParticipantRecord,
  'id' | 'conversationId' | 'kind' | 'subjectId' | 'name' | 'createdAt'
> &
  Partial<ParticipantRecord>;

const kindSchema = z.enum(['human', 'character']);

function toParticipant(row: Row<'participant'>): ParticipantRecord {
  return {
    ...row,
    kind: kindSchema.parse(row.kind),
    role: participantRoleSchema.parse(row.role),
    fromStart: row.fromStart === 1,
    muted: row.muted === 1,
  };
}

export async function insertParticipant(trx: Trx, participant: NewParticipant): Promise<void> {
  await trx
    .insertInto('participant')
    .values({
      id: participant.id,
      conversationId: participant.conversationId,
      kind: participant.kind,
      subjectId: participant.subjectId,
      name: participant.name,
      role: participant.role ?? (participant.kind === 'human' ? 'host' : 'character'),
      fromStart: participant.fromStart === false ? 0 : 1,
      personaId: participant.personaId ?? null,
      characterVersionId: participant.characterVersionId ?? null,
      muted: participant.muted === true ? 1 : 0,
      talkativeness: participant.talkativeness ?? 50,
      position: participant.position ?? 0,
      createdAt: participant.createdAt,
      leftAt: participant.leftAt ?? null,
    })
    .execute();
}

/** Everybody who is or was part of a conversation, in the order of its list. */
export async function listParticipants(db: Db, conversationId: string): Promise<ParticipantRecord[]> {
  return (await listParticipantsOf(db, [conversationId])).get(conversationId) ?? [];
}

/** The same for several conversations, at most a page of them. */
export async function listParticipantsOf(
  db: Db,
  conversationIds: readonly string[],
): Promise<Map<string, ParticipantRecord[]>> {
  const found = new Map<string, ParticipantRecord[]>();
  if (conversationIds.length === 0) return found;
  const rows = await db
    .selectFrom('participant')
    .selectAll()
    .where('conversationId', 'in', [...conversationIds])
    .orderBy('position')
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  for (const participant of rows.map(toParticipant)) {
    const list = found.get(participant.conversationId);
    if (list) list.push(participant);
    else found.set(participant.conversationId, [participant]);
  }
  return found;
}

/** The place of a human who hosts a conversation or is a guest in it and has not left. */
export async function findSeat(
  db: Db,
  { conversationId, userId }: { conversationId: string; userId: string },
): Promise<ParticipantRecord | undefined> {
  const row = await db
    .selectFrom('participant')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .where('subjectId', '=', userId)
    .where('kind', '=', 'human')
    .where('leftAt', 'is', null)
    .orderBy('role', 'desc')
    .executeTakeFirst();
  return row && toParticipant(row);
}

/** Conversations that a character came into, the newest first. */
export async function listConversationsWith(
  db: Db,
  { characterId, limit }: { characterId: string; limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('participant')
    .select('conversationId')
    .where('subjectId', '=', characterId)
    .where('kind', '=', 'character')
    .where('role', '=', 'character')
    .orderBy('createdAt', 'desc')
    .limit(limit)
    .execute();
  return [...new Set(rows.map(({ conversationId }) => conversationId))];
}

/** Ends the places of somebody as a guest, in every conversation. */
export async function endGuestSeats(trx: Trx, { userId, now }: { userId: string; now: number }): Promise<void> {
  await trx
    .updateTable('participant')
    .set({ leftAt: now })
    .where('subjectId', '=', userId)
    .where('role', '=', 'guest')
    .where('leftAt', 'is', null)
    .execute();
}

export async function renameParticipant(
  trx: Trx,
  { conversationId, subjectId, name }: { conversationId: string; subjectId: string; name: string },
): Promise<void> {
  await trx
    .updateTable('participant')
    .set({ name })
    .where('conversationId', '=', conversationId)
    .where('subjectId', '=', subjectId)
    .execute();
}

export type ParticipantChange = Partial<
  Pick<
    ParticipantRecord,
    'name' | 'personaId' | 'characterVersionId' | 'muted' | 'talkativeness' | 'position' | 'leftAt'
  >
>;

export async function changeParticipant(
  trx: Trx,
  { id, change }: { id: string; change: ParticipantChange },
): Promise<void> {
  const { muted, ...rest } = change;
  const set = { ...rest, ...(muted === undefined ? {} : { muted: muted ? 1 : 0 }) };
  if (Object.keys(set).length === 0) return;
  await trx.updateTable('participant').set(set).where('id', '=', id).execute();
}
