import type {
  ChangedPath,
  EditMessage,
  Message,
  MessagePage,
  MessagePart,
  Receipt,
  SendMessage,
  SentMessage,
} from '../../../contract/messages.ts';
import { receiptSchema } from '../../../contract/messages.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, NotFoundError } from '../../base/errors.ts';
import { touchMark } from '../../character/mark-store.ts';
import { readJoinedConversation, readReceipt } from '../../conversation/conversation-store.ts';
import { appendToPath, claimPath, requireSettledLeaf, routePathThrough } from '../../conversation/conversation-tree.ts';
import type { ParticipantRecord } from '../../conversation/participant-store.ts';
import { isHost, type Seat } from '../../conversation/seat.ts';
import { readMessage, readMessageByClientId } from '../../conversation/message-store.ts';
import { textOf, type ConversationRecord, type MessageNode } from '../../conversation/tree-types.ts';
import type { Trx } from '../../storage/storage.ts';
import type { Commission } from '../../turn/turn-request.ts';
import { sayWords } from '../../turn/said-words.ts';
import { insertTurnState } from '../../turn/turn-state-store.ts';
import { readCast, type Cast } from './cast.ts';
import { carryFiles, filesOf, readOwnFiles } from './attach-files.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';
import { presentMessage } from './present-message.ts';
import type { MessagePages, PageRequest } from './message-pages.ts';
import { NewNodes } from './new-nodes.ts';
import type { ReplyPlan } from './plan-reply.ts';
import type { Replies } from './replies.ts';
import { RoomAnswers } from './room-answers.ts';
import type { RoomRuns } from './room-runs.ts';
import { MessageChanges } from './message-changes.ts';
import { appendMessageEvent } from './message-events.ts';
import { requireHeardMessage, requireSeatedMessage } from './require-message.ts';
import { isAuthor, requireEditing } from './seat-rights.ts';
import { receiptForGuest, withholdMemories } from './withhold-receipt.ts';

/** What a message carries besides its words. */
export interface SentAlong {
  parts: readonly MessagePart[];
  /** How the reply to it was ordered through the platform. */
  commission?: Commission;
  /** Joins the transaction that keeps the message. */
  join?: (trx: Trx, message: { messageId: string; createdAt: number }) => Promise<void>;
}

/** What is said in a conversation: read, send, edit; `changes` are made to what was said. */
export class Messages {
  readonly changes: MessageChanges;
  readonly #context: ChatContext;
  readonly #conversations: Conversations;
  readonly #replies: Replies;
  readonly #runs: RoomRuns;
  readonly #answers: RoomAnswers;
  readonly #pages: MessagePages;
  readonly #nodes: NewNodes;

  constructor(
    context: ChatContext,
    parts: { conversations: Conversations; replies: Replies; runs: RoomRuns; pages: MessagePages },
  ) {
    this.#context = context;
    this.#runs = parts.runs;
    this.#answers = new RoomAnswers(context, parts.runs);
    this.#conversations = parts.conversations;
    this.#replies = parts.replies;
    this.#pages = parts.pages;
    this.#nodes = new NewNodes(context);
    this.changes = new MessageChanges(context, parts);
  }

  page(actor: Actor, request: PageRequest): Promise<MessagePage> {
    return this.#pages.page(actor, request);
  }

