import type { LanguageModelV4CallOptions, LanguageModelV4FinishReason } from '@ai-sdk/provider';
import {
  AbortedError,
  AppError,
  InvalidInputError,
  UnavailableError,
  errorMessage,
  isAbort,
} from '../../base/errors.ts';
import type { BillableModel, EngineOptions, ModelHandle } from '../../models/spec/model-handle.ts';

/** What drafts need to know of models; the house's model directory satisfies it. */
export interface ModelSource {
  resolve(ref: string | null, signal: AbortSignal): Promise<BillableModel>;
}

export interface EndPart {
  state: 'done' | 'stopped' | 'failed';
  failure: { code: string; message: string; retryable: boolean } | null;
}

/** Tokens a provider's model may think before it answers; they count as output there. */
const THINKING_TOKENS = 3000;

export interface SpeakOptions {
  model: ModelHandle;
  call: Pick<LanguageModelV4CallOptions, 'prompt' | 'responseFormat' | 'stopSequences'>;
  maxOutputTokens: number;
  engine: EngineOptions;
  signal: AbortSignal;
}

/** The words of one answer as they come; returns why it ended. Thoughts are left out. */
export async function* speak(options: SpeakOptions): AsyncGenerator<string, LanguageModelV4FinishReason['unified']> {
  const { model, call, engine, signal } = options;
  const sampling = { ...model.sampling, ...engine.sampling };
  const { stream } = await model.languageModel.doStream({
    ...call,
    maxOutputTokens: options.maxOutputTokens + (model.place === 'provider' ? THINKING_TOKENS : 0),
    ...(sampling.temperature === undefined ? {} : { temperature: sampling.temperature }),
    ...(sampling.topP === undefined ? {} : { topP: sampling.topP }),
    abortSignal: signal,
    providerOptions: { everwith: { ...engine, sampling } },
  });
  for await (const part of stream) {
    if (part.type === 'text-delta') yield part.delta;
    else if (part.type === 'error') throw part.error;
    else if (part.type === 'finish') return part.finishReason.unified;
  }
  if (signal.aborted) throw new AbortedError();
  throw new UnavailableError('The model broke off in the middle of its answer.', { code: 'model-cut-off' });
}

/** True where a provider's server does not know the answer format asked for. */
export function refusesFormat(error: unknown): boolean {
  return error instanceof InvalidInputError && ['provider-refused', 'unsupported-json-schema'].includes(error.code);
}

export function endOf(error: unknown, signal: AbortSignal): EndPart {
  if (signal.aborted || isAbort(error)) return { state: 'stopped', failure: null };
  const known = error instanceof AppError ? error : null;
  return {
    state: 'failed',
    failure: {
      code: known?.code ?? 'internal',
      message: known?.message ?? `The model failed: ${errorMessage(error)}`,
      retryable: known?.retryable ?? false,
    },
  };
}
