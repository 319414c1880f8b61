import type { Audience } from '../../contract/rooms.ts';
import { listParticipants, type ParticipantRecord } from '../conversation/participant-store.ts';
import { witnesses } from '../conversation/stage.ts';
import type { Db } from '../storage/storage.ts';
import type { Pair } from './pair-view.ts';

/** Who a pair is among the participants of a conversation; null in old imports. */
export interface PairSeats {
  person: ParticipantRecord | null;
  character: ParticipantRecord | null;
  /** User ids of other humans: what they say is theirs, not the person's. */
  guestIds: ReadonlySet<string>;
}

export async function readPairSeats(
  db: Db,
  { conversationId, characterId }: { conversationId: string } & Pick<Pair, 'characterId'>,
): Promise<PairSeats> {
  const participants = await listParticipants(db, conversationId);
  const guests = participants.filter(({ role }) => role === 'guest');
  return {
    person: participants.find(({ role }) => role === 'host') ?? null,
    character: participants.find(({ kind, subjectId }) => kind === 'character' && subjectId === characterId) ?? null,
    guestIds: new Set(guests.map(({ subjectId }) => subjectId)),
  };
}

/**
 * True for what a pair may remember: memory belongs to the two and is open to the person, so both must have heard it.
 * What was whispered to a character behind the person's back is known to it as long as it stands in the conversation.
 */
export function bothHeard(audience: Audience, { person, character }: PairSeats): boolean {
  const characterHeard = character === null ? audience === 'everyone' : witnesses({ audience }, character);
  return characterHeard && (person === null || witnesses({ audience }, person));
}

/** Everybody who remembers a conversation: its person with each character that has a card in it, the first one first. */
export async function listConversationPairs(db: Db, conversationId: string): Promise<Pair[]> {
  const conversation = await db
    .selectFrom('conversation')
    .select(['ownerId', 'characterId'])
    .where('id', '=', conversationId)
    .executeTakeFirst();
  if (!conversation) return [];
  const { ownerId, characterId } = conversation;
  const members = await db
    .selectFrom('participant')
    .select('subjectId')
    .where('conversationId', '=', conversationId)
    .where('kind', '=', 'character')
    .where('characterVersionId', 'is not', null)
    .orderBy('position')
    .execute();
  const ids = new Set([characterId, ...members.map(({ subjectId }) => subjectId)]);
  return [...ids].map((id) => ({ ownerId, characterId: id }));
}
