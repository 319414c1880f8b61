import type { CharacterSummary } from '../../../contract/characters.ts';
import { localeSchema, type Locale } from '../../../contract/common.ts';
import type { ConversationMark } from '../../../contract/organising.ts';
import type { PresentPersona } from '../../../contract/personas.ts';
import { authorsNoteSchema } from '../../../contract/prompts.ts';
import { conversationMemorySchema } from '../../../contract/memory.ts';
import { samplingPresetSchema, type Conversation } from '../../../contract/conversations.ts';
import type { Participant } from '../../../contract/rooms.ts';
import { presentCharacterSummary } from '../../character/present-character.ts';
import { readCharacterVersions, type CharacterRecord } from '../../character/character-store.ts';
import { resolvePersonaFaces } from '../../character/persona-store.ts';
import { personaPictureUrl } from '../../character/present-persona.ts';
import { NotFoundError } from '../../base/errors.ts';
import { previewOf } from '../../conversation/conversation-tree.ts';
import { blankMark, readConversationMarks, type MarkRecord } from '../../conversation/conversation-mark-store.ts';
import { readMessages, readPathUp } from '../../conversation/message-store.ts';
import { listParticipantsOf, type ParticipantRecord } from '../../conversation/participant-store.ts';
import type { Reader } from '../../conversation/heard-by.ts';
import { hostSeat } from '../../conversation/seat.ts';
import { openingStage, witnesses, type Stage } from '../../conversation/stage.ts';
import { readStage } from '../../conversation/stage-store.ts';
import { textOf, type ConversationRecord, type MessageNode } from '../../conversation/tree-types.ts';
import { readRoom } from '../../conversation/read-room.ts';
import type { Db } from '../../storage/storage.ts';
import type { ChatContext } from './chat-context.ts';
import { presentScene, readWorldsOf } from './present-scene.ts';

/**
 * Messages looked at from the end of a path for the last words of a room that a reader heard: what was said last, mostly,
 * or before a reply that has no words yet; then further.
 */
const PREVIEWED = [2, 24] as const;

/** Conversations as one of their people reads them. */
export async function presentConversations(
  { storage, live, presence }: Pick<ChatContext, 'storage' | 'live' | 'presence'>,
  records: readonly ConversationRecord[],
  readerId: string,
): Promise<Conversation[]> {
  const participants = await listParticipantsOf(
    storage.db,
    records.map(({ id }) => id),
  );
  const pinned = [...participants.values()].flat().map(({ characterVersionId }) => characterVersionId);
  const versions = await readCharacterVersions(storage.db, [
    ...new Set([...records.map((record) => record.characterVersionId), ...pinned.filter((id) => id !== null)]),
  ]);
  const personas = await readPresentPersonas(storage.db, { records, participants, readerId });
  const worlds = await readWorldsOf(storage.db, records);
  const stages = await readStagesAtLeaves(storage.db, { records, participants });
  const previews = await readPreviews(storage.db, { records, participants, readerId });
  const marks = await readConversationMarks(storage.db, {
    userId: readerId,
    conversationIds: records.map(({ id }) => id),
  });
  return records.map((record) => {
    const character = versions.get(record.characterVersionId);
    if (!character) throw new NotFoundError('The character of this conversation is missing.');
    const replying = live.inConversation(record.id).length > 0;
    const stage = stages.get(record.id) ?? openingStage([]);
    const shown = (participants.get(record.id) ?? []).map((participant) =>
      presentParticipant(participant, { stage, versions, lead: character }),
    );
    const persona = personas.get(record.id) ?? null;
    const preview = previews.get(record.id) ?? '';
    const scene = presentScene(worlds.get(record.worldId ?? ''), stage);
    const mark = marks.get(record.id) ?? blankMark();
    return toConversation(record, {
      mark,
      character,
      persona,
      replying,
      participants: shown,
      readerId,
      preview,
      scene,
      isHere: presence.isHere({ conversationId: record.id, participantId: seatIn(record, shown, readerId) }),
    });
  });
}

/** True where something came since the reader was there. What was never opened since this is noted counts as read. */
export function isUnread({ updatedAt, seenAt }: { updatedAt: number; seenAt: number | null }): boolean {
  return seenAt !== null && updatedAt > seenAt;
}

function presentMark(
  { updatedAt }: ConversationRecord,
  { mark: { seenAt, ...mark }, isHere }: { mark: MarkRecord; isHere: boolean },
): ConversationMark {
  return { ...mark, unread: !isHere && isUnread({ updatedAt, seenAt }) };
}

function seatIn(record: ConversationRecord, participants: readonly Participant[], readerId: string): string {
  const seat = participants.find(({ kind, subjectId }) => kind === 'human' && subjectId === readerId);
  return seat?.id ?? hostSeat(record).id;
}

/** The stage at the end of each path; only rooms and what happens in a world have another than they began on. */
async function readStagesAtLeaves(
  db: Db,
  {
    records,
    participants,
  }: { records: readonly ConversationRecord[]; participants: ReadonlyMap<string, ParticipantRecord[]> },
): Promise<Map<string, Stage>> {
  const staged = records.filter(({ room, worldId }) => room !== null || worldId !== null);
  const leaves = await readMessages(
    db,
    staged.map(({ leafId }) => leafId).filter((id) => id !== null),
  );
  const leafOf = new Map(leaves.map((leaf) => [leaf.conversationId, leaf]));
  const stages = new Map<string, Stage>();
  for (const { id } of records) {
    const there = participants.get(id) ?? [];
    stages.set(id, await readStage(db, { at: leafOf.get(id), participants: there }));
  }
  return stages;
}

