import type { Clock } from '../../../base/clock.ts';

const MINUTE_IN_MS = 60_000;

export interface BucketState {
  limit: number;
  /** Never below 0. */
  remaining: number;
  /** Until it is full again, milliseconds. */
  resetInMs: number;
}

/** Holds a minute's worth and refills evenly; what is taken beyond that has to be refilled before the next. */
export class RateBucket {
  readonly #clock: Clock;
  #perMinute: number;
  #level: number;
  #at: number;

  constructor(clock: Clock, perMinute: number) {
    this.#clock = clock;
    this.#perMinute = perMinute;
    this.#level = perMinute;
    this.#at = clock.monotonic();
  }

  get isFull(): boolean {
    this.#refill();
    return this.#level >= this.#perMinute;
  }

  get state(): BucketState {
    this.#refill();
    return {
      limit: this.#perMinute,
      remaining: Math.max(0, Math.floor(this.#level)),
      resetInMs: Math.ceil(((this.#perMinute - this.#level) / this.#perMinute) * MINUTE_IN_MS),
    };
  }

  /** A limit that was changed holds from now on; what was used stays used. */
  resize(perMinute: number): void {
    if (perMinute === this.#perMinute) return;
    this.#refill();
    this.#level += perMinute - this.#perMinute;
    this.#perMinute = perMinute;
  }

  /** Milliseconds until `count` can be taken. */
  waitInMs(count: number): number {
    this.#refill();
    return this.#level >= count ? 0 : ((count - this.#level) / this.#perMinute) * MINUTE_IN_MS;
  }

  take(count: number): void {
    this.#refill();
    this.#level -= count;
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    this.#level = Math.min(this.#perMinute, this.#level + ((now - this.#at) / MINUTE_IN_MS) * this.#perMinute);
    this.#at = now;
  }
}
