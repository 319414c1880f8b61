import type { Branches as BranchList, BranchLink, BranchMark, CreateBranchMark } from '../../../contract/branches.ts';
import type { Message } from '../../../contract/messages.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, NotFoundError } from '../../base/errors.ts';
import {
  insertBranchMark,
  listBranchMarks,
  removeBranchMark,
  renameBranchMark,
  type BranchMarkRecord,
} from '../../conversation/branch-mark-store.ts';
import { previewOf } from '../../conversation/conversation-tree.ts';
import { readMessages, readWholeChildren } from '../../conversation/message-store.ts';
import { listOffshoots, readOrigin, type LinkedConversation } from '../../conversation/origin-store.ts';
import type { ParticipantRecord } from '../../conversation/participant-store.ts';
import { hears } from '../../conversation/seat.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';
import { presentConversation } from './present-conversation.ts';
import { presentMessages } from './present-message.ts';
import { requireInConversation, requireSeatedMessage } from './require-message.ts';

/** Names in one conversation. */
const MOST_MARKS = 500;
/** Versions shown beside each other: more than anybody reads. */
const MOST_ALTERNATIVES = 50;
/** UTF-16 units of a message shown with its mark. */
const WORDS_LENGTH = 80;

/** Names on the tree, versions of a message, and the links between conversations. */
export class Branches {
  readonly #context: ChatContext;
  readonly #conversations: Conversations;

  constructor(context: ChatContext, conversations: Conversations) {
    this.#context = context;
    this.#conversations = conversations;
  }

  async list(actor: Actor, conversationId: string): Promise<BranchList> {
    const { db } = this.#context.storage;
    const { conversation, seat } = await this.#conversations.requireSeat(actor, conversationId);
    const shown = await presentConversation(this.#context, conversation);
    const key = { conversationId, ownerId: actor.userId };
    const [marks, origin, offshoots] = await Promise.all([
      this.marks(conversationId, seat),
      readOrigin(db, key),
      listOffshoots(db, key),
    ]);
    const toLink = ({ title, ...link }: LinkedConversation): BranchLink => ({
      ...link,
      // A conversation and its copy are with the same character, whose name is the title of what has none.
      title: title ?? shown.character.name,
    });
    return {
      marks,
      origin: origin ? toLink(origin) : null,
      offshoots: offshoots.map(toLink),
    };
  }

  /** The names of a conversation as somebody reads them, oldest first. */
  async marks(conversationId: string, seat: ParticipantRecord): Promise<BranchMark[]> {
    return this.#present(await listBranchMarks(this.#context.storage.db, conversationId), seat);
  }

  async mark(actor: Actor, conversationId: string, request: CreateBranchMark): Promise<BranchMark> {
    const { storage, clock, newId } = this.#context;
    await this.#conversations.require(actor, conversationId);
    const { seat } = await this.#conversations.requireSeat(actor, conversationId);
    const mark: BranchMarkRecord = {
      id: newId(),
      conversationId,
      messageId: request.messageId,
      kind: request.kind,
      name: request.name?.trim() ?? '',
      createdAt: clock.now(),
    };
    await storage.transaction(async (trx) => {
      await requireInConversation(trx, { conversationId, messageId: request.messageId });
      if ((await listBranchMarks(trx, conversationId)).length >= MOST_MARKS) {
        throw new ConflictError(`A conversation has at most ${MOST_MARKS} names: remove one first.`, {
          code: 'too-many-marks',
        });
      }
      await insertBranchMark(trx, mark);
    });
    return this.#presentOne(mark, seat);
  }

  async rename(
    actor: Actor,
    conversationId: string,
    { markId, name }: { markId: string; name: string },
  ): Promise<BranchMark> {
    const { storage } = this.#context;
    await this.#conversations.require(actor, conversationId);
    const { seat } = await this.#conversations.requireSeat(actor, conversationId);
    const renamed = await storage.transaction((trx) =>
      renameBranchMark(trx, { id: markId, conversationId, name: name.trim() }),
    );
    const mark = (await listBranchMarks(storage.db, conversationId)).find(({ id }) => id === markId);
    if (!renamed || !mark) throw noMark();
    return this.#presentOne(mark, seat);
  }

  async remove(actor: Actor, conversationId: string, markId: string): Promise<void> {
    await this.#conversations.require(actor, conversationId);
    const removed = await this.#context.storage.transaction((trx) =>
      removeBranchMark(trx, { id: markId, conversationId }),
    );
    if (!removed) throw noMark();
  }

  /** The versions of a message, itself among them, oldest first; the newest where there are very many. */
  async alternatives(actor: Actor, messageId: string): Promise<{ messages: Message[]; total: number }> {
    const { db } = this.#context.storage;
    const { node, seat } = await requireSeatedMessage(db, { actor, messageId });
    const nodes = await readWholeChildren(db, {
      conversationId: node.conversationId,
      parentIds: [node.parentId],
    });
    const messages = await presentMessages(db, nodes.slice(-MOST_ALTERNATIVES), seat);
    return { messages, total: nodes.length };
  }

  async #presentOne(mark: BranchMarkRecord, seat: ParticipantRecord): Promise<BranchMark> {
    const [shown] = await this.#present([mark], seat);
    if (!shown) throw noMark();
    return shown;
  }

  /** A mark whose message is gone for good is gone too. */
  async #present(marks: readonly BranchMarkRecord[], seat: ParticipantRecord): Promise<BranchMark[]> {
    const ids = [...new Set(marks.map(({ messageId }) => messageId))];
    const nodes = new Map((await readMessages(this.#context.storage.db, ids)).map((node) => [node.id, node]));
    return marks.flatMap(({ id, messageId, kind, name, createdAt }) => {
      const node = nodes.get(messageId);
      if (!node) return [];
      const told = node.deletedAt === null && hears(seat, node);
      return [
        {
          id,
          messageId,
          kind,
          name,
          createdAt,
          depth: node.depth,
          words: told ? previewOf(node).slice(0, WORDS_LENGTH) : '',
        },
      ];
    });
  }
}

function noMark(): NotFoundError {
  return new NotFoundError('There is no such name in this conversation.', { field: 'markId' });
}
