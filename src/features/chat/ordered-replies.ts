import type { Message } from '../../../contract/messages.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError } from '../../base/errors.ts';
import { appendToPath, claimPath, requireSettledLeaf, routePathThrough } from '../../conversation/conversation-tree.ts';
import { readMessage, readMessageByClientId, readWholeChildren } from '../../conversation/message-store.ts';
import { textOf, type ConversationRecord, type MessageNode } from '../../conversation/tree-types.ts';
import type { Commission } from '../../turn/turn-request.ts';
import { answeredParts, requireAnswered, type CallResult } from './answered-calls.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';
import { FollowedReply, type OrderedPart } from './followed-reply.ts';
import { appendMessageEvent } from './message-events.ts';
import type { Messages } from './messages.ts';
import { NewNodes } from './new-nodes.ts';
import type { Replies } from './replies.ts';

/** Something said in a conversation of one's own, whose reply is waited for. */
export interface OrderedReply {
  conversationId: string;
  /** The message it follows: where the talk went on from there already, it becomes a branch. Null = the path's end. */
  afterId: string | null;
  /** Empty where there are only results. */
  text: string;
  /** Takes the files in that come with the words; null = none come. */
  attach: (() => Promise<string[]>) | null;
  /** Of the calls that the message it follows made. */
  results: readonly CallResult[];
  /** The same id again is the same message. */
  clientId: string;
  commission: Commission;
  /** Stops the reply; its words stay. */
  signal: AbortSignal;
}

/** Conversations that programs hold through the platform: the house's own, as anybody sees them in the app. */
export class OrderedReplies {
  readonly #context: ChatContext;
  readonly #parts: { conversations: Conversations; messages: Messages; replies: Replies };
  readonly #nodes: NewNodes;

  constructor(context: ChatContext, parts: { conversations: Conversations; messages: Messages; replies: Replies }) {
    this.#context = context;
    this.#parts = parts;
    this.#nodes = new NewNodes(context);
  }

  /** The same `clientId` again is the conversation it began before. `greeting`: what the character said first. */
  async begin(
    actor: Actor,
    { characterId, versionId, clientId }: { characterId: string; versionId?: string | undefined; clientId: string },
  ): Promise<{ conversationId: string; greeting: string | null }> {
    const { id } = await this.#parts.conversations.create(actor, { characterId, clientId }, { versionId });
    const { messages } = await this.#parts.messages.page(actor, { conversationId: id, limit: 1 });
    const [first] = messages;
    return { conversationId: id, greeting: first ? textOf(first.parts) : null };
  }

  /**
   * Resolves when the message is kept and its reply has begun; the reply goes on whether or not it is read. What was
   * said before and only failed to be answered is answered anew, not said again.
   */
  async say(actor: Actor, order: OrderedReply): Promise<{ messageId: string; parts: AsyncIterable<OrderedPart> }> {
    const { conversationId, clientId, results } = order;
    const conversation = await this.#parts.conversations.require(actor, conversationId);
    const isKnown = await readMessageByClientId(this.#context.storage.db, { conversationId, clientId });
    const reply = isKnown
      ? await this.#sayAgain(actor, order)
      : results.length > 0
        ? await this.#goOn(actor, order, conversation)
        : await this.#say(actor, order, conversation);
    const followed = new FollowedReply(this.#context, { ...this.#parts, actor, reply });
    return { messageId: reply.id, parts: followed.parts(order.signal) };
  }

  async #say(actor: Actor, order: OrderedReply, { leafId }: Pick<ConversationRecord, 'leafId'>): Promise<Message> {
    const { conversationId, afterId, text, clientId, commission, attach } = order;
    const { db } = this.#context.storage;
    const { messages } = this.#parts;
    const failed = attach === null ? await this.#failedReply(order, leafId) : null;
    if (failed) return this.#answerAnew(actor, order, failed);
    const after = afterId ?? leafId;
    requireAnswered((after === null ? undefined : await readMessage(db, after))?.parts ?? []);
    const moved =
      afterId === null || afterId === leafId
        ? null
        : await messages.changes.choose(actor, conversationId, { messageId: afterId, endHere: true });
    const attachments = await attach?.();
    const sent = {
      text,
      clientId,
      ...(attachments ? { attachments } : {}),
      ...(moved ? { expectedRevision: moved.revision } : {}),
    };
    const { reply } = await messages.send(actor, conversationId, sent, { parts: [], commission });
    return reply ?? noReply();
  }

  async #sayAgain(actor: Actor, order: OrderedReply): Promise<Message> {
    const { conversationId, text, clientId, commission } = order;
    const said = { text, clientId };
    const { reply } = await this.#parts.messages.send(actor, conversationId, said, { parts: [], commission });
    if (!reply) return noReply();
    return brokeOff(reply) ? this.#answerAnew(actor, order, reply) : reply;
  }