function presentParticipant(
  { id, kind, subjectId, name, role, muted, talkativeness, position, leftAt, characterVersionId }: ParticipantRecord,
  { stage, versions, lead }: { stage: Stage; versions: ReadonlyMap<string, CharacterRecord>; lead: CharacterRecord },
): Participant {
  const version =
    characterVersionId === null ? (subjectId === lead.id ? lead : undefined) : versions.get(characterVersionId);
  const hash = kind === 'character' ? (version?.version.pictureHash ?? null) : null;
  return {
    id,
    kind,
    subjectId,
    name,
    role,
    pictureUrl: hash === null ? null : `/api/assets/${hash}`,
    muted,
    talkativeness,
    position,
    present: id in stage.present && leftAt === null,
    door: stage.present[id] ?? '',
    leftAt,
  };
}

/** The last words that a reader heard; in a room not everybody heard the same. */
async function readPreviews(
  db: Db,
  {
    records,
    participants,
    readerId,
  }: {
    records: readonly ConversationRecord[];
    participants: ReadonlyMap<string, ParticipantRecord[]>;
    readerId: string;
  },
): Promise<Map<string, string>> {
  const previews = new Map<string, string>();
  for (const record of records) {
    const { id, leafId } = record;
    if (record.room === null || leafId === null) {
      previews.set(id, record.preview);
      continue;
    }
    const seat = participants.get(id)?.find(({ kind, subjectId }) => kind === 'human' && subjectId === readerId);
    const reader = seat ?? hostSeat(record);
    const last = await readLastHeard(db, { conversationId: id, leafId, reader });
    previews.set(id, last ? previewOf(last) : '');
  }
  return previews;
}

async function readLastHeard(
  db: Db,
  { conversationId, leafId, reader }: { conversationId: string; leafId: string; reader: Reader },
): Promise<MessageNode | undefined> {
  for (const limit of PREVIEWED) {
    const path = await readPathUp(db, { conversationId, fromId: leafId, limit });
    const last = path.findLast(
      (node) => node.deletedAt === null && witnesses(node, reader) && textOf(node.parts).trim() !== '',
    );
    if (last) return last;
  }
  return undefined;
}

/** Who the reader is in each: as its host by the rule, as a guest only where they chose. */
async function readPresentPersonas(
  db: Db,
  {
    records,
    participants,
    readerId: ownerId,
  }: {
    records: readonly ConversationRecord[];
    participants: ReadonlyMap<string, readonly ParticipantRecord[]>;
    readerId: string;
  },
): Promise<Map<string, PresentPersona | null>> {
  const own = records.flatMap((record) => {
    if (record.ownerId === ownerId) return [record];
    const seats = participants.get(record.id) ?? [];
    const seat = seats.find(
      ({ subjectId, leftAt, kind }) => kind === 'human' && subjectId === ownerId && leftAt === null,
    );
    return seat === undefined || seat.personaId === null ? [] : [{ ...record, personaId: seat.personaId }];
  });
  if (own.length === 0) return new Map();
  const conversations = own.map(({ personaId, characterId }) => ({
    conversationPersonaId: personaId,
    characterId,
  }));
  const found = await resolvePersonaFaces(db, { ownerId, conversations });
  const shown = found.map(
    (persona) =>
      persona && {
        id: persona.face.id,
        name: persona.face.name,
        pictureUrl: personaPictureUrl(persona.face.pictureHash),
        source: persona.source,
      },
  );
  return new Map(own.map(({ id }, index) => [id, shown[index] ?? null]));
}

/** As its host reads it, unless another reader is named. */
export async function presentConversation(
  context: Pick<ChatContext, 'storage' | 'live' | 'presence'>,
  record: ConversationRecord,
  readerId: string = record.ownerId,
): Promise<Conversation> {
  const [conversation] = await presentConversations(context, [record], readerId);
  if (!conversation) throw new NotFoundError('There is no such conversation.');
  return conversation;
}

function toConversation(
  record: ConversationRecord,
  {
    mark,
    character,
    persona,
    replying,
    participants,
    readerId,
    preview,
    scene,
    isHere,
  }: {
    mark: MarkRecord;
    isHere: boolean;
    character: CharacterRecord;
    persona: PresentPersona | null;
    replying: boolean;
    participants: Participant[];
    readerId: string;
    preview: string;
    scene: Conversation['scene'];
  },
): Conversation {
  const locale: Locale = localeSchema.parse(record.locale);
  const summary: CharacterSummary = presentCharacterSummary(character, { locale, userId: readerId });
  const mine = record.ownerId === readerId;
  const seat = participants.find(({ kind, subjectId }) => kind === 'human' && subjectId === readerId);
  return {
    id: record.id,
    title: record.title ?? summary.name,
    titled: record.title !== null,
    character: summary,
    participants,
    room: readRoom(record),
    scene,
    seatId: seat?.id ?? null,
    mine,
    newerVersion: mine && character.currentVersionId !== record.characterVersionId,
    locale,
    leafId: record.leafId,
    revision: record.revision,
    messageCount: record.messageCount,
    preview,
    // How the host has it set up is the host's.
    model: mine ? record.model : null,
    preset: samplingPresetSchema.parse(record.preset),
    promptPresetId: mine ? record.promptPresetId : null,
    persona,
    authorsNote: record.authorsNote === null || !mine ? null : authorsNoteSchema.parse(JSON.parse(record.authorsNote)),
    memory: conversationMemorySchema.parse(record.memory),
    mark: presentMark(record, { mark, isHere }),
    replying,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
  };
}
