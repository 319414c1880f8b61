import { localeSchema, type Locale } from '../../../../contract/common.ts';
import type { RoomSettings } from '../../../../contract/rooms.ts';
import { localizeCard } from '../../../character/card.ts';
import { readCharacterVersions } from '../../../character/character-store.ts';
import { readPathUp } from '../../../conversation/message-store.ts';
import { listParticipants, type ParticipantRecord } from '../../../conversation/participant-store.ts';
import { witnesses, type Stage } from '../../../conversation/stage.ts';
import { readStage } from '../../../conversation/stage-store.ts';
import { textOf, type ConversationRecord, type MessageNode } from '../../../conversation/tree-types.ts';
import { readRoom } from '../../../conversation/read-room.ts';
import type { Db } from '../../../storage/storage.ts';
import { speakerNames } from './speaker-names.ts';
import type { SaidMessage, TurnCandidate } from './turn-question.ts';

/** Messages from the path's end that decide whose turn it is; who spoke before them counts as long silent. */
const LOOKED_BACK = 100;

/** A message with the whole of it, for whoever shows its words to somebody who heard it. */
export interface SaidNode extends SaidMessage {
  node: MessageNode;
}

/** How turns stand at the end of a room's path. */
export interface RoomTurns {
  settings: RoomSettings;
  locale: Locale;
  participants: readonly ParticipantRecord[];
  stage: Stage;
  /** Null in a room where nothing was said. */
  leaf: MessageNode | null;
  /** Every character of the room by its place in the list. */
  roster: readonly string[];
  /** Characters that are there and heard the last message, muted ones too. */
  askable: readonly TurnCandidate[];
  /** Those of them that may be chosen by themselves. */
  candidates: readonly TurnCandidate[];
  /** The end of the path, oldest first, without deleted messages and events of the story. */
  said: readonly SaidNode[];
}

/** Null where there is no room. `pending`: a message that is about to be said at the end of the path. */
export async function readTurns(
  db: Db,
  conversation: ConversationRecord,
  pending: MessageNode | null = null,
): Promise<RoomTurns | null> {
  const settings = readRoom(conversation);
  if (settings === null) return null;
  const { id, leafId } = conversation;
  const participants = await listParticipants(db, id);
  const path = leafId === null ? [] : await readPathUp(db, { conversationId: id, fromId: leafId, limit: LOOKED_BACK });
  const stage = await readStage(db, { at: path.at(-1) ?? null, participants });
  const nodes = pending ? [...path, pending] : path;
  const leaf = nodes.at(-1) ?? null;
  const characters = await readCharacters(db, { conversation, participants });
  const askable = characters.filter(
    ({ participant }) => participant.id in stage.present && (leaf === null || witnesses(leaf, participant)),
  );
  return {
    settings,
    locale: localeSchema.parse(conversation.locale),
    participants,
    stage,
    leaf,
    roster: characters.map(({ participant }) => participant.id),
    askable: askable.map(({ candidate }) => candidate),
    candidates: askable.filter(({ participant }) => !participant.muted).map(({ candidate }) => candidate),
    said: nodes.flatMap((node) => toSaid(node, participants)),
  };
}

/** Characters that belong to the room and have a card to speak from, by their place in the list. */
async function readCharacters(
  db: Db,
  { conversation, participants }: { conversation: ConversationRecord; participants: readonly ParticipantRecord[] },
): Promise<{ participant: ParticipantRecord; candidate: TurnCandidate }[]> {
  const versionOf = ({ characterVersionId, subjectId }: ParticipantRecord): string | null =>
    characterVersionId ?? (subjectId === conversation.characterId ? conversation.characterVersionId : null);
  const there = participants.filter(({ kind, leftAt }) => kind === 'character' && leftAt === null);
  const versionIds = there.map(versionOf).filter((id) => id !== null);
  const versions = await readCharacterVersions(db, [...new Set(versionIds)]);
  const locale = localeSchema.parse(conversation.locale);
  return there.flatMap((participant) => {
    const character = versions.get(versionOf(participant) ?? '');
    if (!character) return [];
    const { card } = character.version;
    const names = speakerNames(participant.name || localizeCard(card, locale).name, card);
    const { id: participantId, talkativeness } = participant;
    return [{ participant, candidate: { participantId, names, talkativeness } }];
  });
}

function toSaid(node: MessageNode, participants: readonly ParticipantRecord[]): SaidNode[] {
  const { id, author, hidden, parts, deletedAt, state } = node;
  const text = hidden ? '' : textOf(parts);
  const isNothing = state === 'failed' && text === '';
  if (deletedAt !== null || author.kind === 'narrator' || isNothing) return [];
  const speaker = participants.find(({ kind, subjectId }) => kind === author.kind && subjectId === author.id);
  const byHuman = author.kind === 'human';
  const heard = byHuman && parts.some(({ type }) => type === 'voice');
  return [{ id, participantId: speaker?.id ?? null, byHuman, text, heard, node }];
}
