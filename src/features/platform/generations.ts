import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { Usage, UsageSource } from '../../../contract/metering.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError, UnavailableError, isAbort } from '../../base/errors.ts';
import { NO_USAGE } from '../../metering/cost.ts';
import type { Meter, MeteredCall } from '../../metering/meter.ts';
import type { ModelFacts } from '../../models/spec/model-handle.ts';
import { tellForm } from './chat/tell-form.ts';
import { countPrompt, textOfPrompt } from '../../models/billing/count-prompt.ts';
import { DeliveredWords } from './delivered-words.ts';
import { PartCutter } from './part-cutter.ts';
import { payerOf } from '../../models/billing/payers.ts';
import type { PlatformModels } from './platform-models.ts';
import { requireFit } from './require-fit.ts';
import { openExpected } from './routing/open-expected.ts';
import type { Router } from './routing/router.ts';

/** Tokens set aside for an answer that has no limit; more are set aside while it grows. */
const FIRST_SLICE_TOKENS = 512;

export interface GenerationRequest {
  actor: Actor;
  /** As in the request. */
  model: string;
  call: Omit<LanguageModelV4CallOptions, 'abortSignal'>;
  requestId: string;
  /** A character that speaks through the model: what is told and billed goes by its name. */
  speaker?: { name: string; characterId: string };
  /** A conversation of the API that the answer goes on in; absent = the caller keeps the talk. */
  conversation?: string;
  /** By which the caller knows the same request again. */
  idempotencyKey?: string | null;
  /** The answer ends with its first call of a tool. */
  oneToolCall?: boolean;
  /** False for further answers to a prompt that was counted with the first; providers, who count it each time, are. */
  promptCounts?: boolean;
  /** Fires when the caller leaves; what was delivered by then is billed. */
  signal: AbortSignal;
}

export type FinishPart = Extract<LanguageModelV4StreamPart, { type: 'finish' }>;

/** An answer under way. */
export interface Generation {
  callId: string;
  /** The name that was asked for, and what answers. */
  model: string;
  ref: string;
  /** Tokens that its prompt is reckoned to take. */
  inputTokens: number;
  /** Tries at targets, the one that answers included; absent = 1. */
  attempts?: number;
  /**
   * To be read to its end, once; the last part is `finish`. Faults are thrown, always as `AppError`s. Leaving early
   * stops the model and bills what was delivered.
   */
  parts: AsyncIterable<LanguageModelV4StreamPart>;
}

/** What answers requests. */
export interface AnswerSource {
  start(request: GenerationRequest): Promise<Generation>;
}

/** Every answer of a language model that the platform sells: resolved, metered, streamed. */
export class Generations implements AnswerSource {
  readonly #options: { models: PlatformModels; router: Router; meter: Meter; clock: Clock };

  constructor(options: { models: PlatformModels; router: Router; meter: Meter; clock: Clock }) {
    this.#options = options;
  }

  /** Resolves when the money is set aside and the model has begun. */
  async start({
    actor,
    model: name,
    call: asked,
    requestId,
    speaker,
    signal,
    oneToolCall = false,
    promptCounts = true,
  }: GenerationRequest): Promise<Generation> {
    const { models, router, meter, clock } = this.#options;
    const plan = await router.plan(actor, name, {
      conversation: speaker?.characterId ?? cacheKeyOf(asked),
      prefix: (characters) => textOfPrompt(asked.prompt).slice(0, characters),
    });
    const expected = await openExpected(models, plan, signal);
    requireFit(expected, asked);
    const call = expected.place === 'provider' ? asked : tellForm(asked);
    const isCounted = promptCounts || expected.place === 'provider';
    const inputTokens = isCounted ? await countPrompt(expected, call, signal) : 0;
    const startedAt = clock.monotonic();
    const metered = await meter.begin({
      payer: payerOf(actor),
      door: 'api',
      kind: 'text',
      model: speaker?.name ?? plan.name,
      characterId: speaker?.characterId ?? null,
      refs: plan.refs,
      estimate: { ...NO_USAGE, inputTokens, outputTokens: call.maxOutputTokens ?? FIRST_SLICE_TOKENS },
      requestId,
    });
    const cutter = new PartCutter({ stopSequences: call.stopSequences ?? [], oneToolCall });
    const both = AbortSignal.any([signal, metered.signal]);
    try {
      const { value, attempts, release } = await plan.run(
        async ({ ref }) => {
          const model = ref === expected.ref ? expected : await models.open(ref, signal);
          const { languageModel } = model.billed({ metered });
          const { stream } = await languageModel.doStream({ ...call, abortSignal: both });
          return { model, stream };
        },
        { patient: true },
      );
      const { model, stream } = value;
      const run = { model, metered, isCounted, inputTokens, startedAt, clock, cutter, signal: both, attempts, release };
      const parts = meterParts(stream, run);
      const told = speaker?.name ?? plan.name;
      return { callId: metered.id, model: told, ref: model.ref, inputTokens, attempts, parts };
    } catch (error) {
      await metered.void(endOfFault(error, clock.monotonic() - startedAt));
      throw error;
    }
  }
}

