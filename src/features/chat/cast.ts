import { localeSchema, type Locale } from '../../../contract/common.ts';
import type { RoomSettings } from '../../../contract/rooms.ts';
import { InvalidInputError, NotFoundError } from '../../base/errors.ts';
import { localizeCard, type CardText } from '../../character/card.ts';
import { readCharacterVersion, type CharacterRecord } from '../../character/character-store.ts';
import { resolvePersona, type PersonaRecord } from '../../character/persona-store.ts';
import { listParticipants, type ParticipantRecord } from '../../conversation/participant-store.ts';
import { readRoom } from '../../conversation/read-room.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import { housePrompt } from '../../turn/house-prompt.ts';
import type { TurnRequest } from '../../turn/turn-request.ts';
import type { ChatContext } from './chat-context.ts';

/** Who speaks in a conversation, and in which language. */
export interface Cast {
  /** The character whose turn it is, or would be. */
  character: CharacterRecord;
  card: CardText;
  locale: Locale;
  charName: string;
  userName: string;
  /** Who the host is here; null where no persona applies. */
  persona: PersonaRecord | null;
  /** The character among the participants; null in old imports. */
  speaker: ParticipantRecord | null;
  participants: readonly ParticipantRecord[];
  /** Null while one human talks with one character. */
  room: RoomSettings | null;
}

/** `speakerId`: whose turn it is, by participant; absent = the character the conversation began with. */
export async function readCast(
  { storage, people }: Pick<ChatContext, 'storage' | 'people'>,
  conversation: ConversationRecord,
  speakerId?: string,
): Promise<Cast> {
  const participants = await listParticipants(storage.db, conversation.id);
  const speaker = findSpeaker(participants, { conversation, speakerId });
  const versionId = speaker?.characterVersionId ?? conversation.characterVersionId;
  const character = await readCharacterVersion(storage.db, versionId);
  if (!character) throw new NotFoundError('The character of this conversation is missing.');
  const locale = localeSchema.parse(conversation.locale);
  const card = localizeCard(character.version.card, locale);
  const { userName, persona } = await readPerson({ storage, people }, { ...conversation, locale });
  const room = readRoom(conversation);
  return { character, card, locale, charName: card.name, userName, persona, speaker, participants, room };
}

function findSpeaker(
  participants: readonly ParticipantRecord[],
  { conversation, speakerId }: { conversation: ConversationRecord; speakerId: string | undefined },
): ParticipantRecord | null {
  const isLead = ({ kind, subjectId }: ParticipantRecord) =>
    kind === 'character' && subjectId === conversation.characterId;
  if (speakerId === undefined) return participants.find(isLead) ?? null;
  const speaker = participants.find(({ id }) => id === speakerId);
  if (speaker?.kind !== 'character' || speaker.leftAt !== null) {
    throw new NotFoundError('There is no such character in this conversation.', { field: 'participantId' });
  }
  if (speaker.characterVersionId === null && !isLead(speaker)) {
    throw new InvalidInputError(
      `${speaker.name} came with an imported chat and has no card here: add the character first.`,
      {
        field: 'participantId',
      },
    );
  }
  return speaker;
}

/** What a turn needs to know of a cast. */
export function turnOf({
  character,
  card,
  locale,
  userName,
  persona,
  speaker,
  participants,
  room,
}: Cast): Pick<TurnRequest, 'character' | 'card' | 'locale' | 'userName' | 'persona' | 'room'> {
  const inRoom = room && speaker ? { speaker, participants, settings: room } : null;
  return { character, card, locale, userName, persona, room: inRoom };
}

/** Who the person is, and what they are called: by the persona's name, else by the account's. */
export async function readPerson(
  { storage, people }: Pick<ChatContext, 'storage' | 'people'>,
  {
    ownerId,
    personaId,
    characterId,
    locale,
  }: Pick<ConversationRecord, 'ownerId' | 'personaId' | 'characterId'> & { locale: Locale },
): Promise<{ userName: string; persona: PersonaRecord | null }> {
  const question = { ownerId, conversationPersonaId: personaId, characterId };
  const persona = await resolvePersona(storage.db, question);
  const name = persona?.name ?? (await people.nameOf(ownerId));
  return { userName: name || housePrompt(locale).defaultUser, persona };
}
