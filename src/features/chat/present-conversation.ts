import type { CharacterSummary } from '../../../contract/characters.ts';
import { localeSchema, type Locale } from '../../../contract/common.ts';
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
import { readMessages } from '../../conversation/message-store.ts';
import { listParticipantsOf, type ParticipantRecord } from '../../conversation/participant-store.ts';
import { openingStage, type Stage } from '../../conversation/stage.ts';
import { readStage } from '../../conversation/stage-store.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import type { Db } from '../../storage/storage.ts';
import { readRoom } from './cast.ts';
import type { ChatContext } from './chat-context.ts';

/** Conversations as their owner reads them; all of one owner. */
export async function presentConversations(
  { storage, live }: Pick<ChatContext, 'storage' | 'live'>,
  records: readonly ConversationRecord[],
): Promise<Conversation[]> {
  const participants = await listParticipantsOf(
    storage.db,
    records.map(({ id }) => id),
  );
  const pinned = [...participants.values()].flat().map(({ characterVersionId }) => characterVersionId);
  const versions = await readCharacterVersions(storage.db, [
    ...new Set([...records.map((record) => record.characterVersionId), ...pinned.filter((id) => id !== null)]),
  ]);
  const personas = await readPresentPersonas(storage.db, records);
  const stages = await readStagesAtLeaves(storage.db, { records, participants });
  return records.map((record, index) => {
    const character = versions.get(record.characterVersionId);
    if (!character) throw new NotFoundError('The character of this conversation is missing.');
    const replying = live.inConversation(record.id).length > 0;
    const stage = stages.get(record.id) ?? openingStage([]);
    const shown = (participants.get(record.id) ?? []).map((participant) =>
      presentParticipant(participant, { stage, versions, lead: character }),
    );
    return toConversation(record, { character, persona: personas[index] ?? null, replying, participants: shown });
  });
}

/** The stage at the end of each path; only rooms have another than the one they began on. */
async function readStagesAtLeaves(
  db: Db,
  {
    records,
    participants,
  }: { records: readonly ConversationRecord[]; participants: ReadonlyMap<string, ParticipantRecord[]> },
): Promise<Map<string, Stage>> {
  const rooms = records.filter(({ room }) => room !== null);
  const leaves = await readMessages(
    db,
    rooms.map(({ leafId }) => leafId).filter((id) => id !== null),
  );
  const leafOf = new Map(leaves.map((leaf) => [leaf.conversationId, leaf]));
  const stages = new Map<string, Stage>();
  for (const { id, room } of records) {
    const there = participants.get(id) ?? [];
    const at = room === null ? null : leafOf.get(id);
    stages.set(id, await readStage(db, { at, participants: there }));
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
    present: id in stage.present,
    door: stage.present[id] ?? '',
    leftAt,
  };
}

async function readPresentPersonas(db: Db, records: readonly ConversationRecord[]): Promise<(PresentPersona | null)[]> {
  const ownerId = records[0]?.ownerId;
  if (ownerId === undefined) return [];
  const conversations = records.map(({ personaId, characterId }) => ({
    conversationPersonaId: personaId,
    characterId,
  }));
  const found = await resolvePersonaFaces(db, { ownerId, conversations });
  return found.map(
    (persona) =>
      persona && {
        id: persona.face.id,
        name: persona.face.name,
        pictureUrl: personaPictureUrl(persona.face.pictureHash),
        source: persona.source,
      },
  );
}

export async function presentConversation(
  context: Pick<ChatContext, 'storage' | 'live'>,
  record: ConversationRecord,
): Promise<Conversation> {
  const [conversation] = await presentConversations(context, [record]);
  if (!conversation) throw new NotFoundError('There is no such conversation.');
  return conversation;
}

function toConversation(
  record: ConversationRecord,
  {
    character,
    persona,
    replying,
    participants,
  }: {
    character: CharacterRecord;
    persona: PresentPersona | null;
    replying: boolean;
    participants: Participant[];
  },
): Conversation {
  const locale: Locale = localeSchema.parse(record.locale);
  const summary: CharacterSummary = presentCharacterSummary(character, { locale, userId: record.ownerId });
  return {
    id: record.id,
    title: record.title ?? summary.name,
    titled: record.title !== null,
    character: summary,
    participants,
    room: readRoom(record),
    seatId: participants.find(({ subjectId }) => subjectId === record.ownerId)?.id ?? null,
    mine: true,
    newerVersion: character.currentVersionId !== record.characterVersionId,
    locale,
    leafId: record.leafId,
    revision: record.revision,
    messageCount: record.messageCount,
    preview: record.preview,
    model: record.model,
    preset: samplingPresetSchema.parse(record.preset),
    promptPresetId: record.promptPresetId,
    persona,
    authorsNote: record.authorsNote === null ? null : authorsNoteSchema.parse(JSON.parse(record.authorsNote)),
    memory: conversationMemorySchema.parse(record.memory),
    replying,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
  };
}
