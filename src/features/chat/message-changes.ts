import type { ChangedPath, ChooseMessage, Message } from '../../../contract/messages.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, NotFoundError } from '../../base/errors.ts';
import { claimPath, endPathAt, routePathThrough } from '../../conversation/conversation-tree.ts';
import { heardBy } from '../../conversation/heard-by.ts';
import { setMessageDeleted, setMessageHidden } from '../../conversation/message-store.ts';
import { textOf } from '../../conversation/tree-types.ts';
import { isHost } from '../../conversation/seat.ts';
import { readDeleter } from '../../events/event-store.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';
import { appendMessageEvent } from './message-events.ts';
import { presentMessage } from './present-message.ts';
import { requireInConversation, requireMessage, requireSeatedMessage } from './require-message.ts';
import { requireDeleting, requireOwnDeletion, requireHeard, requireSteering } from './seat-rights.ts';

/** What becomes of messages that were said: which of them the path runs through, deleted, hidden. */
export class MessageChanges {
  readonly #context: ChatContext;
  readonly #conversations: Conversations;

  constructor(context: ChatContext, { conversations }: { conversations: Conversations }) {
    this.#context = context;
    this.#conversations = conversations;
  }

  /** Moves the active path through a sibling, or any message of the tree; `endHere`: to that message and no further. */
  async choose(
    actor: Actor,
    conversationId: string,
    { messageId, expectedRevision: expected, endHere = false }: ChooseMessage,
  ): Promise<ChangedPath> {
    const { storage, clock } = this.#context;
    const { conversation: looked, seat } = await this.#conversations.requireSeat(actor, conversationId);
    requireSteering({ conversation: looked, seat });
    const { ownerId } = looked;
    const { conversation, target } = await storage.transaction(async (trx) => {
      const conversation = await claimPath(trx, { id: conversationId, ownerId, expected, now: clock.now() });
      const target = await requireInConversation(trx, { conversationId, messageId });
      if (endHere) await endPathAt(trx, { conversation, node: target });
      else await routePathThrough(trx, { conversation, nodeId: target.id });
      const event = { actor, conversationId, type: 'path-change', messageId: target.id } as const;
      await appendMessageEvent(this.#context, trx, event);
      return { conversation, target };
    });
    await this.#conversations.announce(actor, conversationId);
    return { message: await presentMessage(storage.db, target, seat), reply: null, revision: conversation.revision };
  }

  async setDeleted(actor: Actor, messageId: string, deleted: boolean): Promise<{ message: Message; revision: number }> {
    const { storage, clock, search } = this.#context;
    const { node, conversation: looked, seat } = await requireSeatedMessage(storage.db, { actor, messageId });
    requireDeleting(seat, node);
    if (!deleted && !isHost(seat)) {
      requireOwnDeletion(seat, await readDeleter(storage.db, { conversationId: looked.id, messageId }));
    }
    const { id: conversationId, ownerId } = looked;
    if (node.state === 'streaming') {
      throw new ConflictError('This reply is being written: stop it first.', { code: 'reply-running' });
    }
    const conversation = await storage.transaction(async (trx) => {
      const now = clock.now();
      const conversation = await claimPath(trx, { id: conversationId, ownerId, expected: undefined, now });
      await setMessageDeleted(trx, { id: messageId, deletedAt: deleted ? now : null });
      if (deleted) await search.remove(trx, messageId);
      else await search.put(trx, { id: messageId, conversationId, text: textOf(node.parts) });
      const type = deleted ? 'message-delete' : 'message-restore';
      await appendMessageEvent(this.#context, trx, { actor, conversationId, type, messageId });
      return conversation;
    });
    const { node: changed } = await requireSeatedMessage(storage.db, { actor, messageId });
    const message = await presentMessage(storage.db, changed);
    this.#context.live.publish(conversationId, { type: 'message-change', message });
    await this.#conversations.announce(actor, conversationId);
    return { message: heardBy(message, seat), revision: conversation.revision };
  }

  /**
   * A hidden message stays where it is for people; a model is never sent it. It takes a revision as every change does,
   * by which a device that was away sees that it missed something.
   */
  async setHidden(actor: Actor, messageId: string, hidden: boolean): Promise<{ message: Message; revision: number }> {
    const { storage, clock, live } = this.#context;
    const { node, conversation: looked } = await requireMessage(storage.db, { actor, messageId });
    const { id: conversationId, ownerId } = looked;
    const { seat } = await this.#conversations.requireSeat(actor, conversationId);
    requireHeard(node, seat);
    if (node.deletedAt !== null) {
      throw new NotFoundError('This message was deleted: restore it first.', { code: 'message-deleted' });
    }
    if (node.hidden === hidden) {
      return { message: await presentMessage(storage.db, node), revision: looked.revision };
    }
    const conversation = await storage.transaction(async (trx) => {
      const claimed = await claimPath(trx, { id: conversationId, ownerId, expected: undefined, now: clock.now() });
      await setMessageHidden(trx, { id: messageId, hidden });
      const type = hidden ? 'message-hide' : 'message-show';
      await appendMessageEvent(this.#context, trx, { actor, conversationId, type, messageId });
      return claimed;
    });
    const { node: changed } = await requireMessage(storage.db, { actor, messageId });
    const message = await presentMessage(storage.db, changed);
    live.publish(conversationId, { type: 'message-change', message });
    await this.#conversations.announce(actor, conversationId);
    return { message, revision: conversation.revision };
  }
}
