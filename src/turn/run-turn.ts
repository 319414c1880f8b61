import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { z } from 'zod';
import type { Locale } from '../../contract/common.ts';
import type { SamplingPreset } from '../../contract/conversations.ts';
import type { Receipt } from '../../contract/messages.ts';
import type { Clock } from '../base/clock.ts';
import { AppError, errorMessage, isAbort } from '../base/errors.ts';
import type { CardText } from '../character/card.ts';
import type { Failure } from '../conversation/tree-types.ts';
import {
  isPromptProgress,
  type EngineOptions,
  type EngineReport,
  type ModelHandle,
  type WarmReport,
} from '../models/spec/model-handle.ts';
import type { ModelDirectory } from '../models/routing/model-directory.ts';
import type { Db } from '../storage/storage.ts';
import { assemblePrompt, type AssembledPrompt } from './assemble-prompt.ts';
import { HistoryWindow } from './history-window.ts';
import { OwnNameFilter } from './own-name-filter.ts';
import { samplingFor } from './sampling-presets.ts';
import { TokenCounts } from './token-counts.ts';

export interface TurnRequest {
  conversationId: string;
  card: CardText;
  locale: Locale;
  userName: string;
  modelRef: string | null;
  preset: SamplingPreset;
  /** The newest message the model sees. */
  endId: string | null;
  continueText: string | null;
  signal: AbortSignal;
}

export type ReceiptBody = Omit<Receipt, 'messageId' | 'createdAt'>;

/** One reply as it comes into being. `turn-end` is always the last part. */
export type TurnPart =
  | { type: 'prompt-progress'; evaluated: number; reused: number; total: number }
  | { type: 'text-delta'; text: string }
  | { type: 'reasoning-delta'; text: string }
  | { type: 'turn-end'; state: 'done' | 'stopped' | 'failed'; failure: Failure | null; receipt: ReceiptBody | null };

export interface TurnRunner {
  run(request: TurnRequest): AsyncGenerator<TurnPart>;
  /** Prepares the engine for the next turn of a conversation; undefined where there is nothing to prepare. */
  warm(request: Omit<TurnRequest, 'continueText' | 'preset'>): Promise<WarmReport | undefined>;
}

export function createTurnRunner({
  db,
  directory,
  clock,
}: {
  db: Db;
  directory: ModelDirectory;
  clock: Clock;
}): TurnRunner {
  const counts = new TokenCounts();
  const history = new HistoryWindow(counts);
  const assemble = (model: ModelHandle, request: Omit<TurnRequest, 'modelRef' | 'preset'>) =>
    assemblePrompt({ ...request, db, model }, { counts, history });
  return {
    run: (request) => runTurn({ request, directory, clock, assemble }),
    warm: async (request) => {
      const model = await directory.resolve(request.modelRef, request.signal);
      if (!model.warm) return undefined;
      const assembled = await assemble(model, { ...request, continueText: null });
      return model.warm({
        prompt: assembled.prompt,
        options: { affinity: request.conversationId, stableMessages: assembled.stableMessages, keepState: true },
        signal: request.signal,
      });
    },
  };
}

interface TurnState {
  startedAt: number;
  firstTokenAt: number | null;
  finishReason: string;
  outputTokens: number;
  promptTokens: number | null;
  report: EngineReport | null;
}

async function* runTurn({
  request,
  directory,
  clock,
  assemble,
}: {
  request: TurnRequest;
  directory: ModelDirectory;
  clock: Clock;
  assemble: (model: ModelHandle, request: TurnRequest) => Promise<AssembledPrompt>;
}): AsyncGenerator<TurnPart> {
  const state: TurnState = {
    startedAt: clock.monotonic(),
    firstTokenAt: null,
    finishReason: 'unknown',
    outputTokens: 0,
    promptTokens: null,
    report: null,
  };
  let model: ModelHandle | undefined;
  let assembled: AssembledPrompt | undefined;
  const receipt = () =>
    model && assembled ? toReceipt({ model, assembled, state, preset: request.preset, now: clock.monotonic() }) : null;
  try {
    model = await directory.resolve(request.modelRef, request.signal);
    assembled = await assemble(model, request);
    const call = toCall({ model, assembled, request });
    const begun = request.continueText !== null && model.continuesAssistant;
    const filter = new OwnNameFilter([assembled.names.char], { begun });
    for await (const part of generate({ model, call, state, clock, filter })) yield part;
    yield { type: 'turn-end', state: request.signal.aborted ? 'stopped' : 'done', failure: null, receipt: receipt() };
  } catch (error) {
    if (request.signal.aborted || isAbort(error)) {
      yield { type: 'turn-end', state: 'stopped', failure: null, receipt: receipt() };
    } else {
      yield { type: 'turn-end', state: 'failed', failure: toFailure(error), receipt: receipt() };
    }
  }
}

