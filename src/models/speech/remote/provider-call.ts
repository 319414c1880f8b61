import { httpError, networkError, timeoutError } from '../../remote/provider-errors.ts';
import { createProviderFetch } from '../../remote/provider-fetch.ts';
import { providerBaseUrl, type RemoteProvider } from '../../remote/provider-kinds.ts';
import { requireKey } from '../../remote/create-language-model.ts';
import { InvalidInputError, type AppError } from '../../../base/errors.ts';

export interface RemoteSpeechOptions {
  provider: RemoteProvider;
  /** The provider's own name of the model. */
  model: string;
  fetch?: typeof fetch;
  /** Milliseconds until the first sound or word; 15 s, for somebody waits. */
  firstAudioInMs?: number;
  /** Milliseconds of silence between two chunks; 10 s. */
  silenceInMs?: number;
}

export const FIRST_AUDIO_IN_MS = 15_000;
export const SILENCE_IN_MS = 10_000;
/** As much of an error's body as is read, bytes. */
const MOST_ERROR_BYTES = 64 * 1024;
const MOST_ERROR_WAIT_IN_MS = 3000;

/**
 * A request to a provider that a person waits for: aborted upstream with `signal`, given up after `limitInMs` of
 * silence at every step.
 */
export interface ProviderCall {
  response: Response;
  /** The body's chunks; throws `AppError`s only. */
  chunks: AsyncGenerator<Uint8Array>;
}

/** Sends a request and hands out a good answer; every other one throws the house's error. */
export async function callProvider(
  options: RemoteSpeechOptions,
  request: { path: string; init: RequestInit; signal: AbortSignal },
): Promise<ProviderCall> {
  const { provider } = options;
  const key = requireKey(provider);
  const ending = new AbortController();
  const signal = AbortSignal.any([request.signal, ending.signal]);
  const firstInMs = options.firstAudioInMs ?? FIRST_AUDIO_IN_MS;
  const send = createProviderFetch(provider, options.fetch);
  const headers = new Headers(request.init.headers);
  if (key !== '') headers.set('authorization', `Bearer ${key}`);
  const response = await within({
    promise: send(`${providerBaseUrl(provider)}${request.path}`, { ...request.init, headers, signal }),
    limitInMs: firstInMs,
    provider,
    caller: request.signal,
    ending,
  });
  if (!response.ok) throw await refusal({ provider, response, ending, caller: request.signal });
  return { response, chunks: readChunks({ response, options, caller: request.signal, ending }) };
}

async function* readChunks({
  response,
  options,
  caller,
  ending,
}: {
  response: Response;
  options: RemoteSpeechOptions;
  caller: AbortSignal;
  ending: AbortController;
}): AsyncGenerator<Uint8Array> {
  const { provider } = options;
  const reader = response.body?.getReader();
  if (!reader) return;
  let limitInMs = options.firstAudioInMs ?? FIRST_AUDIO_IN_MS;
  try {
    for (;;) {
      const { done, value } = await within({ promise: reader.read(), limitInMs, provider, caller, ending });
      if (done) return;
      if (value.length > 0) {
        limitInMs = options.silenceInMs ?? SILENCE_IN_MS;
        yield value;
      }
    }
  } finally {
    ending.abort();
    await reader.cancel().catch(() => undefined);
  }
}

/** Waits for a step; a fault, silence or the caller's abort ends the request upstream. */
async function within<T>({
  promise,
  limitInMs,
  provider,
  caller,
  ending,
}: {
  promise: Promise<T>;
  limitInMs: number;
  provider: RemoteProvider;
  caller: AbortSignal;
  ending: AbortController;
}): Promise<T> {
  const silence = Promise.withResolvers<never>();
  const timer = setTimeout(() => silence.reject(timeoutError(provider, limitInMs)), limitInMs);
  try {
    return await Promise.race([promise, silence.promise]);
  } catch (error) {
    ending.abort();
    promise.catch(() => undefined);
    caller.throwIfAborted();
    throw networkError(provider, error);
  } finally {
    clearTimeout(timer);
  }
}

async function refusal({
  provider,
  response,
  ending,
  caller,
}: {
  provider: RemoteProvider;
  response: Response;
  ending: AbortController;
  caller: AbortSignal;
}): Promise<AppError> {
  const timer = setTimeout(() => ending.abort(), MOST_ERROR_WAIT_IN_MS);
  let text = '';
  try {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > MOST_ERROR_BYTES) break;
    }
  } catch {
    caller.throwIfAborted();
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
  return speechError(provider, {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text: messageOf(text),
  });
}

/** The house's error of an HTTP status; a complaint about the voice names it. */
export function speechError(
  provider: RemoteProvider,
  failure: { status: number; headers: Record<string, string>; text: string },
): AppError {
  if (
    failure.status >= 400 &&
    failure.status < 500 &&
    /\bvoices?(?:_id)?\b/iu.test(failure.text) &&
    ![401, 402, 403, 429].includes(failure.status)
  ) {
    return voiceError(provider, failure.text);
  }
  return httpError(provider, failure);
}

export function voiceError(provider: RemoteProvider, said: string): InvalidInputError {
  return new InvalidInputError(
    `${provider.name ?? provider.kind} does not know this voice. Choose another one in Voices. It said: ${said.slice(0, 300)}`,
    { code: 'voice-unknown', field: 'voice' },
  );
}

/** The provider's own sentence out of its error body: OpenAI's `error.message`, FastAPI's `detail`, or the body. */
function messageOf(text: string): string {
  try {
    const body = JSON.parse(text) as { error?: { message?: unknown } | string; detail?: unknown; message?: unknown };
    const error = typeof body.error === 'string' ? body.error : body.error?.message;
    const found = [error, body.detail, body.message].find((part) => typeof part === 'string');
    return typeof found === 'string' ? found : text;
  } catch {
    return text;
  }
}
