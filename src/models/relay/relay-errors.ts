import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { AppError, InvalidInputError, UnavailableError } from '../../base/errors.ts';
import { httpError, networkError, timeoutError } from '../remote/provider-errors.ts';
import { providerName, type RemoteProvider } from '../remote/provider-kinds.ts';
import { parseByteText } from './public-name.ts';
import type { RelayLimits } from './relay-target.ts';

const errorSchema = z.looseObject({
  message: z.string(),
  param: z.string().nullish(),
  code: z.union([z.string(), z.number()]).nullish(),
});
const bodySchema = z.union([
  z.looseObject({ error: errorSchema }),
  z.looseObject({ error: z.string() }),
  errorSchema,
  z.looseObject({ detail: z.string() }),
]);

interface Said {
  message: string;
  field?: string;
  code?: string;
}

/** A provider's refusal by the decision a caller can make, in the provider's words and without its key. */
export function refusalOf(
  provider: RemoteProvider,
  { status, headers, body }: { status: number; headers: IncomingHttpHeaders; body: string },
): AppError {
  const said = readWords(parseByteText(body)) ?? { message: Buffer.from(body, 'latin1').toString() };
  const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const known = httpError(provider, { status, headers: plain, text: said.message });
  if (!(known instanceof InvalidInputError)) return known;
  // What is wrong with a request is for whoever wrote it: their client knows the provider's own codes.
  return new InvalidInputError(withoutKey(provider, said.message) || known.message, {
    code: said.code ?? known.code,
    ...(said.field === undefined ? {} : { field: said.field }),
  });
}

/** A fault that a provider tells inside its stream. */
export function streamFaultOf(provider: RemoteProvider, fault: unknown): AppError {
  const message = readWords({ error: fault })?.message ?? 'The provider does not say why.';
  return new UnavailableError(`${providerName(provider)} failed: ${withoutKey(provider, message)}`, {
    code: 'provider-failed',
  });
}

/** Whatever the connection threw. */
export function connectionFaultOf(provider: RemoteProvider, error: Error, limits: RelayLimits): AppError {
  if (error instanceof AppError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return timeoutError(provider, limits.firstByteInMs);
  if (code === 'UND_ERR_BODY_TIMEOUT') return timeoutError(provider, limits.silenceInMs);
  return networkError(provider, error);
}

/** The answer was longer under way than anything may be. */
export function tooLongError(provider: RemoteProvider, { totalInMs }: RelayLimits): UnavailableError {
  const seconds = Math.round(totalInMs / 1000);
  return new UnavailableError(`${providerName(provider)} was not done after ${seconds} seconds.`, {
    code: 'provider-timeout',
  });
}

function readWords(value: unknown): Said | null {
  const { data } = bodySchema.safeParse(value);
  if (!data) return null;
  if ('detail' in data && typeof data.detail === 'string') return { message: data.detail };
  if ('error' in data && typeof data.error === 'string') return { message: data.error };
  const said = errorSchema.safeParse('error' in data ? data.error : data).data;
  if (!said) return null;
  return {
    message: said.message,
    ...(said.param ? { field: said.param } : {}),
    ...(typeof said.code === 'string' ? { code: said.code } : {}),
  };
}

function withoutKey({ apiKey }: RemoteProvider, message: string): string {
  const short = message.trim().slice(0, 2000);
  return apiKey ? short.replaceAll(apiKey, '[key]') : short;
}