function toCall({
  model,
  assembled,
  request,
}: {
  model: ModelHandle;
  assembled: AssembledPrompt;
  request: TurnRequest;
}): LanguageModelV4CallOptions {
  const sampling = samplingFor(request.preset, model.sampling);
  const options: EngineOptions = {
    affinity: request.conversationId,
    stableMessages: assembled.stableMessages,
    sampling,
    keepState: true,
  };
  return {
    prompt: assembled.prompt,
    maxOutputTokens: assembled.maxOutputTokens,
    ...(sampling.temperature === undefined ? {} : { temperature: sampling.temperature }),
    ...(sampling.topP === undefined ? {} : { topP: sampling.topP }),
    // A model that starts to speak for the person has finished its own part.
    stopSequences: [`\n${assembled.names.user}:`, `\n${assembled.names.user}\uff1a`],
    abortSignal: request.signal,
    providerOptions: { everwith: { ...options } as unknown as Record<string, never> },
  };
}

const reportSchema = z.object({
  evaluatedPromptTokens: z.number(),
  reusedPromptTokens: z.number(),
  stateSource: z.enum(['none', 'memory', 'disk']),
  queueInMs: z.number(),
  promptInMs: z.number(),
  firstTokenInMs: z.number(),
  tokensPerSecond: z.number(),
  retried: z.boolean(),
});

async function* generate({
  model,
  call,
  state,
  clock,
  filter,
}: {
  model: ModelHandle;
  call: LanguageModelV4CallOptions;
  state: TurnState;
  clock: Clock;
  filter: OwnNameFilter;
}): AsyncGenerator<TurnPart> {
  const { stream } = await model.languageModel.doStream(call);
  const reader = stream.getReader();
  let finished = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const part = toTurnPart(value, { state, filter });
      if (!part) continue;
      if (part.type === 'text-delta') state.firstTokenAt ??= clock.monotonic();
      yield part;
    }
    finished = true;
    const held = filter.end();
    if (held) yield { type: 'text-delta', text: held };
  } finally {
    if (!finished) await reader.cancel().catch(() => undefined);
  }
}

function toTurnPart(
  part: LanguageModelV4StreamPart,
  { state, filter }: { state: TurnState; filter: OwnNameFilter },
): TurnPart | undefined {
  switch (part.type) {
    case 'text-delta': {
      const text = filter.push(part.delta);
      return text === '' ? undefined : { type: 'text-delta', text };
    }
    case 'reasoning-delta':
      return part.delta === '' ? undefined : { type: 'reasoning-delta', text: part.delta };
    case 'raw':
      return isPromptProgress(part.rawValue) ? { ...part.rawValue } : undefined;
    case 'finish': {
      state.finishReason = part.finishReason.unified;
      state.outputTokens = part.usage.outputTokens.total ?? 0;
      state.promptTokens = part.usage.inputTokens.total ?? null;
      const report = reportSchema.safeParse(part.providerMetadata?.['everwith']);
      if (report.success) state.report = report.data;
      return undefined;
    }
    case 'error':
      throw part.error;
    default:
      return undefined;
  }
}

function toReceipt({
  model,
  assembled,
  state,
  preset,
  now,
}: {
  model: ModelHandle;
  assembled: AssembledPrompt;
  state: TurnState;
  preset: SamplingPreset;
  now: number;
}): ReceiptBody {
  const { report } = state;
  const estimated = assembled.segments.reduce((sum, segment) => sum + segment.tokens, 0);
  const firstTokenInMs = state.firstTokenAt === null ? null : state.firstTokenAt - state.startedAt;
  const writingInSeconds = state.firstTokenAt === null ? 0 : (now - state.firstTokenAt) / 1000;
  return {
    model: { ref: model.ref, label: model.label, place: model.place, fallback: model.fallback },
    preset,
    promptDigest: assembled.digest,
    segments: assembled.segments,
    dropped: assembled.dropped,
    tokens: {
      prompt: state.promptTokens ?? estimated,
      evaluated: report?.evaluatedPromptTokens ?? null,
      reused: report?.reusedPromptTokens ?? null,
      output: state.outputTokens,
      exact: model.place !== 'provider',
      contextLength: model.contextLength,
    },
    timings: {
      queueInMs: report?.queueInMs ?? 0,
      promptInMs: report?.promptInMs ?? null,
      firstTokenInMs,
      totalInMs: now - state.startedAt,
      tokensPerSecond:
        report?.tokensPerSecond ??
        (writingInSeconds > 0 && state.outputTokens > 1 ? (state.outputTokens - 1) / writingInSeconds : null),
    },
    stateSource: report?.stateSource ?? null,
    retried: report?.retried ?? false,
    finishReason: state.finishReason,
  };
}

function toFailure(error: unknown): Failure {
  if (error instanceof AppError) return { code: error.code, message: error.message, retryable: error.retryable };
  return { code: 'model-failed', message: `The model failed: ${errorMessage(error).slice(0, 500)}`, retryable: true };
}
