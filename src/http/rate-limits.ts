import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { RateLimitedError } from '../base/errors.ts';
import type { HttpApp } from './http-app.ts';

const MINUTE_IN_MS = 60_000;

/** Calls per minute. Generous where a person or their program works, strict where somebody could guess. */
export interface RateLimits {
  perAddress: number;
  perActor: number;
  /** Failed or not, for one name from one address. */
  signInPerName: number;
  signInPerAddress: number;
  signUpPerAddress: number;
}

const DEFAULT_RATE_LIMITS: RateLimits = {
  // Whole households and their browsers' polling come from one address.
  perAddress: 12_000,
  perActor: 6000,
  signInPerName: 6,
  signInPerAddress: 30,
  signUpPerAddress: 10,
};

/** The house's limits where its owner says how much a person may do. */
export function rateLimitsFor(callsPerMinute: number | null): RateLimits {
  if (callsPerMinute === null) return DEFAULT_RATE_LIMITS;
  return { ...DEFAULT_RATE_LIMITS, perActor: callsPerMinute, perAddress: 2 * callsPerMinute };
}

/** Counts one call; throws `RateLimitedError` when it is one too many. */
export type CountCall = (request: FastifyRequest) => Promise<void>;

declare module 'fastify' {
  interface FastifyInstance {
    /** Makes a counter that allows `max` calls a minute for each key. */
    limitCalls(options: { max: number; key: (request: FastifyRequest) => string }): CountCall;
  }
}

/** Registers the limits that hold everywhere, and `app.limitCalls` for stricter ones. Counted in this process. */
export async function registerRateLimits(app: HttpApp): Promise<void> {
  await app.register(rateLimit, { global: false });
  app.decorate('limitCalls', ({ max, key }) => {
    const count = app.createRateLimit({ max, timeWindow: MINUTE_IN_MS, keyGenerator: key });
    return async (request) => {
      const state = await count(request);
      if (state.isAllowed || !state.isExceeded) return;
      throw new RateLimitedError('Too many requests. Wait a little, then try again.', {
        retryAfterInSeconds: state.ttlInSeconds,
        details: { retryAfterInSeconds: state.ttlInSeconds },
      });
    };
  });
}
