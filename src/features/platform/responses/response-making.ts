import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ChatCompletionRequest } from '../../../../contract/openai/chat-completions.ts';
import type { ResponseEvent } from '../../../../contract/openai/response-events.ts';
import type { StoredItem } from '../../../../contract/openai/response-items.ts';
import type { ResponseObject } from '../../../../contract/openai/response-object.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import { AppError, RateLimitedError, UnavailableError, isAbort } from '../../../base/errors.ts';
import type { NewId } from '../../../base/ids.ts';
import type { Logger } from '../../../base/logger.ts';
import type { Storage } from '../../../storage/storage.ts';
import type { KeptReply, KeptTalks } from '../characters/kept-talks.ts';
import type { PromptCounts } from '../prompt-counts.ts';
import { startAnswer } from '../chat/start-answer.ts';
import type { AnswerSource, Generation } from '../generations.ts';
import { addToConversation } from './add-to-conversation.ts';
import type { CharacterThread } from './character-thread.ts';
import { idOfKey } from './conversation-talks.ts';
import { toStoredItems } from './input-items.ts';
import { ResponseComposer } from './response-composer.ts';
import { itemsOf, type ResponseHistory } from './response-history.ts';
import { insertResponse, updateResponse } from './response-store.ts';
import { tellOfResponse } from './tell-of-response.ts';
import type { WebhookOutbox } from '../webhooks/webhook-outbox.ts';

/** How often a growing response is kept, milliseconds: a crash costs no more of its words. */
const CHECKPOINT_IN_MS = 1000;

export interface MakingContext {
  storage: Storage;
  generations: AnswerSource;
  talks: KeptTalks;
  counts: PromptCounts;
  clock: Clock;
  newId: NewId;
  logger: Logger;
  /** Tells of responses in the background that have ended. */
  outbox: WebhookOutbox;
}

/** A request that has been understood. */
export interface ResponsePlan {
  actor: Actor;
  requestId: string;
  idempotencyKey: string | null;
  history: ResponseHistory;
  input: StoredItem[];
  /** The same as a request for a chat completion, and as a call of a model. */
  chat: ChatCompletionRequest;
  call: Omit<LanguageModelV4CallOptions, 'abortSignal'>;
  /** Where a character goes on with a talk that the house keeps; null for everything else. */
  thread: CharacterThread | null;
  /** Nothing was said yet. */
  response: ResponseObject;
  /** Its events are kept, to be read again. */
  replayed: boolean;
}

/** One response being made: asks the model, tells events, keeps what was said. */
export class ResponseMaking {
  readonly plan: ResponsePlan;
  /** Why it failed; null while it did not. */
  fault: Error | null = null;
  readonly #context: MakingContext;
  readonly #composer: ResponseComposer;
  #keptAt: number;
  /** Where a character answers. */
  #reply: KeptReply | null = null;

  constructor(context: MakingContext, plan: ResponsePlan) {
    const { clock, newId } = context;
    this.#context = context;
    this.plan = plan;
    this.#composer = new ResponseComposer({ response: plan.response, clock, newId });
    this.#keptAt = clock.monotonic();
  }

  get response(): ResponseObject {
    return this.#composer.response;
  }

  /** Keeps it for the first time. */
  async keep(): Promise<void> {
    const { response, input, actor } = this.plan;
    if (!response.store) return;
    const place = this.#place();
    const row = { response, ownerId: actor.userId, input, events: null, ...place };
    await insertResponse(this.#context.storage.db, row, this.#context.clock.now());
  }

  /**
   * To be read once. In the background it is kept before the model is asked, and never throws; otherwise a fault
   * before the first event is thrown, and nothing is kept of it. Leaving early, or `signal`, stops the model.
   */
  async *events(signal: AbortSignal): AsyncGenerator<ResponseEvent> {
    const isBackground = this.response.background;
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    try {
      if (isBackground) yield* this.#composer.begin();
      const generation = await this.#start(either);
      if (!isBackground) {
        await this.keep();
        yield* this.#composer.begin();
      }
      for await (const part of generation.parts) {
        yield* this.#composer.take(part);
        await this.#checkpoint();
      }
    } catch (error) {
      // Nothing was told yet: the caller gets an answer with its status.
      if (!this.#composer.begun) throw error;
      yield* isAbort(error) && signal.aborted ? this.#composer.cancel() : this.#failed(error);
    } finally {
      stop.abort();
      if (this.#composer.begun) await this.#end();
    }
  }

  async #start(signal: AbortSignal): Promise<Generation> {
    const { actor, chat, call, requestId, idempotencyKey, response, thread, history } = this.plan;
    const asked = { actor, call, requestId, signal };
    if (thread === null) return startAnswer(this.#context.generations, { ...asked, request: chat });
    const request = { ...asked, model: response.model };
    const oneToolCall = chat.parallel_tool_calls === false;
    const sayId = idempotencyKey === null ? response.id : idOfKey(actor.userId, idempotencyKey);
    const beginId = history.conversation?.id ?? sayId;
    this.#reply = await this.#context.talks.start({ ...request, ...thread, oneToolCall, beginId, sayId });
    return this.#reply;
  }

  #place(): { conversationId: string | null; messageId: string | null } {
    return { conversationId: this.#reply?.conversationId ?? null, messageId: this.#reply?.messageId ?? null };
  }

  #failed(error: unknown): ResponseEvent[] {
    const known =
      error instanceof AppError
        ? error
        : new UnavailableError('Something went wrong on the server; the details are in its log.', { cause: error });
    this.fault = error instanceof Error ? error : known;
    if (known !== error) this.#context.logger.error({ err: error, responseId: this.response.id }, 'a response broke');
    return this.#composer.fail(known, known instanceof RateLimitedError ? 'rate_limit_exceeded' : 'server_error');
  }

  async #checkpoint(): Promise<void> {
    const { clock, storage } = this.#context;
    if (!this.response.store || this.#composer.ended || clock.monotonic() - this.#keptAt < CHECKPOINT_IN_MS) return;
    this.#keptAt = clock.monotonic();
    await updateResponse(storage.db, this.response);
  }

  /** What was said joins the conversation in the transaction that ends the response. */
  async #end(): Promise<void> {
    this.#composer.cancel();
    const { storage, clock, newId } = this.#context;
    const { history, input } = this.plan;
    const { response } = this;
    const apiConversationId = history.conversation?.id ?? null;
    const isSaid = response.status === 'completed' || response.status === 'incomplete';
    if (!response.store && (apiConversationId === null || !isSaid)) return;
    await storage.transaction(async (trx) => {
      if (response.store) await updateResponse(trx, response, this.#place());
      if (response.background)
        await tellOfResponse(this.#context.outbox, trx, { response, ownerId: this.plan.actor.userId });
      if (apiConversationId === null || !isSaid) return;
      const { conversationId } = this.#place();
      const items = [...this.#greeting(), ...input, ...itemsOf(response.output)];
      const { userId: ownerId } = this.plan.actor;
      await addToConversation(trx, { apiConversationId, ownerId, conversationId, items, newId, now: clock.now() });
    });
  }

  /** What the character said before anybody, as an item among the others. */
  #greeting(): StoredItem[] {
    const greeting = this.#reply?.greeting ?? null;
    return greeting === null ? [] : toStoredItems([{ role: 'assistant', content: greeting }], this.#context.newId);
  }
}
