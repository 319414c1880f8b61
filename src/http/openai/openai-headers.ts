import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RateState } from '../../features/platform/limits/rate-meter.ts';
import type { BucketState } from '../../features/platform/limits/rate-bucket.ts';

/** Of the API whose answers these are; OpenAI has never had another. */
const OPENAI_VERSION = '2020-10-01';

declare module 'fastify' {
  interface FastifyRequest {
    /** How much whoever asks may still ask for; null where that is not counted. */
    platformRates: RateState | null;
  }
}

/** What every answer below `/v1` carries. */
export function openAiHeaders(request: FastifyRequest, reply: FastifyReply): void {
  const { origin } = request.headers;
  reply.headers(platformHeaders({ origin, rates: request.platformRates, elapsedInMs: reply.elapsedTime }));
}

/**
 * Pages of other sites may call with a key that they have: the answer to any origin is never one with cookies.
 */
export function platformHeaders({
  origin,
  rates,
  elapsedInMs,
}: {
  origin: string | undefined;
  rates: RateState | null;
  elapsedInMs: number;
}): Record<string, string | number> {
  const headers: Record<string, string | number> = {
    'openai-version': OPENAI_VERSION,
    'openai-processing-ms': Math.round(elapsedInMs),
  };
  if (origin !== undefined) {
    headers['access-control-allow-origin'] = '*';
    headers['access-control-expose-headers'] = '*';
    headers['cross-origin-resource-policy'] = 'cross-origin';
  }
  if (!rates) return headers;
  for (const [kind, state] of Object.entries(rates) as [string, BucketState][]) {
    headers[`x-ratelimit-limit-${kind}`] = state.limit;
    headers[`x-ratelimit-remaining-${kind}`] = state.remaining;
    headers[`x-ratelimit-reset-${kind}`] = duration(state.resetInMs);
  }
  return headers;
}

/** As OpenAI writes it: `6m0s`, `1s`, `20ms`. */
function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds}ms`;
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