/** What keeps calls together that share a beginning, as their sender says. */
function cacheKeyOf({ providerOptions }: Pick<LanguageModelV4CallOptions, 'providerOptions'>): string | null {
  const key = providerOptions?.['openai']?.['promptCacheKey'];
  return typeof key === 'string' ? key : null;
}

interface Run {
  model: ModelFacts;
  metered: MeteredCall;
  isCounted: boolean;
  inputTokens: number;
  startedAt: number;
  clock: Clock;
  cutter: PartCutter;
  signal: AbortSignal;
  attempts: number;
  /** The target is free again. */
  release: () => void;
}

async function* meterParts(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  { model, metered, isCounted, inputTokens, startedAt, clock, cutter, signal, attempts, release }: Run,
): AsyncGenerator<LanguageModelV4StreamPart> {
  const delivered = new DeliveredWords({ inputTokens, isCounted });
  let firstTokenInMs: number | null = null;
  let finish: FinishPart | null = null;
  let counted: CountedUsage | null = null;
  let fault: unknown = null;
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (value.type === 'error') throw value.error;
      if (value.type === 'finish') {
        counted = await countUsage(model, { finish: value, isCounted, delivered });
        finish = withUsage(value, counted.usage);
        yield* cutter.flush();
        yield finish;
        break;
      }
      for (const part of cutter.take(value)) {
        if (delivered.take(part)) {
          firstTokenInMs ??= clock.monotonic() - startedAt;
          await metered.progress(delivered.soFar);
        }
        yield part;
      }
      if (cutter.cut) {
        counted = await countUsage(model, { finish, isCounted, delivered });
        finish = cutFinish(cutter, counted.usage);
        yield finish;
        break;
      }
    }
    if (finish === null) throw new UnavailableError('The model broke off before its end.', { code: 'model-cut-off' });
  } catch (error) {
    fault = metered.signal.aborted ? metered.signal.reason : error;
    throw fault;
  } finally {
    release();
    await reader.cancel().catch(() => undefined);
    counted ??= await countUsage(model, { finish, isCounted, delivered });
    const left = finish === null && (fault === null || signal.aborted || isAbort(fault));
    const outcome = finish !== null ? 'done' : left ? 'stopped' : 'failed';
    const times = { firstTokenInMs, durationInMs: clock.monotonic() - startedAt, attempts };
    const errorCode = fault instanceof AppError ? fault.code : null;
    if (outcome === 'failed' && delivered.text === '') await metered.void({ outcome, errorCode, ...times });
    else await metered.settle({ ref: model.ref, ...counted, outcome, errorCode, ...times });
  }
}

interface CountedUsage {
  usage: Usage;
  usageSource: UsageSource;
}

/** What the model says it used; where it was cut short, what was delivered is counted. */
async function countUsage(
  model: ModelFacts,
  { finish, isCounted, delivered }: { finish: FinishPart | null; isCounted: boolean; delivered: DeliveredWords },
): Promise<CountedUsage> {
  const said = finish?.usage;
  if (said?.inputTokens.total !== undefined && said.outputTokens.total !== undefined) {
    const usage = {
      ...NO_USAGE,
      inputTokens: isCounted ? said.inputTokens.total : 0,
      cachedInputTokens: isCounted ? (said.inputTokens.cacheRead ?? 0) : 0,
      outputTokens: said.outputTokens.total,
    };
    return { usage, usageSource: model.place === 'provider' ? 'provider' : 'tokenizer' };
  }
  const { counts, exact } = await model.countTokens([delivered.text]);
  const usage = { ...delivered.prompt, outputTokens: counts[0] ?? 0 };
  return { usage, usageSource: exact ? 'tokenizer' : 'estimate' };
}

function endOfFault(error: unknown, durationInMs: number) {
  const outcome = isAbort(error) ? ('stopped' as const) : ('failed' as const);
  return { outcome, errorCode: error instanceof AppError ? error.code : null, durationInMs };
}

/** The end of an answer that was ended before its model was. */
function cutFinish(
  { cut, stopSequence }: PartCutter,
  { inputTokens, cachedInputTokens, outputTokens }: Usage,
): FinishPart {
  const reason = cut ?? 'stop';
  return {
    type: 'finish',
    finishReason: { unified: reason, raw: reason },
    ...(stopSequence === null ? {} : { providerMetadata: { everwith: { stopSequence } } }),
    usage: {
      inputTokens: { total: inputTokens, noCache: undefined, cacheRead: cachedInputTokens, cacheWrite: undefined },
      outputTokens: { total: outputTokens, text: outputTokens, reasoning: undefined },
    },
  };
}

/** What is told of an answer is what is billed, also where the model did not count. */
function withUsage(finish: FinishPart, { inputTokens, cachedInputTokens, outputTokens }: Usage): FinishPart {
  const { usage } = finish;
  const cacheRead = usage.inputTokens.cacheRead === undefined ? undefined : cachedInputTokens;
  return {
    ...finish,
    usage: {
      inputTokens: { ...usage.inputTokens, total: inputTokens, cacheRead },
      outputTokens: { ...usage.outputTokens, total: outputTokens },
    },
  };
}
