import type { Locale } from '../../../contract/common.ts';
import type { CreateConversation } from '../../../contract/conversations.ts';
import { roomSettingsSchema } from '../../../contract/rooms.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import { localizeCard } from '../../character/card.ts';
import { talkativenessOf } from '../../character/card-fields.ts';
import { readCharacter, readCharacterVersion, type CharacterRecord } from '../../character/character-store.ts';
import { touchMark } from '../../character/mark-store.ts';
import {
  insertConversation,
  readConversation,
  readConversationByClientId,
} from '../../conversation/conversation-store.ts';
import { insertParticipant } from '../../conversation/participant-store.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import type { Trx } from '../../storage/storage.ts';
import { requireBeginning } from './begin-in-world.ts';
import { blankConversation } from './blank-conversation.ts';
import { readPerson } from './cast.ts';
import type { ChatContext } from './chat-context.ts';
import { greet } from './greet.ts';

/** Who begins what with whom. */
interface Beginning {
  actor: Actor;
  character: CharacterRecord;
  /** The characters that are there from the beginning besides the first. */
  others: readonly CharacterRecord[];
  locale: Locale;
  userName: string;
  request: CreateConversation;
}

/**
 * Begins a conversation: its greetings are already there, the first one chosen. The same `clientId` again is the
 * conversation it began before. Throws `NotFoundError` naming the field where a character or a world is not there.
 */
export async function beginConversation(
  context: ChatContext,
  actor: Actor,
  request: CreateConversation,
  { versionId }: { versionId?: string | undefined } = {},
): Promise<ConversationRecord> {
  const { storage, people } = context;
  const there = await begunBefore(context, actor, request.clientId);
  if (there) return there;
  const newest = await requireCharacter(context, actor, { id: request.characterId, field: 'characterId' });
  const character = versionId === undefined ? newest : await requireVersion(context, newest, versionId);
  const others: CharacterRecord[] = [];
  for (const id of new Set(request.characterIds)) {
    if (id === request.characterId) continue;
    others.push(await requireCharacter(context, actor, { id, field: 'characterIds' }));
  }
  const locale: Locale = request.locale ?? (await people.localeOf(actor.userId)) ?? 'en';
  const { userName } = await readPerson(context, {
    ownerId: actor.userId,
    personaId: null,
    characterId: character.id,
    locale,
  });
  return storage
    .transaction((trx) => keepBeginning(context, trx, { actor, character, others, locale, userName, request }))
    .catch(async (error: unknown) => {
      // The same request may have come twice at once: then the other one was committed a moment ago.
      const twin = await begunBefore(context, actor, request.clientId);
      if (twin) return twin;
      throw error;
    });
}

async function requireCharacter(
  { storage }: ChatContext,
  { userId }: Actor,
  { id, field }: { id: string; field: 'characterId' | 'characterIds' },
): Promise<CharacterRecord> {
  const character = await readCharacter(storage.db, { id, userId });
  if (!character || character.deletedAt !== null) throw new NotFoundError('There is no such character.', { field });
  return character;
}

async function requireVersion(
  { storage }: ChatContext,
  { id }: CharacterRecord,
  versionId: string,
): Promise<CharacterRecord> {
  const version = await readCharacterVersion(storage.db, versionId);
  if (version?.id !== id) throw new NotFoundError('This character has no such version.', { field: 'characterId' });
  return version;
}

async function begunBefore(
  { storage }: ChatContext,
  { userId }: Actor,
  clientId: string | undefined,
): Promise<ConversationRecord | undefined> {
  if (clientId === undefined) return undefined;
  return readConversationByClientId(storage.db, { ownerId: userId, clientId });
}

async function keepBeginning(context: ChatContext, trx: Trx, beginning: Beginning): Promise<ConversationRecord> {
  const { actor, character, others, locale, userName, request } = beginning;
  const { events } = context;
  const record = newRecord(context, beginning);
  const { createdAt: now } = record;
  await requireBeginning(trx, { ownerId: actor.userId, scene: request.scene });
  await insertConversation(trx, { ...record, clientId: request.clientId ?? null });
  await seatEverybody(context, trx, { record, beginning });
  await touchMark(trx, { userId: actor.userId, characterId: character.id, now });
  record.leafId = await greet(context, trx, {
    record,
    character,
    others,
    userName,
    greeting: request.greeting,
    scene: request.scene,
  });
  await events.append(trx, {
    type: 'conversation-create',
    actorId: actor.userId,
    subjectId: record.id,
    payload: { characterId: character.id, characterVersionId: character.version.id, locale },
  });
  return (await readConversation(trx, record)) ?? record;
}

function newRecord(
  { clock, newId }: ChatContext,
  { actor, character, others, locale, request }: Beginning,
): ConversationRecord {
  return {
    ...blankConversation({ id: newId(), ownerId: actor.userId, character, locale, now: clock.now() }),
    room: others.length > 0 ? JSON.stringify(roomSettingsSchema.parse({})) : null,
    worldId: request.scene?.worldId ?? null,
  };
}

/** The human and the first character, which goes by the version the conversation pins, stand at place 0. */
async function seatEverybody(
  { newId }: ChatContext,
  trx: Trx,
  {
    record: { id: conversationId, createdAt },
    beginning: { actor, character, others, locale, userName },
  }: { record: ConversationRecord; beginning: Beginning },
): Promise<void> {
  const { card } = character.version;
  const participants = [
    { kind: 'human', subjectId: actor.userId, name: userName },
    {
      kind: 'character',
      subjectId: character.id,
      name: localizeCard(card, locale).name,
      talkativeness: talkativenessOf(card),
    },
    ...others.map((other) => memberOf(other, locale)),
  ] as const;
  for (const [index, participant] of participants.entries()) {
    const seat = { id: newId(), conversationId, createdAt, position: Math.max(0, index - 1) };
    await insertParticipant(trx, { ...participant, ...seat });
  }
}

function memberOf({ id, version }: CharacterRecord, locale: Locale) {
  return {
    kind: 'character',
    subjectId: id,
    name: localizeCard(version.card, locale).name,
    characterVersionId: version.id,
    talkativeness: talkativenessOf(version.card),
  } as const;
}
