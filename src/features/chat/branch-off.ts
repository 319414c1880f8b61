import type { BranchOff } from '../../../contract/branches.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, NotFoundError } from '../../base/errors.ts';
import { copyAttachments, copyParts } from '../../conversation/attachment-copy-store.ts';
import { layWays, previewOf } from '../../conversation/conversation-tree.ts';
import {
  insertConversation,
  readConversation,
  readConversationByClientId,
  setPath,
} from '../../conversation/conversation-store.ts';
import { insertMessage, readPathUp } from '../../conversation/message-store.ts';
import { insertOrigin } from '../../conversation/origin-store.ts';
import { insertParticipant, listParticipants } from '../../conversation/participant-store.ts';
import { copyAudience, copyBesideMessages, holdForCopy, type PathCopy } from '../../conversation/path-copy-store.ts';
import { textOf, type ConversationRecord, type MessageNode } from '../../conversation/tree-types.ts';
import { copyMemoryOfMessages } from '../../memory/copy-memory-store.ts';
import type { Trx } from '../../storage/storage.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';
import { presentConversation } from './present-conversation.ts';
import { requireInConversation } from './require-message.ts';

/** A path goes on as a conversation of its own: a copy with its own ids, linked with where it came from. */
export class BranchesOff {
  readonly #context: ChatContext;
  readonly #conversations: Conversations;

  constructor(context: ChatContext, conversations: Conversations) {
    this.#context = context;
    this.#conversations = conversations;
  }

  async branchOff(actor: Actor, conversationId: string, request: BranchOff): Promise<Conversation> {
    const { storage } = this.#context;
    const from = await this.#conversations.require(actor, conversationId);
    const there = await this.#madeBefore(actor, request.clientId);
    if (there) return presentConversation(this.#context, there);
    const end = await requireInConversation(storage.db, { conversationId, messageId: request.messageId });
    if (end.state === 'streaming') {
      throw new ConflictError('This reply is being written: wait for it or stop it first.', { code: 'reply-running' });
    }
    const path = await readPathUp(storage.db, { conversationId, fromId: end.id, limit: end.depth + 1 });
    const record = await storage
      .transaction((trx) => this.#copy(trx, { actor, from, path, request }))
      .catch(async (error: unknown) => {
        // The same request may have come twice at once: then the other one was committed a moment ago.
        const twin = await this.#madeBefore(actor, request.clientId);
        if (twin) return twin;
        throw error;
      });
    this.#context.heldMemory.invalidate(from);
    return presentConversation(this.#context, record);
  }

  async #madeBefore({ userId }: Actor, clientId: string | undefined): Promise<ConversationRecord | undefined> {
    if (clientId === undefined) return undefined;
    return readConversationByClientId(this.#context.storage.db, { ownerId: userId, clientId });
  }

  async #copy(
    trx: Trx,
    { actor, from, path, request }: { actor: Actor; from: ConversationRecord; path: MessageNode[]; request: BranchOff },
  ): Promise<ConversationRecord> {
    const { clock, newId, search, events } = this.#context;
    const now = clock.now();
    const to = newId();
    if (!(await holdForCopy(trx, from.id))) throw new NotFoundError('There is no such conversation.');
    const record: ConversationRecord = {
      ...from,
      id: to,
      title: request.title?.trim() ?? from.title,
      revision: 0,
      messageCount: path.length,
      preview: previewAt(path),
      leafId: null,
      foreign: null,
      createdAt: now,
      updatedAt: now,
    };
    await insertConversation(trx, { ...record, clientId: request.clientId ?? null });
    const messages = new Map(path.map(({ id }) => [id, newId()]));
    const people = await this.#copyParticipants(trx, { from: from.id, to, now });
    const files = await copyAttachments(trx, { to, messages, newId });
    const copy: PathCopy = { from: from.id, to, messages, files, ...people };
    for (const [index, node] of path.entries()) {
      const copied = copyNode(node, { copy, next: path[index + 1] });
      await insertMessage(trx, copied);
      if (copied.deletedAt === null)
        await search.put(trx, { id: copied.id, conversationId: to, text: textOf(copied.parts) });
    }
    const last = path.at(-1);
    const leafId = (last && messages.get(last.id)) ?? null;
    if (leafId !== null) {
      await setPath(trx, { ...record, leafId });
      await layWays(trx, { conversationId: to, leafId });
    }
    await copyBesideMessages(trx, copy);
    await copyMemoryOfMessages(trx, { from: from.id, to, messages, newId });
    if (last && leafId !== null) {
      const ends = { conversationId: to, fromConversationId: from.id, fromMessageId: last.id, messageId: leafId };
      await insertOrigin(trx, { ...ends, createdAt: now });
    }
    await events.append(trx, {
      type: 'conversation-create',
      actorId: actor.userId,
      subjectId: to,
      payload: { characterId: from.characterId, characterVersionId: from.characterVersionId, branchedFrom: from.id },
    });
    return (await readConversation(trx, record)) ?? record;
  }

  /** Guests stay with the conversation they were invited to: in the copy they are people who were there once. */
  async #copyParticipants(
    trx: Trx,
    { from, to, now }: { from: string; to: string; now: number },
  ): Promise<Pick<PathCopy, 'participants' | 'absent'>> {
    const participants = new Map<string, string>();
    const absent = new Set<string>();
    for (const participant of await listParticipants(trx, from)) {
      const id = this.#context.newId();
      participants.set(participant.id, id);
      const isGuest = participant.role === 'guest';
      if (isGuest) absent.add(id);
      const leftAt = isGuest ? (participant.leftAt ?? now) : participant.leftAt;
      await insertParticipant(trx, { ...participant, id, conversationId: to, leftAt });
    }
    return { participants, absent };
  }
}

/** A message with the ids of the copy. What it was edited from and who sent it stay with the original. */
function copyNode(
  node: MessageNode,
  { copy: { to, messages, participants, files }, next }: { copy: PathCopy; next: MessageNode | undefined },
): MessageNode {
  const copyOf = (id: string | null | undefined): string | null => (id ? (messages.get(id) ?? null) : null);
  return {
    ...node,
    id: copyOf(node.id) ?? node.id,
    conversationId: to,
    parentId: copyOf(node.parentId),
    activeChildId: copyOf(next?.id),
    stageId: copyOf(node.stageId),
    audience: copyAudience(node.audience, participants),
    parts: copyParts(node.parts, files),
    editOf: null,
    clientId: null,
  };
}

function previewAt(path: readonly MessageNode[]): string {
  const last = path.findLast((node) => node.deletedAt === null && textOf(node.parts) !== '');
  return last ? previewOf(last) : '';
}