  async read(actor: Actor, messageId: string): Promise<Message> {
    const { node, seat } = await requireSeatedMessage(this.#context.storage.db, { actor, messageId });
    return presentMessage(this.#context.storage.db, node, seat);
  }

  async receipt(actor: Actor, messageId: string): Promise<Receipt> {
    const { db } = this.#context.storage;
    const { seat } = await requireHeardMessage(db, { actor, messageId });
    const body = await readReceipt(db, messageId);
    if (body === undefined) throw new NotFoundError('This message has no receipt.');
    const receipt = receiptSchema.parse(JSON.parse(body));
    return isHost(seat) ? withholdMemories(db, receipt, actor.userId) : receiptForGuest(receipt);
  }

  async send(
    actor: Actor,
    conversationId: string,
    request: SendMessage,
    along: SentAlong = { parts: [] },
  ): Promise<SentMessage> {
    const { db } = this.#context.storage;
    const { conversation, seat } = await this.#conversations.requireSeat(actor, conversationId);
    const cast = await readCast(this.#context, conversation);
    const sent = { conversationId, clientId: request.clientId };
    const before = await readMessageByClientId(db, sent);
    if (before) return this.#sentBefore(seat, before);
    const { speakers, to } = request;
    await this.#answers.requireSpeakers({ conversation, seat }, { cast, speakers, to });
    const commit = () => this.#commit(actor, { conversation, seat, cast, request, along });
    const committed = await this.#answers.inTurn(conversation, commit).catch(async (error: unknown) => {
      // The same message may have come twice at once: then the other one was committed a moment ago.
      const twin = await readMessageByClientId(db, sent);
      if (twin) return twin;
      throw error;
    });
    if (!('plan' in committed)) return this.#sentBefore(seat, committed);
    const told = await this.#replies.announcePath(actor, { ...committed, cast, reader: seat });
    if (request.reply === false) return told;
    return this.#answers.answer(told, { conversation, seat, message: committed.message, speakers });
  }

  #commit(
    actor: Actor,
    { conversation: looked, seat, cast, request, along }: Seat & { cast: Cast; request: SendMessage; along: SentAlong },
  ): Promise<{ conversation: ConversationRecord; message: MessageNode; plan: ReplyPlan | null }> {
    const conversationId = looked.id;
    return this.#context.storage.transaction(async (trx) => {
      const conversation = await this.#claim(trx, looked, request.expectedRevision);
      const leaf = await requireSettledLeaf(trx, conversation);
      const blank = this.#nodes.blank(conversation, leaf ?? null);
      const { card, locale } = cast;
      const userName = isHost(seat) ? cast.userName : seat.name;
      const said = await sayWords(trx, {
        conversationId,
        leafId: leaf?.id ?? null,
        messageId: blank.id,
        now: blank.createdAt,
        text: request.text,
        card,
        userName,
        locale,
      });
      const files = await readOwnFiles(trx, {
        conversationId,
        userId: actor.userId,
        ids: request.attachments ?? [],
      });
      // Macros may have said nothing at all; an empty message would be none.
      const words = said.text.trim() === '' ? request.text : said.text;
      const message: MessageNode = {
        ...blank,
        author: { kind: 'human', id: actor.userId, name: userName },
        parts: [...(words.trim() === '' ? [] : [{ type: 'text' as const, text: words }]), ...files, ...along.parts],
        clientId: request.clientId,
        ...(await this.#nodes.heard(trx, { cast, parent: leaf ?? null, seat, to: request.to })),
      };
      // In a room it is found out who answers once the words are there.
      const reply =
        request.reply === false || message.manner === 'aside' || cast.room !== null
          ? null
          : await this.#nodes.reply(trx, { conversation, parent: message, cast });
      await appendToPath(trx, { conversation, nodes: reply ? [message, reply] : [message] });
      await carryFiles(trx, { messageId: message.id, conversationId, parts: files });
      if (said.state) await insertTurnState(trx, { messageId: message.id, conversationId, state: said.state });
      await this.#context.search.put(trx, { id: message.id, conversationId, text: textOf(message.parts) });
      const { characterId } = conversation;
      if (isHost(seat)) await touchMark(trx, { userId: actor.userId, characterId, now: message.createdAt });
      await this.#tellSent(trx, { actor, message, reply });
      await along.join?.(trx, { messageId: message.id, createdAt: message.createdAt });
      return { conversation, message, plan: reply && answerTo(message, reply, along) };
    });
  }

  async #tellSent(
    trx: Trx,
    { actor, message, reply }: { actor: Actor; message: MessageNode; reply: MessageNode | null },
  ): Promise<void> {
    const told = { actor, conversationId: message.conversationId };
    await appendMessageEvent(this.#context, trx, { ...told, type: 'message-commit', messageId: message.id });
    if (reply) await appendMessageEvent(this.#context, trx, { ...told, type: 'reply-start', messageId: reply.id });
  }

  /** The same `clientId` again: the first result, not a second message. */
  async #sentBefore(seat: ParticipantRecord, node: MessageNode): Promise<SentMessage> {
    const { db } = this.#context.storage;
    const { subjectId: userId } = seat;
    if (!isAuthor(seat, node)) {
      throw new ConflictError('Somebody else has used this id here: send it again under another.', {
        code: 'client-id-taken',
        field: 'clientId',
      });
    }
    const conversation = await readJoinedConversation(db, { id: node.conversationId, userId });
    if (!conversation) throw new NotFoundError('There is no such conversation.');
    const next = node.activeChildId === null ? undefined : await readMessage(db, node.activeChildId);
    return {
      message: await presentMessage(db, node, seat),
      reply: next?.author.kind === 'character' ? await presentMessage(db, next, seat) : null,
      revision: conversation.revision,
    };
  }

  /** Adds an edited sibling; the old words stay where they were. */
  async edit(actor: Actor, messageId: string, request: EditMessage): Promise<ChangedPath> {
    const { storage } = this.#context;
    const { node, conversation: looked, seat } = await requireSeatedMessage(storage.db, { actor, messageId });
    requireEditing(seat, node);
    if (node.deletedAt !== null) {
      throw new NotFoundError('This message was deleted: restore it first.', { code: 'message-deleted' });
    }
    const cast = await readCast(this.#context, looked);
    const withReply = request.reply === true && node.author.kind === 'human' && node.manner !== 'aside';
    await this.#runs.end(looked.id);
    const { conversation, message, reply } = await storage.transaction(async (trx) => {
      const conversation = await this.#claim(trx, looked, request.expectedRevision);
      await requireSettledLeaf(trx, conversation);
      const parent = node.parentId === null ? null : ((await readMessage(trx, node.parentId)) ?? null);
      const kept: MessagePart[] = node.parts.filter((part) => part.type === 'note');
      const message: MessageNode = {
        ...this.#nodes.blank(conversation, parent),
        author: node.author,
        parts: [...kept, { type: 'text', text: request.text }, ...filesOf(node.parts)],
        editOf: node.id,
        audience: node.audience,
        manner: node.manner,
      };
      const reply =
        withReply && cast.room === null ? await this.#nodes.reply(trx, { conversation, parent: message, cast }) : null;
      await appendToPath(trx, { conversation, nodes: reply ? [message, reply] : [message] });
      await routePathThrough(trx, { conversation, nodeId: (reply ?? message).id });
      await carryFiles(trx, { messageId: message.id, conversationId: conversation.id, parts: message.parts });
      await this.#context.search.put(trx, { id: message.id, conversationId: conversation.id, text: request.text });
      await appendMessageEvent(this.#context, trx, {
        actor,
        conversationId: conversation.id,
        type: 'message-edit',
        messageId: message.id,
      });
      return { conversation, message, reply };
    });
    const plan = reply && { reply, trigger: 'normal' as const, endId: message.id, continueText: null };
    const told = await this.#replies.announcePath(actor, { conversation, cast, message, plan, reader: seat });
    return withReply ? this.#answers.answer(told, { conversation: looked, seat, message }) : told;
  }

  #claim(trx: Trx, { id, ownerId }: ConversationRecord, expected: number | undefined): Promise<ConversationRecord> {
    return claimPath(trx, { id, ownerId, expected, now: this.#context.clock.now() });
  }
}

function answerTo({ id: endId }: MessageNode, reply: MessageNode, { commission }: SentAlong): ReplyPlan {
  return { reply, trigger: 'normal', endId, continueText: null, ...(commission ? { commission } : {}) };
}
