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

/**
 * What every answer below `/v1` carries. Pages of other sites may call with a key that they have: the answer to any
 * origin is never one with cookies.
 */
export function openAiHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('openai-version', OPENAI_VERSION);
  reply.header('openai-processing-ms', Math.round(reply.elapsedTime));
  if (request.headers.origin !== undefined) {
    reply.header('access-control-allow-origin', '*');
    reply.header('access-control-expose-headers', '*');
    reply.header('cross-origin-resource-policy', 'cross-origin');
  }
  if (!request.platformRates) return;
  for (const [kind, state] of Object.entries(request.platformRates) as [string, BucketState][]) {
    reply.header(`x-ratelimit-limit-${kind}`, state.limit);
    reply.header(`x-ratelimit-remaining-${kind}`, state.remaining);
    reply.header(`x-ratelimit-reset-${kind}`, duration(state.resetInMs));
  }
}

/** As OpenAI writes it: `6m0s`, `1s`, `20ms`. */
function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds}ms`;
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
