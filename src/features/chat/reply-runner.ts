import { setTimeout as sleep } from 'node:timers/promises';
import type { MessagePart, Receipt } from '../../../contract/messages.ts';
import { ResourceError, UnavailableError, errorMessage } from '../../base/errors.ts';
import { insertReceipt, readConversation, setPreviewAtLeaf } from '../../conversation/conversation-store.ts';
import { previewOf } from '../../conversation/conversation-tree.ts';
import type { LiveReply } from '../../conversation/live-replies.ts';
import { readMessage, settleMessage } from '../../conversation/message-store.ts';
import { textOf, type Failure, type MessageNode } from '../../conversation/tree-types.ts';
import { commitTurn, type TurnRecord } from '../../turn/commit-turn.ts';
import type { TurnPart } from '../../turn/run-turn.ts';
import type { ReceiptBody } from '../../turn/turn-receipt.ts';
import type { TurnRequest } from '../../turn/turn-request.ts';
import type { ChatContext } from './chat-context.ts';
import { PrefixSaver } from './prefix-saver.ts';
import { presentConversation, presentMessage } from './present-conversation.ts';
import { toParts } from './reply-parts.ts';

/** Milliseconds between tries to save a finished reply while the disk is full or the database is away. */
const COMMIT_PAUSE_MS = 2000;
/** Milliseconds that Stop waits for the reply's end to be saved; it ends by itself where that takes longer. */
const STOP_PATIENCE_MS = 2000;

/** A reply to write: whose, to what, and how. */
export type ReplyRequest = Omit<TurnRequest, 'seed' | 'signal'> & { reply: MessageNode };

interface Ending {
  state: 'done' | 'stopped' | 'failed';
  failure: Failure | null;
  receipt: ReceiptBody | null;
  record: TurnRecord | null;
}

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
      stop: new AbortController(),
      text: request.continueText ?? '',
      reasoning: '',
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
    let ending: Ending = { state: 'stopped', failure: null, receipt: null, record: null };
    try {
      const { reply: node, ...turn } = request;
      const parts = turns.run({ ...turn, seed: node.id, signal: reply.stop.signal });
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
    try {
      await this.#commitWithPatience(request, { reply, ending });
    } finally {
      live.remove(reply.messageId);
    }
    await this.#announceEnd(request, reply);
  }

  /**
   * A full disk or a database that is away must not cost a finished reply: it waits in memory and tries again until
   * the house closes. A reply that can never be saved as it is keeps the prefix that was, so that the path is free.
   */
  async #commitWithPatience(request: ReplyRequest, ended: { reply: LiveReply; ending: Ending }): Promise<void> {
    const { logger } = this.#context;
    const { messageId } = ended.reply;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#commit(request, ended);
        return;
      } catch (error) {
        if (this.#closing.signal.aborted) throw error;
        if (!(error instanceof ResourceError || error instanceof UnavailableError)) {
          logger.error({ err: error, messageId }, 'a reply cannot be saved whole');
          await this.#interrupt(messageId);
          return;
        }
        if (attempt === 1) logger.warn({ err: error, messageId }, 'a reply waits to be saved');
        await sleep(COMMIT_PAUSE_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      }
    }
  }

  async #interrupt(messageId: string): Promise<void> {
    const { storage, clock } = this.#context;
    await storage.transaction(async (trx) => {
      const node = await readMessage(trx, messageId);
      if (!node) return;
      await settleMessage(trx, { ...node, state: 'interrupted', settledAt: clock.now() });
    });
  }

  #take(reply: LiveReply, part: Exclude<TurnPart, { type: 'turn-end' }>): void {
    const { messageId } = reply;
    switch (part.type) {
      case 'prompt-progress':
        reply.progress = { evaluated: part.evaluated, reused: part.reused, total: part.total };
        break;
      case 'text-delta':
        reply.text += part.text;
        reply.progress = null;
        break;
      case 'reasoning-delta':
        reply.reasoning += part.text;
        break;
    }
    this.#context.live.publish(reply.conversationId, { ...part, messageId });
  }

  async #commit(request: ReplyRequest, { reply, ending }: { reply: LiveReply; ending: Ending }): Promise<void> {
    const { storage, search, events, clock } = this.#context;
    const now = clock.now();
    const { messageId, conversationId } = reply;
    const { ownerId } = request.conversation;
    const parts = toParts(reply);
    const { state, failure } = settle(ending, parts);
    await storage.transaction(async (trx) => {
      const settled = await settleMessage(trx, {
        id: messageId,
        parts,
        state,
        failure,
        hasReceipt: ending.receipt !== null,
        settledAt: now,
      });
      if (!settled) return;
      if (ending.receipt) {
        const receipt: Receipt = { ...ending.receipt, messageId, createdAt: now };
        await insertReceipt(trx, { messageId, conversationId, body: JSON.stringify(receipt) });
      }
      if (ending.record) await commitTurn(trx, { messageId, conversationId, ownerId, record: ending.record });
      const preview = previewOf({ parts });
      if (preview) await setPreviewAtLeaf(trx, { id: conversationId, leafId: messageId, preview, now });
      await search.put(trx, { id: messageId, conversationId, text: textOf(parts) });
      await events.append(trx, {
        type: 'reply-end',
        actorId: ownerId,
        subjectId: conversationId,
        payload: {
          messageId,
          state,
          model: ending.receipt?.model.ref ?? null,
          outputTokens: ending.receipt?.tokens.output ?? 0,
          firstTokenInMs: ending.receipt?.timings.firstTokenInMs ?? null,
          totalInMs: ending.receipt?.timings.totalInMs ?? null,
        },
      });
    });
  }

  async #announceEnd(
    { conversation: { ownerId } }: ReplyRequest,
    { messageId, conversationId }: LiveReply,
  ): Promise<void> {
    const { storage, live } = this.#context;
    const node = await readMessage(storage.db, messageId);
    if (!node || node.state === 'streaming') return; // purged while it was written
    const message = await presentMessage(storage.db, node);
    live.publish(conversationId, { type: 'reply-end', messageId, state: node.state, message });
    const record = await readConversation(storage.db, { id: conversationId, ownerId });
    if (!record || record.deletedAt !== null) return;
    const conversation = await presentConversation(this.#context, record);
    live.publish(conversationId, { type: 'conversation-change', conversation });
  }
}

/** A model that says nothing at all has failed, whatever it reports. */
function settle(ending: Ending, parts: readonly MessagePart[]): { state: Ending['state']; failure: Failure | null } {
  if (ending.state !== 'done' || textOf(parts).trim() !== '') return { state: ending.state, failure: ending.failure };
  return {
    state: 'failed',
    failure: { code: 'empty-reply', message: 'The model answered without a word. Try again.', retryable: true },
  };
}
