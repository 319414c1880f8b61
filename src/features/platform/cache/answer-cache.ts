import { hash } from 'node:crypto';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import { NO_USAGE } from '../../../metering/cost.ts';
import type { Meter } from '../../../metering/meter.ts';
import { payerOf } from '../../../models/billing/payers.ts';
import { requireModelAllowed } from '../platform-caller.ts';

/** Bytes of all answers together; the oldest go first. */
const MOST_BYTES = 64 * 1024 * 1024;
const LONGEST_TTL_IN_SECONDS = 86_400;

/** An answer as it was sent. */
export interface KeptAnswer {
  ref: string;
  /** JSON, or the frames of a stream up to its end; bytes in Latin-1. */
  text: string;
}

interface CacheRequest {
  actor: Actor;
  body: Readonly<Record<string, unknown>>;
  requestId: string;
}

/** Answers that callers allowed to be given again, in the memory of this process. Nobody meets those of others. */
export class AnswerCache {
  readonly #meter: Meter;
  readonly #clock: Clock;
  readonly #answers = new Map<string, KeptAnswer & { until: number }>();
  #bytes = 0;

  constructor({ meter, clock }: { meter: Meter; clock: Clock }) {
    this.#meter = meter;
    this.#clock = clock;
  }

  /** The answer to the same request of the same person, noted in the books as one that costs nothing; null = none. */
  async find({ actor, body, requestId }: CacheRequest): Promise<KeptAnswer | null> {
    const key = keyOf(actor, body);
    const kept = this.#answers.get(key);
    if (!kept) return null;
    if (kept.until <= this.#clock.monotonic()) {
      this.#forget(key);
      return null;
    }
    const model = String(body['model']);
    requireModelAllowed(actor, model);
    const { ref } = kept;
    const call = { payer: payerOf(actor), door: 'api', kind: 'text', model, requestId } as const;
    const metered = await this.#meter.begin({ ...call, refs: [ref], estimate: NO_USAGE });
    await metered.settle({ ref, usage: NO_USAGE, usageSource: 'provider', outcome: 'done', durationInMs: 0 });
    return kept;
  }

  keep({ actor, body }: CacheRequest, answer: KeptAnswer & { ttlInSeconds: number }): void {
    const { ref, text, ttlInSeconds } = answer;
    if (text.length > MOST_BYTES / 8) return;
    const key = keyOf(actor, body);
    this.#forget(key);
    this.#answers.set(key, { ref, text, until: this.#clock.monotonic() + ttlInSeconds * 1000 });
    this.#bytes += text.length;
    for (const oldest of this.#answers.keys()) {
      if (this.#bytes <= MOST_BYTES) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#answers.get(key)?.text.length ?? 0;
    this.#answers.delete(key);
  }
}

/** `x-everwith-cache: ttl=SECONDS`; null where it is not asked for. */
export function readCacheTtl(header: string | string[] | undefined): number | null {
  if (header === undefined) return null;
  const seconds = Number(/^(?:ttl=)?(\d{1,6})$/.exec(String(header).trim())?.[1] ?? Number.NaN);
  if (seconds >= 1 && seconds <= LONGEST_TTL_IN_SECONDS) return seconds;
  throw new InvalidInputError(`x-everwith-cache must be “ttl=SECONDS”, from 1 to ${LONGEST_TTL_IN_SECONDS}.`, {
    field: 'x-everwith-cache',
  });
}

function keyOf({ userId, key }: Actor, body: Readonly<Record<string, unknown>>): string {
  return hash('sha256', JSON.stringify([userId, key?.teamId ?? null, normal(body)]), 'base64url');
}

/** The same for requests that differ in the order of their fields only. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, part]) => [name, normal(part)]);
}
