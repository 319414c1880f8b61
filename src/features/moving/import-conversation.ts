import { createHash } from 'node:crypto';
import type { AuthorsNote } from '../../../contract/prompts.ts';
import { authorsNoteSchema } from '../../../contract/prompts.ts';
import type { Locale } from '../../../contract/common.ts';
import type { Actor } from '../../accounts/actor.ts';
import { AbortedError } from '../../base/errors.ts';
import { readCharacter } from '../../character/character-store.ts';
import {
  insertConversation,
  purgeConversation,
  readConversation,
  setConversationDeleted,
} from '../../conversation/conversation-store.ts';
import { insertParticipant } from '../../conversation/participant-store.ts';
import { claimPath, routePathThrough } from '../../conversation/conversation-tree.ts';
import { asObject, asText } from '../../conversation/exchange/safe-json.ts';
import type { ImportedNode } from '../../conversation/exchange/imported-chat.ts';
import { readChatFile } from '../../conversation/exchange/read-chat-file.ts';
import { finishImport, unfinishedImportId } from '../../conversation/import-store.ts';
import { listMessages, readMessage, setActiveChild } from '../../conversation/message-store.ts';
import type { MessageNode } from '../../conversation/tree-types.ts';
import { ChatGraft } from './chat-graft.ts';
import type { FoundConversation } from './found.ts';
import { recordMoved } from './move-record-store.ts';
import type { MovingContext } from './moving-context.ts';
import type { FoundChat } from './survey-chats.ts';

export interface ImportConversation {
  actor: Actor;
  found: FoundConversation;
  /** Whom the conversation is with. */
  characterId: string;
  /** Characters of this house by the names they have in the chats. */
  speakers: ReadonlyMap<string, string>;
  userName: string;
  locale: Locale;
  signal: AbortSignal;
}

export interface ImportedConversation {
  id: string;
  added: number;
}

/**
 * Brings a chat and its branches in as one conversation. Until everything is there it is not shown, so that a crash
 * leaves none half; one that is here already gets what it lacks.
 */
export async function importConversation(
  context: MovingContext,
  request: ImportConversation,
): Promise<ImportedConversation> {
  return request.found.status === 'grown' && request.found.conversationId !== null
    ? growConversation(context, request, request.found.conversationId)
    : addConversation(context, request);
}

async function addConversation(context: MovingContext, request: ImportConversation): Promise<ImportedConversation> {
  const { found, actor } = request;
  const { storage, search } = context;
  const { id, begunAt } = await beginConversation(context, request);
  const graft = new ChatGraft({
    context,
    conversationId: id,
    authorOf: authorsOf(request),
    begunAt,
    mayMeetAgain: found.chats.length > 1,
  });
  try {
    await readInto(graft, request);
  } catch (error) {
    await storage.transaction(async (trx) => {
      await purgeConversation(trx, id);
      await search.removeConversation(trx, id);
    });
    throw error;
  }
  const updatedAt = Math.min(lastTimeOf(found) ?? begunAt, context.clock.now());
  await storage.transaction(async (trx) => {
    await finishImport(trx, {
      id,
      key: found.key,
      leafId: graft.end?.id ?? null,
      messageCount: graft.end ? graft.end.depth + 1 : 0,
      preview: graft.preview,
      updatedAt,
    });
    await recordChats(context, { trx, actor, found, conversationId: id });
    await context.events.append(trx, {
      type: 'conversation-import',
      actorId: actor.userId,
      subjectId: id,
      payload: { messages: graft.added, format: found.chats[0]?.format ?? '' },
    });
  });
  return { id, added: graft.added };
}

async function growConversation(
  context: MovingContext,
  request: ImportConversation,
  id: string,
): Promise<ImportedConversation> {
  const { actor, found } = request;
  const { storage, clock, events } = context;
  const record = await readConversation(storage.db, { id, ownerId: actor.userId });
  if (!record) return addConversation(context, request);
  const graft = new ChatGraft({
    context,
    conversationId: id,
    existing: await listMessages(storage.db, id),
    authorOf: authorsOf({ ...request, characterId: record.characterId }),
    begunAt: record.createdAt,
    mayMeetAgain: true,
  });
  await readInto(graft, request);
  await storage.transaction(async (trx) => {
    const conversation = await claimPath(trx, { id, ownerId: actor.userId, expected: undefined, now: clock.now() });
    for (const attachment of graft.attachments) {
      const parent = await readMessage(trx, attachment.parentId);
      if (parent?.activeChildId === null) await setActiveChild(trx, attachment);
    }
    const leaf = conversation.leafId === null ? undefined : await readMessage(trx, conversation.leafId);
    // Whoever went on talking here stays where they are.
    if (graft.end && (!leaf || leaf.activeChildId !== null)) {
      await routePathThrough(trx, { conversation, nodeId: leaf?.id ?? graft.end.id });
    }
    await recordChats(context, { trx, actor, found, conversationId: id });
    await events.append(trx, {
      type: 'conversation-import',
      actorId: actor.userId,
      subjectId: id,
      payload: { messages: graft.added, format: found.chats[0]?.format ?? '' },
    });
  });
  return { id, added: graft.added };
}

