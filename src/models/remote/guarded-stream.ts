import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { garbageError, halfStreamError, timeoutError, toProviderError } from './provider-errors.ts';
import type { RemoteProvider } from './provider-kinds.ts';

export interface GuardedStreamOptions {
  provider: RemoteProvider;
  /** Milliseconds of silence that end the call while nothing has been shown yet. */
  firstTokenInMs: number;
  /** Milliseconds of silence between two parts after that. */
  silenceInMs: number;
}

/**
 * Begins a call and hands its parts on, refusing what a provider may do wrong: silence, half an answer, garbage. The
 * first element is only yielded once something is there to be shown, so that everything before it can be tried again.
 * Throws `AppError`s only.
 */
export async function* guardedStream({
  begin,
  options,
}: {
  begin: (signal: AbortSignal) => Promise<ReadableStream<LanguageModelV4StreamPart>>;
  options: GuardedStreamOptions;
}): AsyncGenerator<LanguageModelV4StreamPart> {
  const { provider } = options;
  const ending = new AbortController();
  let reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart> | null = null;
  let limit = options.firstTokenInMs;
  let shown = false;
  const held: LanguageModelV4StreamPart[] = [];
  try {
    reader = (await within(begin(ending.signal), limit, provider)).getReader();
    for (;;) {
      const { done, value } = await within(reader.read(), limit, provider);
      if (done) throw shown ? halfStreamError(provider) : garbageError(provider);
      if (value.type === 'error') throw brokenOff(provider, value.error, shown);
      if (value.type === 'finish' && isCutOff(value)) throw shown ? halfStreamError(provider) : garbageError(provider);
      held.push(value);
      if (!shown && !isShown(value) && value.type !== 'finish') continue;
      shown = true;
      limit = options.silenceInMs;
      yield* held.splice(0);
      if (value.type === 'finish') return;
    }
  } catch (error) {
    throw toProviderError(provider, error);
  } finally {
    ending.abort();
    await reader?.cancel().catch(() => undefined);
  }
}

function isShown(part: LanguageModelV4StreamPart): boolean {
  return (
    part.type === 'text-delta' ||
    part.type === 'reasoning-delta' ||
    part.type === 'tool-input-start' ||
    part.type === 'tool-call' ||
    part.type === 'file'
  );
}

/** Client libraries end a stream that lacks the provider's own end with one of these and no reason of its. */
function isCutOff({ finishReason }: Extract<LanguageModelV4StreamPart, { type: 'finish' }>): boolean {
  const { unified, raw } = finishReason;
  return raw === undefined && (unified === 'interrupted' || unified === 'error' || unified === 'other');
}

function brokenOff(provider: RemoteProvider, error: unknown, shown: boolean): Error {
  const known = toProviderError(provider, error);
  return shown && known.code === 'provider-garbage' ? halfStreamError(provider) : known;
}

async function within<T>(promise: Promise<T>, milliseconds: number, provider: RemoteProvider): Promise<T> {
  const silence = Promise.withResolvers<never>();
  const timer = setTimeout(() => silence.reject(timeoutError(provider, milliseconds)), milliseconds);
  try {
    return await Promise.race([promise, silence.promise]);
  } finally {
    clearTimeout(timer);
  }
}