  async #answerAnew(actor: Actor, { conversationId, commission }: OrderedReply, { id }: { id: string }) {
    const asked = { kind: 'regenerate', messageId: id } as const;
    return (await this.#parts.replies.start(actor, conversationId, asked, { commission })).reply;
  }

  /** With what its calls gave a reply goes on beside itself; words after that are said below it. */
  async #goOn(actor: Actor, order: OrderedReply, { leafId }: ConversationRecord): Promise<Message> {
    const { conversationId, afterId, results, commission } = order;
    const targetId = afterId ?? leafId;
    const target = targetId === null ? undefined : await readMessage(this.#context.storage.db, targetId);
    const begun = answeredParts(target?.conversationId === conversationId ? target : undefined, results);
    if (order.text === '' && order.attach === null) {
      const asked = { kind: 'continue', messageId: target?.id ?? '' } as const;
      return (await this.#parts.replies.start(actor, conversationId, asked, { commission, begun })).reply;
    }
    const answered = target && (await this.#keepAnswered(actor, { ...target, parts: begun }));
    return this.#say(actor, { ...order, afterId: answered?.id ?? null }, { leafId: answered?.id ?? null });
  }

  async #keepAnswered(actor: Actor, target: MessageNode): Promise<MessageNode> {
    const { storage, clock } = this.#context;
    const { conversationId } = target;
    const looked = await this.#parts.conversations.require(actor, conversationId);
    const node = await storage.transaction(async (trx) => {
      const right = { id: conversationId, ownerId: looked.ownerId, expected: undefined, now: clock.now() };
      const conversation = await claimPath(trx, right);
      await requireSettledLeaf(trx, conversation);
      const parent = target.parentId === null ? null : ((await readMessage(trx, target.parentId)) ?? null);
      const { author, parts, audience, manner } = target;
      const blank = this.#nodes.blank(conversation, parent);
      const answered = { ...blank, author, parts, audience, manner, editOf: target.id };
      await appendToPath(trx, { conversation, nodes: [answered] });
      await routePathThrough(trx, { conversation, nodeId: answered.id });
      const event = { actor, conversationId, type: 'message-edit', messageId: answered.id } as const;
      await appendMessageEvent(this.#context, trx, event);
      return answered;
    });
    await this.#parts.conversations.announce(actor, conversationId);
    return node;
  }

  /** The failed reply to the same words at the same place, where there is nothing else. */
  async #failedReply(
    { conversationId, afterId, text }: OrderedReply,
    leafId: string | null,
  ): Promise<MessageNode | null> {
    const { db } = this.#context.storage;
    const leaf = leafId === null ? undefined : await readMessage(db, leafId);
    const below = afterId ?? (leaf && brokeOff(leaf) ? await grandparentId(leaf, db) : null);
    if (below === null) return null;
    const said = await readWholeChildren(db, { conversationId, parentIds: [below] });
    const same = said.findLast(({ author, parts }) => author.kind === 'human' && textOf(parts) === text);
    if (!same || same.parts.some(({ type }) => type !== 'text')) return null;
    const replies = await readWholeChildren(db, { conversationId, parentIds: [same.id] });
    return replies.every(brokeOff) ? (replies.at(-1) ?? null) : null;
  }
}

async function grandparentId({ parentId }: MessageNode, db: ChatContext['storage']['db']): Promise<string | null> {
  return parentId === null ? null : ((await readMessage(db, parentId))?.parentId ?? null);
}

function brokeOff({ state }: Pick<Message, 'state'>): boolean {
  return state === 'failed' || state === 'interrupted' || state === 'stopped';
}

function noReply(): never {
  throw new ConflictError('This message was sent before, and has no reply.', { code: 'no-reply' });
}
