import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { ChatCompletionRequest } from '../../../../contract/openai/chat-completions.ts';
import type { ResponseEvent } from '../../../../contract/openai/response-events.ts';
import type { ModerationParam } from '../../../../contract/openai/moderated.ts';
import type { StoredItem } from '../../../../contract/openai/response-items.ts';
import type { ResponseObject } from '../../../../contract/openai/response-object.ts';
import { AppError, RateLimitedError, UnavailableError, isAbort } from '../../../base/errors.ts';
import type { Logger } from '../../../base/logger.ts';
import type { KeptReply, KeptTalks } from '../characters/kept-talks.ts';
import type { PromptCounts } from '../prompt-counts.ts';
import type { HeardWords } from '../chat/heard-words.ts';
import { startAnswer } from '../chat/start-answer.ts';
import type { AnswerSource, FinishPart, Generation } from '../generations.ts';
import type { Moderations } from '../moderation/moderations.ts';
import type { CharacterThread } from './character-thread.ts';
import type { Compacted } from './compactor.ts';
import { idOfKey } from './conversation-talks.ts';
import { toStoredItems } from './input-items.ts';
import type { HostedAnswers } from './hosted/hosted-answers.ts';
import { ResponseComposer, type TellingWishes } from './response-composer.ts';
import type { Making } from './making.ts';
import { ResponseKeeper, type AnswerPlace, type KeepingContext, type KeptRequest } from './response-keeper.ts';
import { ResponseModeration } from './response-moderation.ts';
import type { SealedTexts } from './sealed-texts.ts';

export interface MakingContext extends KeepingContext {
  generations: AnswerSource;
  talks: KeptTalks;
  counts: PromptCounts;
  moderations: Moderations;
  hearing: HeardWords;
  hosted: HostedAnswers;
  sealed: SealedTexts;
  logger: Logger;
}

/** A request that has been understood. */
export interface ResponsePlan extends KeptRequest {
  requestId: string;
  idempotencyKey: string | null;
  /** The same as a request for a chat completion, and as a call of a model. */
  chat: ChatCompletionRequest;
  call: Omit<LanguageModelV4CallOptions, 'abortSignal'>;
  /** Where a character goes on with a talk that the house keeps; null for everything else. */
  thread: CharacterThread | null;
  /** What goes before all else, and stands for what was said before it. */
  compaction: Compacted | null;
  wishes: TellingWishes;
  moderation: ModerationParam | null;
  /** Nothing was said yet. */
  response: ResponseObject;
  /** Its events are kept, to be read again. */
  replayed: boolean;
}

/** One response being made: asks the model, tells events, keeps what was said. */
export class ResponseMaking implements Making {
  readonly plan: ResponsePlan;
  fault: Error | null = null;
  readonly #context: MakingContext;
  readonly #composer: ResponseComposer;
  readonly #keeper: ResponseKeeper;
  /** Where a character answers. */
  #reply: KeptReply | null = null;

  constructor(context: MakingContext, plan: ResponsePlan) {
    const { clock, newId } = context;
    this.#context = context;
    this.plan = plan;
    this.#composer = new ResponseComposer({ response: plan.response, clock, newId, wishes: plan.wishes });
    this.#keeper = new ResponseKeeper(context, plan);
  }

  get replayed(): boolean {
    return this.plan.replayed;
  }

  get response(): ResponseObject {
    return this.#composer.response;
  }

  async keep(): Promise<void> {
    await this.#keeper.begin(this.plan.response, this.#place());
  }

