import { APICallError, InvalidPromptError, UnsupportedFunctionalityError } from '@ai-sdk/provider';
import {
  AppError,
  errorMessage,
  InvalidInputError,
  RateLimitedError,
  TooLargeError,
  UnavailableError,
} from '../../base/errors.ts';
import { providerName, type RemoteProvider } from './provider-kinds.ts';

/** As much of a provider's own words as a person reads, characters. */
const MOST_QUOTED = 300;

export interface HttpFailure {
  status: number;
  headers: Record<string, string>;
  /** The provider's own message, or its body. */
  text: string;
}

/**
 * Turns whatever a provider or its client library throws into an error by the decision a caller can make. The library's
 * error carries the request, which is what people said; only its name and message go on, and never the key.
 */
export function toProviderError(provider: RemoteProvider, error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (APICallError.isInstance(error)) {
    if (error.statusCode !== undefined && error.statusCode >= 300) {
      const { statusCode: status, responseHeaders: headers = {}, message: text } = error;
      return httpError(provider, { status, headers, text: text || (error.responseBody ?? '') });
    }
    if (error.statusCode === undefined) return networkError(provider, error.cause ?? error);
    return garbageError(provider);
  }
  if (UnsupportedFunctionalityError.isInstance(error) || InvalidPromptError.isInstance(error)) {
    const said = quote(provider, error.message);
    return new InvalidInputError(`${providerName(provider)} cannot take this conversation: ${said}`, {
      code: 'provider-refused',
    });
  }
  if (error instanceof TypeError && error.cause !== undefined) return networkError(provider, error.cause);
  if (networkCode(error) !== undefined) return networkError(provider, error);
  const name = error instanceof Error ? error.name : '';
  if (/JSONParse|TypeValidation|InvalidResponseData|EmptyResponseBody|NoContent/.test(name)) {
    return garbageError(provider);
  }
  return new UnavailableError(`${providerName(provider)} failed: ${quote(provider, streamMessage(error))}`, {
    code: 'provider-failed',
    cause: plainCause(provider, error),
  });
}

/** The meaning of an HTTP status of a model provider. */
export function httpError(provider: RemoteProvider, { status, headers, text }: HttpFailure): AppError {
  const name = providerName(provider);
  const said = quote(provider, text);
  if (status === 401 || status === 403) {
    return new UnavailableError(`${name} does not accept the key. Check it in Settings → Models. It said: ${said}`, {
      code: 'provider-auth',
      retryable: false,
    });
  }
  if (status === 402 || /insufficient.?(quota|balance)|exceeded your current quota|credit balance/i.test(text)) {
    return new UnavailableError(`The account at ${name} has no credit left. It said: ${said}`, {
      code: 'provider-credit',
      retryable: false,
    });
  }
  if (status === 429) {
    const seconds = retryAfterSeconds(headers);
    const when = seconds === undefined ? 'Try again in a while.' : `Try again in ${seconds} seconds.`;
    return new RateLimitedError(`${name} takes no more requests for now. ${when}`, {
      code: 'provider-rate-limited',
      ...(seconds === undefined ? {} : { retryAfterInSeconds: seconds }),
    });
  }
  const speaksOfContext = /context.?(length|window)|too many tokens|prompt is too long|maximum context/i.test(text);
  if (status === 413 || (status < 500 && speaksOfContext)) {
    return new TooLargeError(`The conversation is too long for this model at ${name}. It said: ${said}`, {
      code: 'provider-context',
    });
  }
  if (status === 404) {
    const what = 'has no such model or address. Check the model name and the address';
    return new UnavailableError(`${name} ${what}. It said: ${said}`, { code: 'provider-not-found', retryable: false });
  }
  if (status === 408 || status >= 500) {
    return new UnavailableError(`${name} has a fault of its own now (${status}). Try again in a while.`, {
      code: 'provider-failed',
      details: { status },
    });
  }
  return new InvalidInputError(`${name} refuses the request (${status}): ${said}`, { code: 'provider-refused' });
}

/** RFC 9110 §10.2.3, seconds or a date; `retry-after-ms` is what some providers send beside it. */
export function retryAfterSeconds(headers: Record<string, string>, now = Date.now()): number | undefined {
  const milliseconds = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return Math.ceil(milliseconds / 1000);
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value));
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

export function networkError(provider: RemoteProvider, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const name = providerName(provider);
  const code = networkCode(error);
  const cause = plainCause(provider, error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    const message = `${name} cannot be found: its host name is unknown, or there is no network.`;
    return new UnavailableError(message, { code: 'provider-no-host', cause });
  }
  if (code === 'ECONNREFUSED') {
    const message = `Nothing answers at the address of ${name}. Is the server running there?`;
    return new UnavailableError(message, { code: 'provider-no-server', cause });
  }
  if (code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL/.test(code)) {
    const message = `The certificate of ${name} cannot be trusted (${code}).`;
    return new UnavailableError(message, { code: 'provider-certificate', retryable: false, cause });
  }
  const message = `The connection to ${name} failed (${code ?? quote(provider, errorMessage(error))}).`;
  return new UnavailableError(message, { code: 'provider-connection', cause });
}

export function timeoutError(provider: RemoteProvider, milliseconds: number): UnavailableError {
  const seconds = Math.round(milliseconds / 1000);
  return new UnavailableError(`${providerName(provider)} said nothing for ${seconds} seconds. Try again.`, {
    code: 'provider-timeout',
  });
}

export function garbageError(provider: RemoteProvider): UnavailableError {
  return new UnavailableError(
    `${providerName(provider)} answered with something that is not a model's answer. Check its address.`,
    { code: 'provider-garbage' },
  );
}

export function halfStreamError(provider: RemoteProvider): UnavailableError {
  return new UnavailableError(`The answer of ${providerName(provider)} broke off before its end.`, {
    code: 'provider-cut-off',
  });
}

/** Errors inside a stream are whatever the provider sent: a text, an object with a message, an Error. */
function streamMessage(error: unknown): string {
  if (typeof error === 'string') return error;
  const message = (error as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : JSON.stringify(error);
}

function networkCode(error: unknown): string | undefined {
  for (let current = error, depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    const { code } = current as NodeJS.ErrnoException;
    if (typeof code === 'string' && /^(E[A-Z]+|UND_ERR_|CERT|SELF_SIGNED|UNABLE_TO|ERR_)/.test(code)) return code;
    current = current.cause;
  }
  return undefined;
}

function quote(provider: RemoteProvider, text: string): string {
  const short = text.trim().slice(0, MOST_QUOTED);
  return provider.apiKey ? short.replaceAll(provider.apiKey, '[key]') : short;
}

function plainCause(provider: RemoteProvider, error: unknown): Error {
  const name = error instanceof Error ? error.name : 'Error';
  return new Error(`${name}: ${quote(provider, streamMessage(error))}`);
}
