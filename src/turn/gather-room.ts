import { z } from 'zod';
import type { Card, CardText } from '../character/card.ts';
import { localizeCard } from '../character/card.ts';
import { readCharacterVersion } from '../character/character-store.ts';
import { readPersona } from '../character/persona-store.ts';
import { readMessage } from '../conversation/message-store.ts';
import type { ParticipantRecord } from '../conversation/participant-store.ts';
import { readStage } from '../conversation/stage-store.ts';
import type { Stage } from '../conversation/stage.ts';
import type { Db } from '../storage/storage.ts';
import { joinCards, joinedDepthPrompts, type JoinedMember } from './join-cards.ts';
import type { DepthPrompt } from './prompt-material.ts';
import type { RoomMaterial } from './room-material.ts';
import { roomView } from './room-view.ts';
import type { RoomTurn, TurnRequest } from './turn-request.ts';

export interface GatheredRoom {
  material: Omit<RoomMaterial, 'heard'>;
  /** The speaker's card, or everybody's in one. */
  card: CardText;
}

/** Reads what a turn needs to know of the room it is held in; null where one human talks with one character. */
export async function gatherRoom(
  db: Db,
  request: Pick<TurnRequest, 'room' | 'conversation' | 'endId' | 'card' | 'locale' | 'userName'>,
  depthPromptOf: (card: Card) => DepthPrompt | null,
): Promise<GatheredRoom | null> {
  const { room, conversation, endId, card, userName } = request;
  if (!room) return null;
  const { speaker, participants, settings } = room;
  const end = endId === null ? undefined : await readMessage(db, endId);
  const stage = await readStage(db, { at: end?.conversationId === conversation.id ? end : null, participants });
  const nameOf = ({ role, name }: ParticipantRecord): string => (role === 'host' ? userName : name);
  const near = nearSpeaker(room, stage);
  const others = participants.filter(({ id }) => id !== speaker.id);
  const [guests, members] = await Promise.all([
    readGuests(db, near),
    settings.cardMode === 'join' ? readMembers(db, { request, room, stage, depthPromptOf }) : [],
  ]);
  return {
    card: members.length === 0 ? card : joinCards(card, { members, settings, scenario: ownScenario(conversation) }),
    material: {
      view: roomView(speaker, settings.cardMode),
      participants,
      near: near.map(nameOf),
      others: [...new Set(others.map(nameOf))].filter(
        (name) => name !== '' && name !== card.name && name !== card.called,
      ),
      guests,
      depthPrompts: joinedDepthPrompts(members),
      names: groupNames(room, { nameOf }),
    },
  };
}

/** Others in the same place as the speaker; for one who is not there, those in the open room. */
function nearSpeaker({ speaker, participants }: RoomTurn, { present }: Stage): ParticipantRecord[] {
  const door = present[speaker.id] ?? '';
  return participants.filter(({ id, leftAt }) => id !== speaker.id && leftAt === null && present[id] === door);
}

function groupNames(
  { speaker, participants }: RoomTurn,
  { nameOf }: { nameOf: (participant: ParticipantRecord) => string },
): RoomMaterial['names'] {
  const belonging = participants.filter(({ leftAt }) => leftAt === null);
  const characters = belonging.filter(({ kind }) => kind === 'character');
  const humans = belonging.filter(({ kind }) => kind === 'human');
  // SillyTavern names the person after the characters.
  const without = [...characters, ...humans.toSorted((a, b) => Number(a.role === 'host') - Number(b.role === 'host'))];
  const list = (some: readonly ParticipantRecord[]): string => some.map(nameOf).join(', ');
  return {
    group: list(characters),
    groupNotMuted: list(characters.filter(({ muted }) => !muted)),
    notChar: list(without.filter(({ id }) => id !== speaker.id)),
  };
}

/** Guests tell of themselves what their persona says. */
async function readGuests(db: Db, near: readonly ParticipantRecord[]): Promise<RoomMaterial['guests']> {
  const guests = near.filter(({ role }) => role === 'guest');
  const found = await Promise.all(
    guests.map(async ({ name, personaId, subjectId }) => {
      const persona = personaId === null ? undefined : await readPersona(db, { id: personaId, ownerId: subjectId });
      return persona && persona.description.trim() !== '' ? [{ name, description: persona.description }] : [];
    }),
  );
  return found.flat();
}

/** Whose cards are joined: the speaker's, and of those who are there and not muted. */
async function readMembers(
  db: Db,
  {
    request: { conversation, card, locale },
    room: { speaker, participants },
    stage,
    depthPromptOf,
  }: {
    request: Pick<TurnRequest, 'conversation' | 'card' | 'locale'>;
    room: RoomTurn;
    stage: Stage;
    depthPromptOf: (card: Card) => DepthPrompt | null;
  },
): Promise<JoinedMember[]> {
  const joined = participants.filter(
    ({ id, kind, leftAt, muted }) =>
      kind === 'character' && (id === speaker.id || (leftAt === null && !muted && id in stage.present)),
  );
  const members = await Promise.all(
    joined.map(async (participant): Promise<JoinedMember | null> => {
      const isLead = participant.subjectId === conversation.characterId;
      const versionId = participant.characterVersionId ?? (isLead ? conversation.characterVersionId : null);
      const character = versionId === null ? undefined : await readCharacterVersion(db, versionId);
      if (!character) return null;
      const isSpeaker = participant.id === speaker.id;
      const own = isSpeaker ? card : localizeCard(character.version.card, locale);
      return { card: own, depthPrompt: depthPromptOf(character.version.card), isSpeaker };
    }),
  );
  return members.filter((member) => member !== null);
}

const ownScenarioSchema = z.object({
  header: z.object({ chat_metadata: z.object({ scenario: z.string() }) }),
});

/** The scenario that an imported chat has of its own (SillyTavern's `chat_metadata.scenario`). */
function ownScenario({ foreign }: Pick<TurnRequest['conversation'], 'foreign'>): string | null {
  const kept = ownScenarioSchema.safeParse(foreign === null ? null : JSON.parse(foreign));
  const scenario = kept.data?.header.chat_metadata.scenario ?? '';
  return scenario.trim() === '' ? null : scenario;
}
