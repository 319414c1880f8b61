import type { ChangedPath, Message, StartReply } from '../../../contract/messages.ts';
import type { Actor } from '../../accounts/actor.ts';
import { appendToPath, claimPath, requireSettledLeaf, routePathThrough } from '../../conversation/conversation-tree.ts';
import { heardBy, type Reader } from '../../conversation/heard-by.ts';
import { listParticipants } from '../../conversation/participant-store.ts';
import type { ConversationRecord, MessageNode } from '../../conversation/tree-types.ts';
import { readCast, turnOf, type Cast } from './cast.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';
import { appendMessageEvent } from './message-events.ts';
import { NewNodes } from './new-nodes.ts';
import { planReply, type ReplyPlan } from './plan-reply.ts';
import { presentMessage } from './present-message.ts';
import type { ReplyRunner } from './reply-runner.ts';
import { requireInConversation } from './require-message.ts';
import { isAuthor, requireHeard, requireSteering } from './seat-rights.ts';

/** Replies as people ask for them: a first one, another one, more of one, somebody else's turn; and their stop. */
export class Replies {
  readonly #context: ChatContext;
  readonly #conversations: Conversations;
  readonly #runner: ReplyRunner;
  readonly #nodes: NewNodes;

  constructor(context: ChatContext, parts: { conversations: Conversations; runner: ReplyRunner }) {
    this.#context = context;
    this.#conversations = parts.conversations;
    this.#runner = parts.runner;
    this.#nodes = new NewNodes(context);
  }

  /** Who speaks: whom the request names, else whoever wrote the message that is written again or continued. */
  async start(
    actor: Actor,
    conversationId: string,
    request: StartReply,
  ): Promise<{ reply: Message; revision: number }> {
    const { storage } = this.#context;
    const { conversation: looked, seat } = await this.#conversations.requireSeat(actor, conversationId);
    const sought = { conversationId, messageId: request.messageId };
    const looking = await requireInConversation(storage.db, sought);
    requireHeard(looking, seat);
    if (!(request.kind === 'answer' && isAuthor(seat, looking))) requireSteering({ conversation: looked, seat });
    const speakerId = await this.#speakerOf(request, looking);
    const cast = await readCast(this.#context, looked, speakerId);
    const { conversation, plan } = await storage.transaction(async (trx) => {
      const conversation = await claimPath(trx, {
        id: conversationId,
        ownerId: looked.ownerId,
        expected: request.expectedRevision,
        now: this.#context.clock.now(),
      });
      await requireSettledLeaf(trx, conversation);
      const target = await requireInConversation(trx, sought);
      const plan = await planReply(trx, { conversation, target, kind: request.kind, cast, nodes: this.#nodes });
      await appendToPath(trx, { conversation, nodes: [plan.reply] });
      await routePathThrough(trx, { conversation, nodeId: plan.reply.id });
      const { kind } = request;
      const event = { actor, conversationId, type: 'reply-start', messageId: plan.reply.id, kind } as const;
      await appendMessageEvent(this.#context, trx, event);
      return { conversation, plan };
    });
    const reply = heardBy(await this.#begin({ conversation, cast }, plan), seat);
    await this.#conversations.announce(actor, conversationId);
    return { reply, revision: conversation.revision };
  }

  /** Ends what is being written; its words stay. */
  async stop(actor: Actor, conversationId: string): Promise<void> {
    await this.#conversations.requireSeat(actor, conversationId);
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
    const stage = { conversation, cast };
    const shown = await presentMessage(this.#context.storage.db, message).catch((error: unknown) => {
      if (plan) this.#run(stage, plan);
      throw error;
    });
    this.#context.live.publish(conversation.id, { type: 'message-commit', message: shown });
    const reply = plan && (await this.#begin(stage, plan));
    await this.#conversations.announce(actor, conversation.id);
    return {
      message: heardBy(shown, reader),
      reply: reply && heardBy(reply, reader),
      revision: conversation.revision,
    };
  }

  async #speakerOf(
    { kind, participantId }: StartReply,
    target: Pick<MessageNode, 'conversationId' | 'author'>,
  ): Promise<string | undefined> {
    if (participantId !== undefined || kind === 'answer' || kind === 'speak') return participantId;
    if (target.author.kind !== 'character') return undefined;
    const participants = await listParticipants(this.#context.storage.db, target.conversationId);
    const wrote = ({ kind, subjectId }: { kind: string; subjectId: string }) =>
      kind === 'character' && subjectId === target.author.id;
    return participants.find(wrote)?.id;
  }

  #run({ conversation, cast }: { conversation: ConversationRecord; cast: Cast }, plan: ReplyPlan): void {
    this.#runner.start({ ...plan, conversation, ...turnOf(cast) });
  }

  /** Watchers hear of the reply before its first word; it runs even if telling them failed. */
  async #begin(stage: { conversation: ConversationRecord; cast: Cast }, plan: ReplyPlan): Promise<Message> {
    try {
      const message = await presentMessage(this.#context.storage.db, plan.reply);
      this.#context.live.publish(plan.reply.conversationId, { type: 'reply-start', message });
      return message;
    } finally {
      this.#run(stage, plan);
    }
  }
}
