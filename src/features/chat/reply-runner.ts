import { setTimeout as sleep } from 'node:timers/promises';
import { WORDS_JOINT, endCalls, growthOfParts, partsOfReply, withTool } from '../../../contract/reply-parts.ts';
import type { TurnChoice } from '../../../contract/rooms.ts';
import { errorMessage } from '../../base/errors.ts';
import type { LiveReply } from '../../conversation/live-replies.ts';
import type { MessageNode } from '../../conversation/tree-types.ts';
import type { TurnPart } from '../../turn/run-turn.ts';
import type { TurnRequest } from '../../turn/turn-request.ts';
import type { ChatContext } from './chat-context.ts';
import { withCitations } from './cite-passages.ts';
import { PrefixSaver } from './prefix-saver.ts';
import { announceReplyEnd, settleWithPatience, type ReplyEnding } from './settle-reply.ts';

/** Milliseconds that Stop waits for the reply's end to be saved; it ends by itself where that takes longer. */
const STOP_PATIENCE_MS = 2000;

/** A reply to write: whose, to what, and how. */
export type ReplyRequest = Omit<TurnRequest, 'seed' | 'signal'> & {
  reply: MessageNode;
  /** Why it is this character's turn; only in rooms. */
  turn: TurnChoice | null;
};

/**
 * Runs replies on the server whether or not anyone watches. A reply is *streaming* (its row exists, its prefix is
 * saved every 300 ms) → *done*, *stopped* or *failed* in one transaction with its receipt and event; a crash leaves
 * it streaming in the database, and the next start turns that into *interrupted*.
 */
export class ReplyRunner {
  readonly #context: ChatContext;
  readonly #saver: PrefixSaver;
  readonly #closing = new AbortController();

  constructor(context: ChatContext) {
    this.#context = context;
    this.#saver = new PrefixSaver({ db: context.storage.db, logger: context.logger });
  }

  /** Returns at once; the reply goes on by itself. */
  start(request: ReplyRequest): void {
    const reply: LiveReply = {
      messageId: request.reply.id,
      conversationId: request.reply.conversationId,
      audience: request.reply.audience,
      stop: new AbortController(),
      ...growthOfParts(request.reply.parts),
      progress: null,
      finished: Promise.resolve(),
    };
    if (this.#closing.signal.aborted) reply.stop.abort();
    this.#context.live.add(reply);
    reply.finished = this.#run(request, reply).catch((error: unknown) => {
      this.#context.logger.error({ err: error, messageId: reply.messageId }, 'a reply could not be committed');
    });
  }

  /** Resolves when the replies have ended, so that the next message finds the path free. */
  async stop(conversationId: string): Promise<void> {
    const replies = this.#context.live.inConversation(conversationId);
    if (replies.length === 0) return;
    for (const reply of replies) reply.stop.abort();
    const patience = new AbortController();
    await Promise.race([
      Promise.all(replies.map((reply) => reply.finished)),
      sleep(STOP_PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined),
    ]);
    patience.abort();
  }

  /** Stops every reply and waits until each is committed: the house closes. */
  async close(): Promise<void> {
    this.#closing.abort();
    const replies = this.#context.live.all();
    for (const reply of replies) reply.stop.abort();
    await Promise.all(replies.map((reply) => reply.finished));
  }

  async #run(request: ReplyRequest, reply: LiveReply): Promise<void> {
    const { turns, live } = this.#context;
    const endSaving = this.#saver.start(reply);
    let ending: ReplyEnding = { state: 'stopped', failure: null, receipt: null, record: null };
    try {
      const { reply: node, turn: _, ...turn } = request;
      const parts = turns.run({ ...turn, begunParts: node.parts, seed: node.id, signal: reply.stop.signal });
      for await (const part of parts) {
        if (part.type === 'turn-end') ending = part;
        else this.#take(reply, part);
      }
    } catch (error) {
      const message = `The reply failed: ${errorMessage(error).slice(0, 500)}`;
      ending = {
        state: 'failed',
        failure: { code: 'internal', message, retryable: true },
        receipt: null,
        record: null,
      };
      this.#context.logger.error({ err: error, messageId: reply.messageId }, 'a turn broke');
    } finally {
      await endSaving();
    }
    const { messageId, conversationId } = reply;
    const { ownerId } = request.conversation;
    const parts = withCitations(endCalls(partsOfReply(reply)), {
      assembled: ending.record?.assembled,
      from: request.continueText?.length ?? 0,
    });
    const ended = { messageId, conversationId, ownerId, parts, ending, turn: request.turn };
    try {
      await settleWithPatience(this.#context, ended, this.#closing.signal);
    } finally {
      live.remove(messageId);
    }
    await announceReplyEnd(this.#context, ended);
  }

  #take(reply: LiveReply, part: Exclude<TurnPart, { type: 'turn-end' }>): void {
    const { messageId } = reply;
    switch (part.type) {
      case 'prompt-progress':
        reply.progress = { evaluated: part.evaluated, reused: part.reused, total: part.total };
        break;
      case 'text-delta': {
        const text =
          reply.tools.at(-1)?.at === reply.text.length && reply.text !== '' ? `${WORDS_JOINT}${part.text}` : part.text;
        reply.text += text;
        reply.progress = null;
        this.#context.live.publish(reply.conversationId, { type: 'text-delta', messageId, text });
        return;
      }
      case 'tool-change': {
        const placed = { at: reply.text.length, part: part.part };
        reply.tools = withTool(reply.tools, placed);
        reply.progress = null;
        const at = reply.tools.find((tool) => tool.part === part.part)?.at ?? placed.at;
        this.#context.live.publish(reply.conversationId, { type: 'tool-change', messageId, at, part: part.part });
        return;
      }
      case 'reasoning-delta':
        reply.reasoning += part.text;
        break;
    }
    this.#context.live.publish(reply.conversationId, { ...part, messageId });
  }
}
