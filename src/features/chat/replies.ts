import type { ChangedPath, Message, MessagePart, StartReply } from '../../../contract/messages.ts';
import type { TurnChoice } from '../../../contract/rooms.ts';
import type { Actor } from '../../accounts/actor.ts';
import { appendToPath, claimPath, requireSettledLeaf, routePathThrough } from '../../conversation/conversation-tree.ts';
import { heardBy, type Reader } from '../../conversation/heard-by.ts';
import { listParticipants } from '../../conversation/participant-store.ts';
import type { ConversationRecord, MessageNode } from '../../conversation/tree-types.ts';
import type { Commission } from '../../turn/turn-request.ts';
import { beginReply, runReply } from './begin-reply.ts';
import { readCast, type Cast } from './cast.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';
import { appendMessageEvent } from './message-events.ts';
import { NewNodes } from './new-nodes.ts';
import { planReply, type ReplyPlan } from './plan-reply.ts';
import { presentMessage } from './present-message.ts';
import type { ReplyRunner } from './reply-runner.ts';
import type { RoomRuns } from './room-runs.ts';
import { requireInConversation } from './require-message.ts';
import { isAuthor, requireHeard, requireSteering } from './seat-rights.ts';

/** How a reply is asked for through the platform. */
interface OrderedStart {
  commission?: Commission;
  /** What a reply that goes on begins with: the calls it made, with what they gave. */
  begun?: readonly MessagePart[];
}

/** Replies as people ask for them: a first one, another one, more of one, somebody else's turn; and their stop. */
export class Replies {
  readonly #context: ChatContext;
  readonly #conversations: Conversations;
  readonly #runner: ReplyRunner;
  readonly #runs: RoomRuns;
  readonly #nodes: NewNodes;

  constructor(context: ChatContext, parts: { conversations: Conversations; runner: ReplyRunner; runs: RoomRuns }) {
    this.#context = context;
    this.#conversations = parts.conversations;
    this.#runner = parts.runner;
    this.#runs = parts.runs;
    this.#nodes = new NewNodes(context);
  }

  /**
   * Who speaks: whom the request names, else whoever wrote the message that is written again or continued, else whose
   * turn it is. Ends the turns that followed one another before.
   */
  async start(
    actor: Actor,
    conversationId: string,
    request: StartReply,
    { commission, begun }: OrderedStart = {},
  ): Promise<{ reply: Message; revision: number }> {
    const { storage } = this.#context;
    const { conversation: looked, seat } = await this.#conversations.requireSeat(actor, conversationId);
    const sought = { conversationId, messageId: request.messageId };
    const looking = await requireInConversation(storage.db, sought);
    requireHeard(looking, seat);
    if (!(request.kind === 'answer' && isAuthor(seat, looking))) requireSteering({ conversation: looked, seat });
    await this.#runs.end(conversationId);
    const turn = await this.#chooseTurn(request, { conversation: looked, target: looking });
    const cast = await readCast(this.#context, looked, turn?.participantId);
    const { conversation, plan } = await storage.transaction(async (trx) => {
      const conversation = await claimPath(trx, {
        id: conversationId,
        ownerId: looked.ownerId,
        expected: request.expectedRevision,
        now: this.#context.clock.now(),
      });
      await requireSettledLeaf(trx, conversation);
      const target = await requireInConversation(trx, sought);
      const plan = await planReply(trx, { conversation, target, kind: request.kind, cast, nodes: this.#nodes, begun });
      await appendToPath(trx, { conversation, nodes: [plan.reply] });
      await routePathThrough(trx, { conversation, nodeId: plan.reply.id });
      const { kind } = request;
      const event = { actor, conversationId, type: 'reply-start', messageId: plan.reply.id, kind } as const;
      await appendMessageEvent(this.#context, trx, event);
      return { conversation, plan };
    });
    const ordered = commission ? { ...plan, commission } : plan;
    const planned = { conversation, cast, plan: ordered, turn: cast.room && turn };
    const reply = heardBy(await beginReply(this.#context, this.#runner, planned), seat);
    if (cast.room) {
      const isWhole = request.kind === 'answer' && request.participantId === undefined;
      const run = { conversationId, ownerId: looked.ownerId, actorId: actor.userId, leafId: plan.reply.id };
      void this.#runs.begin({ ...run, afterReply: true, answers: isWhole });
    }
    await this.#conversations.announce(actor, conversationId);
    return { reply, revision: conversation.revision };
  }

  /** Ends what is being written; its words stay, and nobody follows. */
  async stop(actor: Actor, conversationId: string): Promise<void> {
    await this.#conversations.requireSeat(actor, conversationId);
    await this.#runs.end(conversationId);
    await this.#runner.stop(conversationId);
  }

  /** Tells watchers of a new message and starts its reply. */
  async announcePath(
    actor: Actor,
    {
      conversation,
      cast,
      message,
      plan,
      reader,
    }: {
      conversation: ConversationRecord;
      cast: Cast;
      message: MessageNode;
      plan: ReplyPlan | null;
      reader: Reader;
    },
  ): Promise<ChangedPath> {
    const planned = plan && { conversation, cast, plan, turn: null };
    const shown = await presentMessage(this.#context.storage.db, message).catch((error: unknown) => {
      if (planned) runReply(this.#runner, planned);
      throw error;
    });
    this.#context.live.publish(conversation.id, { type: 'message-commit', message: shown });
    const reply = planned && (await beginReply(this.#context, this.#runner, planned));
    await this.#conversations.announce(actor, conversation.id);
    return {
      message: heardBy(shown, reader),
      reply: reply && heardBy(reply, reader),
      revision: conversation.revision,
    };
  }

  /** Null where only the character the conversation began with can be meant. */
  async #chooseTurn(
    { kind, participantId }: StartReply,
    { conversation, target }: { conversation: ConversationRecord; target: MessageNode },
  ): Promise<TurnChoice | null> {
    if (participantId !== undefined) return { participantId, by: 'asked', why: '' };
    if (kind === 'answer' || kind === 'speak')
      return conversation.room === null ? null : this.#runs.choose(conversation);
    if (target.author.kind !== 'character') return null;
    const participants = await listParticipants(this.#context.storage.db, conversation.id);
    const wrote = ({ kind, subjectId }: { kind: string; subjectId: string }) =>
      kind === 'character' && subjectId === target.author.id;
    const author = participants.find(wrote);
    return author ? { participantId: author.id, by: 'asked', why: '' } : null;
  }
}
