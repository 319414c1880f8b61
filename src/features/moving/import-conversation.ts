import type { Attachment } from '../../../contract/attachments.ts';
import type { Locale } from '../../../contract/common.ts';
import type { Actor } from '../../accounts/actor.ts';
import { AbortedError } from '../../base/errors.ts';
import { purgeConversation, readConversation, setConversationDeleted } from '../../conversation/conversation-store.ts';
import { claimPath, layWays, previewOf, routePathThrough } from '../../conversation/conversation-tree.ts';
import type { ImportedNode } from '../../conversation/exchange/imported-chat.ts';
import { readChatFile } from '../../conversation/exchange/read-chat-file.ts';
import { finishImport } from '../../conversation/import-store.ts';
import { listMessages, readMessage, setActiveChild } from '../../conversation/message-store.ts';
import type { MessageNode } from '../../conversation/tree-types.ts';
import { beginImport, guestId, lastTimeOf } from './begin-import.ts';
import { ChatGraft } from './chat-graft.ts';
import type { FoundConversation } from './found.ts';
import { recordMoved } from './move-record-store.ts';
import type { MovingContext } from './moving-context.ts';
import { arriveFiles, insertMarks } from './own-import.ts';
import type { ArrivedPerson } from './own-message.ts';
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
  const { id, begunAt, people, worldId } = await beginImport(context, request);
  const { own } = found.chats[0]?.head ?? {};
  const files = new Map<string, Attachment>();
  const graft = new ChatGraft({
    context,
    conversationId: id,
    authorOf: authorsOf(request, people),
    begunAt,
    ownKeys: own ? { people, files, keepsPlaces: worldId !== null } : null,
    mayMeetAgain: found.chats.length > 1,
  });
  try {
    await takeFiles(context, { request, id, files });
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
    const end = own?.end === undefined || own.end === null ? graft.end : (graft.onPathAt(own.end) ?? graft.end);
    const leaf = end && end.id !== graft.end?.id ? await readMessage(trx, end.id) : undefined;
    await finishImport(trx, {
      id,
      key: found.key,
      leafId: end?.id ?? null,
      messageCount: end ? end.depth + 1 : 0,
      preview: leaf ? previewOf(leaf) : graft.preview,
      updatedAt,
    });
    if (end) await layWays(trx, { conversationId: id, leafId: end.id });
    if (own) {
      const idAt = (number: number) => graft.idAt(number);
      await insertMarks(trx, { own, conversationId: id, idAt, newId: context.newId });
    }
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

async function takeFiles(
  context: MovingContext,
  { request, id, files }: { request: ImportConversation; id: string; files: Map<string, Attachment> },
): Promise<void> {
  const chat = request.found.chats[0];
  if (!chat?.head.own) return;
  const { actor, signal } = request;
  const arrived = await arriveFiles(context, { actor, conversationId: id, file: chat.file, signal });
  for (const [key, file] of arrived) files.set(key, file);
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

function authorsOf(
  { actor, found, characterId, speakers, userName }: ImportConversation,
  people: ReadonlyMap<string, ArrivedPerson> = new Map(),
) {
  return ({ author: { kind, name }, own }: ImportedNode): MessageNode['author'] => {
    const person = people.get(own?.author.participant ?? '');
    if (person?.kind === kind) return { kind, id: person.subjectId, name };
    if (own && kind === 'narrator') return { kind, id: '', name };
    if (kind === 'human') return { kind, id: actor.userId, name: name || userName };
    if (kind === 'narrator') return { kind, id: 'narrator', name: name || 'Narrator' };
    const isLead = name === '' || !found.isGroup;
    const id = speakers.get(name) ?? (isLead ? characterId : guestId(name));
    return { kind, id, name: name || found.characterName };
  };
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