  async *events(signal: AbortSignal): AsyncGenerator<ResponseEvent> {
    const isBackground = this.response.background;
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    try {
      if (isBackground) yield* this.#composer.begin();
      const moderation = this.#moderation(either);
      const refusal = (await moderation?.checkInput(saidText(this.plan.chat))) ?? null;
      const generation = refusal === null ? await this.#start(either) : null;
      if (!isBackground) {
        await this.keep();
        yield* this.#composer.begin();
      }
      const { compaction } = this.plan;
      if (compaction) yield* this.#composer.compacted(compaction);
      if (generation) yield* this.#told(generation, moderation);
      else yield* await this.#refused(refusal ?? '', moderation);
    } catch (error) {
      // Nothing was told yet: the caller gets an answer with its status.
      if (!this.#composer.begun) throw error;
      yield* isAbort(error) && signal.aborted ? this.#composer.cancel() : this.#failed(error);
    } finally {
      stop.abort();
      if (this.#composer.begun) await this.#end();
    }
  }

  #moderation(signal: AbortSignal): ResponseModeration | null {
    const { actor, requestId, moderation: wish } = this.plan;
    return wish && new ResponseModeration(this.#context.moderations, { wish, order: { actor, requestId, signal } });
  }

  async *#told({ parts }: Generation, moderation: ResponseModeration | null): AsyncGenerator<ResponseEvent> {
    const held: LanguageModelV4StreamPart[] = [];
    let text = '';
    for await (const part of parts) {
      if (part.type === 'text-delta') text += part.delta;
      if (moderation?.holdsBack) held.push(part);
      else if (part.type !== 'finish' || moderation === null) yield* this.#composer.take(part);
      if (part.type === 'finish' && moderation) yield* await this.#judged(moderation, { text, held, finish: part });
      await this.#checkpoint();
    }
  }

  /** The end of an answer that is looked at before it is told whole. */
  async #judged(
    moderation: ResponseModeration,
    { text, held, finish }: { text: string; held: LanguageModelV4StreamPart[]; finish: FinishPart },
  ): Promise<ResponseEvent[]> {
    const { found, blocked } = await moderation.checkOutput(text);
    this.#composer.moderated(found);
    if (blocked === null)
      return [...held.filter((part) => part !== finish), finish].flatMap((part) => this.#composer.take(part));
    const reason = { unified: 'content-filter' as const, raw: 'content_filter' };
    return [...this.#composer.refuse(blocked), ...this.#composer.take({ ...finish, finishReason: reason })];
  }

  /** Nobody is asked what must not be asked; only what it took to find out is billed. */
  async #refused(why: string, moderation: ResponseModeration | null): Promise<ResponseEvent[]> {
    const looked = await moderation?.checkOutput('');
    if (looked) this.#composer.moderated(looked.found);
    return [...this.#composer.refuse(why), ...this.#composer.take(nothingUsed())];
  }

  async #start(signal: AbortSignal): Promise<Generation> {
    const { actor, chat, call: plain, requestId, idempotencyKey, response, thread, history } = this.plan;
    // Providers say in their own chunks alone which words refuse (`mark-refusals.ts`).
    const call = { ...plain, includeRawChunks: true };
    const asked = { actor, call, requestId, signal };
    if (thread === null) return startAnswer(this.#context.generations, { ...asked, request: chat });
    const request = { ...asked, model: response.model };
    const oneToolCall = chat.parallel_tool_calls === false;
    const sayId = idempotencyKey === null ? response.id : idOfKey(actor.userId, idempotencyKey);
    const beginId = history.conversation?.id ?? sayId;
    this.#reply = await this.#context.talks.start({ ...request, ...thread, oneToolCall, beginId, sayId });
    return this.#reply;
  }

  #place(): AnswerPlace {
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
    if (!this.#composer.ended) await this.#keeper.checkpoint(this.response);
  }

  async #end(): Promise<void> {
    this.#composer.cancel();
    await this.#keeper.end(this.response, { place: this.#place(), greeting: this.#greeting() });
  }

  /** What the character said before anybody, as an item among the others. */
  #greeting(): StoredItem[] {
    const greeting = this.#reply?.greeting ?? null;
    return greeting === null
      ? []
      : toStoredItems([{ role: 'assistant', content: greeting }], {
          newId: this.#context.newId,
          ownerId: this.plan.actor.userId,
        });
  }
}

/** What a moderation looks at: the words of the newest turn. */
function saidText({ messages }: ChatCompletionRequest): string {
  const turn = messages.findLastIndex(({ role }) => role === 'assistant');
  return messages
    .slice(turn + 1)
    .map(({ content }) =>
      typeof content === 'string'
        ? content
        : (content ?? []).map((part) => ('text' in part ? part.text : '')).join('\n'),
    )
    .join('\n');
}

function nothingUsed(): FinishPart {
  const none = { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 };
  return {
    type: 'finish',
    finishReason: { unified: 'stop', raw: 'stop' },
    usage: { inputTokens: none, outputTokens: { total: 0, text: 0, reasoning: 0 } },
  };
}
