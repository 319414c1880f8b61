import { createHash } from 'node:crypto';
import type { AuthorsNote } from '../../../contract/prompts.ts';
import { authorsNoteSchema } from '../../../contract/prompts.ts';
import { AbortedError } from '../../base/errors.ts';
import { readCharacter } from '../../character/character-store.ts';
import { insertConversation } from '../../conversation/conversation-store.ts';
import { asObject, asText } from '../../conversation/exchange/safe-json.ts';
import { unfinishedImportId } from '../../conversation/import-store.ts';
import type { NewParticipant } from '../../conversation/participant-store.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import type { FoundConversation } from './found.ts';
import type { ImportConversation } from './import-conversation.ts';
import type { MovingContext } from './moving-context.ts';
import { arrivePeople, insertPeople, worldOf } from './own-import.ts';
import type { ArrivedPerson } from './own-message.ts';
import type { FoundChat } from './survey-chats.ts';

/** A conversation that is not shown until its import is finished. */
export interface BegunImport {
  id: string;
  begunAt: number;
  /** Everybody of Everwith's own file, by key. */
  people: Map<string, ArrivedPerson>;
  worldId: string | null;
}

export async function beginImport(context: MovingContext, request: ImportConversation): Promise<BegunImport> {
  const { storage, newId, clock } = context;
  const { actor, found, characterId, speakers } = request;
  const character = await readCharacter(storage.db, { id: characterId, userId: actor.userId });
  if (!character) throw new AbortedError('The character of an imported chat was removed meanwhile.');
  const lead = found.chats[0];
  const own = lead?.head.own;
  const now = clock.now();
  const begunAt = Math.min(lead?.head.createdAt ?? lastTimeOf(found) ?? now, now);
  const id = newId();
  const worldId = await worldOf(context, { actor, own });
  const { people, rows } = own
    ? await arrivePeople(context, { actor, conversationId: id, own, characterId, speakers })
    : { people: new Map<string, ArrivedPerson>(), rows: castOf(context, { request, conversationId: id }) };
  const isHosted = rows.some(({ subjectId }) => subjectId === actor.userId);
  await storage.transaction(async (trx) => {
    await insertConversation(trx, {
      id,
      ownerId: actor.userId,
      characterId: character.id,
      characterVersionId: character.version.id,
      locale: own?.locale ?? request.locale,
      title: found.title === '' ? null : found.title.slice(0, 200),
      leafId: null,
      revision: 0,
      messageCount: 0,
      preview: '',
      model: null,
      personaId: null,
      promptPresetId: null,
      ...settingsOf(lead),
      worldId,
      createdAt: begunAt,
      updatedAt: begunAt,
      // Shown only when it is whole.
      deletedAt: now,
      clientId: unfinishedImportId(found.key),
    });
    await insertPeople(trx, isHosted ? rows : [hostOf(context, { request, conversationId: id }), ...rows]);
  });
  return { id, begunAt, people, worldId };
}

type Settings = Pick<ConversationRecord, 'preset' | 'authorsNote' | 'foreign' | 'memory' | 'room'>;

function settingsOf(chat: FoundChat | undefined): Settings {
  const own = chat?.head.own;
  const json = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value));
  if (!own) {
    const foreign = chat ? JSON.stringify(chat.head.foreign) : null;
    return { preset: 'model', authorsNote: authorsNoteOf(chat), foreign, memory: 'on', room: null };
  }
  const { preset, memory } = own;
  return { preset, memory, authorsNote: json(own.authorsNote), foreign: json(own.foreign), room: json(own.room) };
}

interface Cast {
  request: ImportConversation;
  conversationId: string;
}

function hostOf({ newId, clock }: MovingContext, { request, conversationId }: Cast): NewParticipant {
  const { actor, userName: name } = request;
  return { id: newId(), conversationId, kind: 'human', subjectId: actor.userId, name, createdAt: clock.now() };
}

/** Whoever speaks in a chat of another program. */
function castOf(context: MovingContext, { request, conversationId }: Cast): NewParticipant[] {
  const { found, speakers, characterId } = request;
  const cast = found.chats[0]?.speakers ?? [];
  const names = cast.length > 0 ? cast : [found.characterName];
  return [
    hostOf(context, { request, conversationId }),
    ...names.map((name): NewParticipant => {
      const subjectId = speakers.get(name) ?? (found.isGroup ? guestId(name) : characterId);
      const id = context.newId();
      return { id, conversationId, kind: 'character', subjectId, name, createdAt: context.clock.now() };
    }),
  ];
}

/** Somebody who spoke in a group and has no card here. */
export function guestId(name: string): string {
  return `guest:${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
}

export function lastTimeOf(found: FoundConversation): number | null {
  const times = found.chats.flatMap(({ lastAt }) => (lastAt === null ? [] : [lastAt]));
  return times.length > 0 ? Math.max(...times) : null;
}

const NOTE_ROLES = ['system', 'user', 'assistant'] as const;

/** SillyTavern's author's note: `note_position` 1 = at a depth of the history, else beside the character. */
function authorsNoteOf(chat: FoundChat | undefined): string | null {
  const metadata = asObject(asObject(chat?.head.foreign['header'])['chat_metadata']);
  const text = asText(metadata['note_prompt']).trim();
  if (text === '') return null;
  const number = (key: string, fallback: number) => (typeof metadata[key] === 'number' ? metadata[key] : fallback);
  const note: AuthorsNote = {
    text,
    depth: number('note_position', 1) === 1 ? number('note_depth', 4) : null,
    role: NOTE_ROLES[number('note_role', 0)] ?? 'system',
    interval: number('note_interval', 1),
  };
  const parsed = authorsNoteSchema.safeParse(note);
  return parsed.success ? JSON.stringify(parsed.data) : null;
}
