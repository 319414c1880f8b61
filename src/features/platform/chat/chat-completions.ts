import type { TargetListener } from '../target-listener.ts';
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionRequest,
} from '../../../../contract/openai/chat-completions.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import type { AnswerSource, FinishPart, Generation } from '../generations.ts';
import type { AnswerPart } from './answer-part.ts';
import { ChoiceDeltas } from './choice-deltas.ts';
import { noiseBeside } from '../noise.ts';
import { namesOfCustom } from './custom-tools.ts';
import { completionUsage } from './completion-usage.ts';
import { mergeIterables } from './merge-iterables.ts';
import type { HeardWords } from './heard-words.ts';
import type { SpokenAnswers } from './spoken-answers.ts';
import type { StoredCompletions } from './stored-completions.ts';
import { conversationOf } from './start-answer.ts';
import { unsupported } from './unsupported.ts';
import { withForm } from './with-form.ts';
import { toCall } from './to-call.ts';
import { answerCheck } from './to-response-format.ts';
import { WholeAnswer, type ChoicePart } from './whole-answer.ts';

/** Answers of one request that are made at the same time; the others wait. */
const CHOICES_AT_ONCE = 4;

export interface ChatCompletionCall {
  actor: Actor;
  request: ChatCompletionRequest;
  requestId: string;
  idempotencyKey?: string | null;
  onTarget?: TargetListener;
  signal: AbortSignal;
}

export interface ChatCompletionsOptions {
  generations: AnswerSource;
  clock: Clock;
  stored: StoredCompletions;
  spoken: SpokenAnswers;
  hearing: HeardWords;
}

/** `POST /v1/chat/completions`, whole or as chunks. Each of `n` answers is a call of its own and billed as one. */
export class ChatCompletions {
  readonly #generations: AnswerSource;
  readonly #clock: Clock;
  readonly #stored: StoredCompletions;
  readonly #spoken: SpokenAnswers;
  readonly #hearing: HeardWords;

  constructor({ generations, clock, stored, spoken, hearing }: ChatCompletionsOptions) {
    this.#generations = generations;
    this.#clock = clock;
    this.#stored = stored;
    this.#spoken = spoken;
    this.#hearing = hearing;
  }

  async create(call: ChatCompletionCall): Promise<ChatCompletion> {
    const { first, parts } = await this.#start(call);
    const whole = new WholeAnswer(call.request);
    for await (const part of parts) whole.take(part);
    return this.#end(call, whole.view(this.#head(first)));
  }

  /** Rejects before the first chunk where the request cannot be answered. */
  async stream(call: ChatCompletionCall): Promise<AsyncIterable<ChatCompletionChunk>> {
    const { first, parts } = await this.#start(call);
    return this.#chunks(call, { first, parts });
  }

  async *#chunks(
    call: ChatCompletionCall,
    { first, parts }: { first: Generation; parts: AsyncIterable<ChoicePart> },
  ): AsyncGenerator<ChatCompletionChunk> {
    const { request } = call;
    const head = { ...this.#head(first), object: 'chat.completion.chunk' as const };
    const includeUsage = request.stream_options?.include_usage === true;
    const usage = includeUsage ? { usage: null } : {};
    const logprobs = request.logprobs === true;
    const custom = namesOfCustom(request.tools);
    const noisy = request.stream_options?.include_obfuscation === true;
    const choices = Array.from({ length: request.n ?? 1 }, (_, index) => new ChoiceDeltas({ index, logprobs, custom }));
    for (const choice of choices) yield { ...head, choices: [choice.begin()], ...usage };
    const whole = request.store === true ? new WholeAnswer(request) : null;
    const finishes: FinishPart[] = [];
    for await (const part of parts) {
      whole?.take(part);
      if (part.value.type === 'finish') finishes.push(part.value);
      const choice = choices[part.index]?.take(part.value);
      const noise = noisy && choice ? { obfuscation: noiseBeside(choice.delta.content ?? '') } : {};
      if (choice) yield { ...head, choices: [choice], ...usage, ...noise };
    }
    if (whole) await this.#end(call, whole.view(this.#head(first)));
    if (includeUsage) yield { ...head, choices: [], usage: completionUsage(finishes) };
  }

  async #end({ actor, request }: ChatCompletionCall, completion: ChatCompletion): Promise<ChatCompletion> {
    if (request.store !== true) return completion;
    await this.#stored.keep(actor, { request, completion });
    return { ...completion, metadata: request.metadata ?? {} };
  }

  /** The first answer has begun when this resolves. */
  async #start(call: ChatCompletionCall): Promise<{ first: Generation; parts: AsyncIterable<ChoicePart> }> {
    const { actor, request: sent, requestId, idempotencyKey = null } = call;
    const voice = await this.#spoken.voiceFor(call);
    const asked = { ...call, model: sent.model, messages: await this.#spoken.withWords(actor, sent.messages) };
    const request = { ...sent, messages: await this.#hearing.inPlace(asked) };
    const isRight = answerCheck(request.response_format);
    const ending = new AbortController();
    const count = request.n ?? 1;
    const talk = conversationOf(request);
    if (count > 1 && talk.conversation !== undefined)
      throw unsupported('n', 'In a conversation one answer is given at a time.');
    const signal = count === 1 && !voice ? call.signal : AbortSignal.any([call.signal, ending.signal]);
    const oneToolCall = request.parallel_tool_calls === false;
    const begin = (index: number): Promise<Generation> => {
      const { seed, ...options } = toCall(request);
      // The same seed would say the same thing.
      const seeded = seed === undefined ? options : { ...options, seed: seed + index };
      const order = { actor, model: request.model, call: seeded, requestId, idempotencyKey, oneToolCall, signal };
      // The prompt of all answers is read, and counted, once.
      return this.#generations.start({ ...order, ...talk, promptCounts: index === 0 });
    };
    const first = await begin(0);
    call.onTarget?.(first);
    const one = (index: number) => () => {
      const words = withForm(index === 0 ? first : begin(index), isRight);
      return voice ? voice.speak(words, { ending, signal }) : words;
    };
    const sources = Array.from({ length: count }, (_, index) => one(index));
    return {
      first,
      parts: count === 1 && !voice ? onlyChoice(one(0)()) : endedBy(mergeIterables(sources, CHOICES_AT_ONCE), ending),
    };
  }

  #head({ callId, model, ref }: Generation) {
    return {
      id: `chatcmpl-${callId}`,
      created: Math.floor(this.#clock.now() / 1000),
      model,
      service_tier: 'default' as const,
      system_fingerprint: `fp_${ref.replaceAll(/\W+/g, '_')}`,
    };
  }
}

async function* onlyChoice(parts: AsyncIterable<AnswerPart>): AsyncGenerator<ChoicePart> {
  for await (const value of parts) yield { index: 0, value };
}

/** Whoever leaves stops what is still under way. */
async function* endedBy<T>(values: AsyncIterable<T>, ending: AbortController): AsyncGenerator<T> {
  const iterator = values[Symbol.asyncIterator]();
  try {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  } finally {
    ending.abort();
    await iterator.return?.();
  }
}
