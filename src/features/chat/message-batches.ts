import { type ChangedMessages, type ChangeMessages, type MessageSelection } from '../../../contract/branches.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../base/errors.ts';
import { claimPath } from '../../conversation/conversation-tree.ts';
import {
  changeManyMessages,
  inChunks,
  insertMessageBatch,
  markBatchUndone,
  readMessageBatch,
  readSelectable,
  readSelectablePath,
  type MessageBatch,
  type SelectedMessage,
} from '../../conversation/message-batch-store.ts';
import { readMessages } from '../../conversation/message-store.ts';
import { textOf, type ConversationRecord } from '../../conversation/tree-types.ts';
import type { EventType } from '../../events/event-store.ts';
import type { Trx } from '../../storage/storage.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';

/** Ids that watchers are told one by one; of more they only hear that much has changed. */
const MOST_TOLD = 2000;

type Change = 'delete' | 'restore' | 'hide' | 'show';
const UNDONE_BY = { delete: 'restore', hide: 'show', show: 'hide' } as const satisfies Record<string, Change>;
const EVENTS = {
  delete: 'message-delete',
  restore: 'message-restore',
  hide: 'message-hide',
  show: 'message-show',
} as const satisfies Record<Change, EventType>;

/** Changes of many messages at once: deleted, hidden from the model, shown to it again; each undone whole. */
export class MessageBatches {
  readonly #context: ChatContext;
  readonly #conversations: Conversations;

  constructor(context: ChatContext, conversations: Conversations) {
    this.#context = context;
    this.#conversations = conversations;
  }

  async change(actor: Actor, conversationId: string, request: ChangeMessages): Promise<ChangedMessages> {
    const { storage, clock, newId } = this.#context;
    const { ownerId } = await this.#conversations.require(actor, conversationId);
    const { action, selection, expectedRevision: expected } = request;
    const { conversation, batch } = await storage.transaction(async (trx) => {
      const now = clock.now();
      const conversation = await claimPath(trx, { id: conversationId, ownerId, expected, now });
      const ids = (await select(trx, conversation, selection)).filter(needs(action)).map(({ id }) => id);
      const batch: MessageBatch = {
        id: newId(),
        conversationId,
        action,
        messageIds: ids,
        createdAt: now,
        undoneAt: null,
      };
      if (ids.length > 0) {
        await this.#apply(trx, { actor, conversationId, ids, change: action });
        await insertMessageBatch(trx, batch);
      }
      return { conversation, batch };
    });
    return this.#tell(actor, { conversation, batch, change: action });
  }

  /** Everything that one change did, back as it was; what was changed again since then stays as it is now. */
  async undo(actor: Actor, conversationId: string, batchId: string): Promise<ChangedMessages> {
    const { storage, clock } = this.#context;
    const { ownerId } = await this.#conversations.require(actor, conversationId);
    const { conversation, batch, change } = await storage.transaction(async (trx) => {
      const now = clock.now();
      const batch = await readMessageBatch(trx, { id: batchId, conversationId });
      if (!batch) throw new NotFoundError('There is no such change in this conversation.', { field: 'batchId' });
      const conversation = await claimPath(trx, { id: conversationId, ownerId, expected: undefined, now });
      if (!(await markBatchUndone(trx, { id: batchId, now }))) {
        throw new ConflictError('This change was undone before.', { code: 'already-undone' });
      }
      const change = UNDONE_BY[batch.action];
      const there = await readSelectable(trx, { conversationId, ids: batch.messageIds });
      const ids = there.filter(needs(change)).map(({ id }) => id);
      await this.#apply(trx, { actor, conversationId, ids, change });
      return { conversation, batch: { ...batch, messageIds: ids }, change };
    });
    return this.#tell(actor, { conversation, batch, change });
  }

  async #apply(
    trx: Trx,
    {
      actor,
      conversationId,
      ids,
      change,
    }: { actor: Actor; conversationId: string; ids: readonly string[]; change: Change },
  ): Promise<void> {
    const { clock, events, search } = this.#context;
    const isOfDeletion = change === 'delete' || change === 'restore';
    await changeManyMessages(trx, {
      ids,
      change: isOfDeletion ? { deletedAt: change === 'delete' ? clock.now() : null } : { hidden: change === 'hide' },
    });
    if (change === 'delete') for (const id of ids) await search.remove(trx, id);
    if (change === 'restore') {
      for (const some of inChunks(ids)) {
        for (const { id, parts } of await readMessages(trx, some)) {
          await search.put(trx, { id, conversationId, text: textOf(parts) });
        }
      }
    }
    // Without a message's id: whoever follows the log looks at the whole conversation again.
    const payload = { messages: ids.length };
    await events.append(trx, { type: EVENTS[change], actorId: actor.userId, subjectId: conversationId, payload });
  }

  async #tell(
    actor: Actor,
    { conversation, batch, change }: { conversation: ConversationRecord; batch: MessageBatch; change: Change },
  ): Promise<ChangedMessages> {
    const { messageIds: ids } = batch;
    if (ids.length > 0) {
      const messageIds = ids.length > MOST_TOLD ? null : [...ids];
      this.#context.live.publish(conversation.id, { type: 'messages-change', change, messageIds });
    }
    await this.#conversations.announce(actor, conversation.id);
    return { batchId: ids.length > 0 ? batch.id : null, changed: ids.length, revision: conversation.revision };
  }
}

/** True for messages that a change would change; a reply still being written is let alone. */
function needs(change: Change): (message: SelectedMessage) => boolean {
  return ({ state, hidden, deletedAt }) => {
    if (state === 'streaming') return false;
    if (change === 'restore') return deletedAt !== null;
    if (deletedAt !== null) return false;
    return change === 'delete' || (hidden === 1) !== (change === 'hide');
  };
}

/** What a selection means now. */
async function select(
  trx: Trx,
  { id: conversationId, leafId }: ConversationRecord,
  { messageIds, fromId, toId, by }: MessageSelection,
): Promise<SelectedMessage[]> {
  const ofAuthor = ({ authorKind }: SelectedMessage) => by === undefined || authorKind === by;
  if (messageIds !== undefined) {
    if (fromId !== undefined || toId !== undefined) {
      throw new InvalidInputError('Name messages, or a stretch of the path, not both.', { field: 'messageIds' });
    }
    const found = await readSelectable(trx, { conversationId, ids: messageIds });
    if (found.length < new Set(messageIds).size) throw noMessage('messageIds');
    return found.filter(ofAuthor);
  }
  const path = leafId === null ? [] : await readSelectablePath(trx, leafId);
  const from = fromId === undefined ? 0 : path.findIndex(({ id }) => id === fromId);
  const to = toId === undefined ? path.length - 1 : path.findIndex(({ id }) => id === toId);
  if (from < 0) throw noMessage('fromId');
  if (toId !== undefined && to < 0) throw noMessage('toId');
  // A stretch has two ends, whichever was named first.
  return path.slice(Math.min(from, to), Math.max(from, to) + 1).filter(ofAuthor);
}

function noMessage(field: string): NotFoundError {
  return new NotFoundError('There is no such message on the path.', { field: `selection.${field}` });
}