/** Makes a conversation visible again that was moved in before and deleted. */
export async function restoreConversation(
  context: MovingContext,
  { actor, id }: { actor: Actor; id: string },
): Promise<void> {
  await context.storage.transaction(async (trx) => {
    const changed = await setConversationDeleted(trx, { id, ownerId: actor.userId, deletedAt: null });
    if (!changed) return;
    await context.events.append(trx, {
      type: 'conversation-restore',
      actorId: actor.userId,
      subjectId: id,
      payload: {},
    });
  });
}

async function beginConversation(
  { storage, newId, clock }: MovingContext,
  { actor, found, characterId, speakers, userName, locale }: ImportConversation,
): Promise<{ id: string; begunAt: number }> {
  const character = await readCharacter(storage.db, { id: characterId, userId: actor.userId });
  if (!character) throw new AbortedError('The character of an imported chat was removed meanwhile.');
  const lead = found.chats[0];
  const now = clock.now();
  const begunAt = Math.min(lead?.head.createdAt ?? lastTimeOf(found) ?? now, now);
  const id = newId();
  await storage.transaction(async (trx) => {
    await insertConversation(trx, {
      id,
      ownerId: actor.userId,
      characterId: character.id,
      characterVersionId: character.version.id,
      locale,
      title: found.title === '' ? null : found.title.slice(0, 200),
      leafId: null,
      revision: 0,
      messageCount: 0,
      preview: '',
      model: null,
      preset: 'model',
      personaId: null,
      promptPresetId: null,
      authorsNote: authorsNoteOf(lead),
      foreign: lead ? JSON.stringify(lead.head.foreign) : null,
      memory: 'on',
      room: null,
      worldId: null,
      createdAt: begunAt,
      updatedAt: begunAt,
      // Shown only when it is whole.
      deletedAt: now,
      clientId: unfinishedImportId(found.key),
    });
    await insertParticipant(trx, {
      id: newId(),
      conversationId: id,
      kind: 'human',
      subjectId: actor.userId,
      name: userName,
      createdAt: now,
    });
    const cast = found.chats[0]?.speakers ?? [];
    for (const name of cast.length > 0 ? cast : [found.characterName]) {
      const subjectId = speakers.get(name) ?? (found.isGroup ? guestId(name) : characterId);
      await insertParticipant(trx, {
        id: newId(),
        conversationId: id,
        kind: 'character',
        subjectId,
        name,
        createdAt: now,
      });
    }
  });
  return { id, begunAt };
}

async function readInto(graft: ChatGraft, { found, signal }: ImportConversation): Promise<void> {
  for (const chat of found.chats) {
    await graft.addChat(messagesOf(chat, signal), { isLine: chat.format === 'sillytavern' });
  }
}

/** The messages of one chat of its file. */
async function* messagesOf(chat: FoundChat, signal: AbortSignal): AsyncGenerator<ImportedNode> {
  let number = -1;
  const { format, fileName } = chat;
  for await (const part of readChatFile(chat.file.read(), { format, fileName })) {
    if (signal.aborted) throw new AbortedError('The import was cancelled.');
    if (part.type === 'chat-start') number += 1;
    else if (part.type === 'message-add' && number === chat.number) yield part.node;
    else if (part.type === 'chat-end' && number === chat.number) return;
  }
}

function authorsOf({ actor, found, characterId, speakers, userName }: ImportConversation) {
  return ({ author: { kind, name } }: ImportedNode): MessageNode['author'] => {
    if (kind === 'human') return { kind, id: actor.userId, name: name || userName };
    if (kind === 'narrator') return { kind, id: 'narrator', name: name || 'Narrator' };
    const isLead = name === '' || !found.isGroup;
    const id = speakers.get(name) ?? (isLead ? characterId : guestId(name));
    return { kind, id, name: name || found.characterName };
  };
}

/** Somebody who spoke in a group and has no card here. */
function guestId(name: string): string {
  return `guest:${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
}

async function recordChats(
  { clock }: MovingContext,
  {
    trx,
    actor,
    found,
    conversationId,
  }: {
    trx: Parameters<typeof recordMoved>[0];
    actor: Actor;
    found: FoundConversation;
    conversationId: string;
  },
): Promise<void> {
  for (const { contentHash } of found.chats) {
    await recordMoved(trx, {
      ownerId: actor.userId,
      kind: 'chat',
      sourceHash: contentHash,
      targetId: conversationId,
      createdAt: clock.now(),
    });
  }
}

function lastTimeOf(found: FoundConversation): number | null {
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
