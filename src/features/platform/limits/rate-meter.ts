import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import { RateLimitedError } from '../../../base/errors.ts';
import type { Payer } from '../../../metering/meter.ts';
import { RateBucket, type BucketState } from './rate-bucket.ts';

/** Buckets that are remembered; full ones are forgotten first, and nobody notices. */
const MOST_BUCKETS = 20_000;

export interface RateState {
  requests: BucketState;
  tokens: BucketState;
}

type Kind = keyof RateState;

/** A minute, for a key that has no limits of its own, and for a person over all keys. */
export interface PlatformRates {
  key: Record<Kind, number>;
  person: Record<Kind, number>;
}

/** Generous: who is let in is trusted, and a mistake in a loop should not take the house down. */
const DEFAULT_RATES: PlatformRates = {
  key: { requests: 6000, tokens: 10_000_000 },
  person: { requests: 12_000, tokens: 20_000_000 },
};
/** Where the owner of the house says how many calls a person may make. */
const TOKENS_PER_CALL = 2000;

/** As `callsPerMinute` of the configuration; null = the usual limits. */
export function platformRatesFor(callsPerMinute: number | null): PlatformRates {
  if (callsPerMinute === null) return DEFAULT_RATES;
  const both = { requests: callsPerMinute, tokens: callsPerMinute * TOKENS_PER_CALL };
  return { key: both, person: both };
}

/** Counts requests and tokens a minute, for each key and for each person. In this process. */
export class RateMeter {
  readonly #rates: PlatformRates;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, RateBucket>();

  constructor({ clock, rates }: { clock: Clock; rates: PlatformRates }) {
    this.#rates = rates;
    this.#clock = clock;
  }

  /**
   * Counts one request. Throws `RateLimitedError` with `details.limit` (`requests`, `tokens`) when it is one too many, or
   * when earlier ones used more tokens than there were. The state is that of whichever is nearer to its end.
   */
  admit({ userId, key }: Actor): RateState {
    const requests = [this.#person('requests', userId)];
    const tokens = [this.#person('tokens', userId)];
    if (key) {
      requests.unshift(this.#key('requests', key.id, key.requestsPerMinute));
      tokens.unshift(this.#key('tokens', key.id, key.tokensPerMinute));
    }
    for (const [kind, buckets] of [['tokens', tokens] as const, ['requests', requests] as const]) {
      const waitInMs = Math.max(...buckets.map((bucket) => bucket.waitInMs(1)));
      if (waitInMs > 0) throw tooMany(kind, nearest(buckets), waitInMs);
    }
    for (const bucket of requests) bucket.take(1);
    return { requests: nearest(requests), tokens: nearest(tokens) };
  }

  /** Counts tokens that were used; more than there were make whoever comes next wait. */
  spend({ userId, keyId }: Payer, count: number): void {
    this.#person('tokens', userId).take(count);
    if (keyId !== null) this.#bucket(`tokens:key:${keyId}`, this.#rates.key.tokens).take(count);
  }

  #person(kind: Kind, userId: string): RateBucket {
    return this.#bucket(`${kind}:person:${userId}`, this.#rates.person[kind]);
  }

  /** A key's own limit may have been changed since it was last seen. */
  #key(kind: Kind, keyId: string, own: number | null): RateBucket {
    const perMinute = own ?? this.#rates.key[kind];
    const bucket = this.#bucket(`${kind}:key:${keyId}`, perMinute);
    bucket.resize(perMinute);
    return bucket;
  }

  #bucket(name: string, perMinute: number): RateBucket {
    let bucket = this.#buckets.get(name);
    if (!bucket) {
      if (this.#buckets.size >= MOST_BUCKETS) this.#forget();
      bucket = new RateBucket(this.#clock, perMinute);
      this.#buckets.set(name, bucket);
    }
    return bucket;
  }

  #forget(): void {
    for (const [name, bucket] of this.#buckets) if (bucket.isFull) this.#buckets.delete(name);
  }
}

function nearest(buckets: readonly RateBucket[]): BucketState {
  const states = buckets.map((bucket) => bucket.state);
  return states.reduce((least, state) => (state.remaining < least.remaining ? state : least));
}

function tooMany(kind: Kind, { limit }: BucketState, waitInMs: number): RateLimitedError {
  const seconds = Math.ceil(waitInMs / 1000);
  return new RateLimitedError(
    `Rate limit reached: ${limit} ${kind} per minute. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    { retryAfterInSeconds: seconds, details: { limit: kind } },
  );
}
