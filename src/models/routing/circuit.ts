/** Faults one after the other that open it. */
const FAULTS_TO_OPEN = 5;
/** First pause, milliseconds; doubled each time a probe fails, up to the longest. */
const FIRST_PAUSE_IN_MS = 5000;
const LONGEST_PAUSE_IN_MS = 5 * 60_000;
/** Weight of the newest figure in the mean. */
const NEWEST = 0.2;

export type CircuitState = 'closed' | 'open' | 'probing';

/** What is known of a target from the calls that went there. */
export interface CircuitReport {
  state: CircuitState;
  consecutiveFaults: number;
  /** Mean time to the first word, milliseconds; null until one was heard. */
  firstByteInMs: number | null;
  /** When the next probe may go, milliseconds of the monotonic clock; null while closed. */
  opensAt: number | null;
  lastErrorCode: string | null;
}

/**
 * Passive health of one target. *closed* (calls go there) → *open* after five faults in a row, slow answers counted
 * among them: nothing goes there for a while → *probing*: one call is let through, whose end closes or reopens it.
 */
export class Circuit {
  #state: CircuitState = 'closed';
  #faults = 0;
  #pauseInMs = FIRST_PAUSE_IN_MS;
  #opensAt = 0;
  #firstByteInMs: number | null = null;
  #lastErrorCode: string | null = null;

  /** True where a call may go now. */
  admits(now: number): boolean {
    return this.#state === 'closed' || (this.#state === 'open' && now >= this.#opensAt);
  }

  /** A call goes there now; in an open circuit it is the probe. */
  enter(): void {
    if (this.#state === 'open') this.#state = 'probing';
  }

  /** `slowInMs`: an answer later than this counts as a fault. */
  succeed({ firstByteInMs, slowInMs, now }: { firstByteInMs: number; slowInMs: number | null; now: number }): void {
    const mean = this.#firstByteInMs;
    this.#firstByteInMs = mean === null ? firstByteInMs : mean + NEWEST * (firstByteInMs - mean);
    if (slowInMs !== null && firstByteInMs > slowInMs) return this.fail({ code: 'slow', now });
    this.#state = 'closed';
    this.#faults = 0;
    this.#pauseInMs = FIRST_PAUSE_IN_MS;
  }

  fail({ code, now }: { code: string; now: number }): void {
    this.#faults += 1;
    this.#lastErrorCode = code;
    if (this.#state === 'probing') this.#pauseInMs = Math.min(LONGEST_PAUSE_IN_MS, this.#pauseInMs * 2);
    else if (this.#state === 'open' || this.#faults < FAULTS_TO_OPEN) return;
    this.#state = 'open';
    this.#opensAt = now + this.#pauseInMs;
  }

  /** The call ended without telling anything of the target: its caller left, or asked wrongly. */
  leave(): void {
    if (this.#state === 'probing') this.#state = 'open';
  }

  report(): CircuitReport {
    return {
      state: this.#state,
      consecutiveFaults: this.#faults,
      firstByteInMs: this.#firstByteInMs,
      opensAt: this.#state === 'closed' ? null : this.#opensAt,
      lastErrorCode: this.#lastErrorCode,
    };
  }
}
