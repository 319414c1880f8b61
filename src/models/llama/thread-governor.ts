import type { ThreadMeasurement } from './thread-measurement.ts';

export interface ThreadGovernorOptions {
  measurement: ThreadMeasurement;
  /** Sets how many threads evaluate from now on. */
  apply: (threads: number) => void;
  /** Milliseconds. */
  now: () => number;
}

/**
 * Threads wait for each other in every pass, spinning: beside one busy program, all cores together become several times
 * slower than half of them. A long context alone does not slow a pass this much.
 */
const collapse = 3;
/** Shorter observations are noise. */
const windowInMs = 600;
const firstRestInMs = 10_000;
const longestRestInMs = 120_000;

/**
 * Takes threads back while the machine is busy with something else.
 * States: `full` (all measured threads) → `reduced` when a window was far slower than measured → `full` again after a
 * rest, which doubles each time the collapse returns.
 */
export class ThreadGovernor {
  readonly #options: ThreadGovernorOptions;
  #reducedUntil: number | null = null;
  #restInMs = firstRestInMs;
  #expectedInMs = 0;
  #actualInMs = 0;

  constructor(options: ThreadGovernorOptions) {
    this.#options = options;
  }

  /** One pass over `tokens` tokens of a single conversation, with nothing else in the batch. */
  record(tokens: number, durationInMs: number): void {
    const { measurement, apply, now } = this.#options;
    if (measurement.threads === 1) return;
    if (this.#reducedUntil !== null) {
      if (now() < this.#reducedUntil) return;
      this.#reducedUntil = null;
      apply(measurement.threads);
      return;
    }
    this.#expectedInMs += Math.max(1000 / measurement.tokensPerSecond, tokens * measurement.promptMsPerToken);
    this.#actualInMs += durationInMs;
    if (this.#actualInMs < windowInMs) return;
    const slowness = this.#actualInMs / this.#expectedInMs;
    this.#expectedInMs = 0;
    this.#actualInMs = 0;
    if (slowness < collapse) {
      this.#restInMs = firstRestInMs;
      return;
    }
    this.#reducedUntil = now() + this.#restInMs;
    this.#restInMs = Math.min(longestRestInMs, this.#restInMs * 2);
    apply(Math.max(1, Math.floor(measurement.threads / 2)));
  }
}
