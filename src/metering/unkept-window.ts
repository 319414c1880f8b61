/** Of the second that a crash may cost a stream the rest is the way to its reader, milliseconds. */
export const MOST_UNKEPT_IN_MS = 750;
/** Fewer than these are not worth a write of their own, where many come at once after a pause. */
const FEWEST_UNKEPT = 8;
/** Kept before the window is full, so that a stream seldom waits. */
const NEAR = 0.75;

/**
 * How much of a stream is handed on and not on disk. *Full* = the next words wait for the disk: what a crash loses spans
 * never more time than `MOST_UNKEPT_IN_MS`, and where words come in bursts, never more of them than the stream hands on
 * in that time on the whole, however slow the disk or the computer is.
 */
export class UnkeptWindow {
  readonly #beganAt: number;
  #used = 0;
  #keeping = 0;
  #kept = 0;
  /** When the first of what is not on disk was handed on: of what is being kept, and of what came since. */
  #keepingSince: number | null = null;
  #since: number | null = null;

  constructor(beganAt: number) {
    this.#beganAt = beganAt;
  }

  /** So many tokens in all are handed on now. */
  use(tokens: number, at: number): void {
    this.#used = tokens;
    this.#since ??= at;
  }

  /** Everything up to now is on its way to the disk. */
  keep(): void {
    this.#keeping = this.#used;
    this.#keepingSince = this.#since;
    this.#since = null;
  }

  /** It arrived. */
  kept(): void {
    this.#kept = this.#keeping;
    this.#keepingSince = null;
  }

  isFull(at: number): boolean {
    const since = this.#keepingSince ?? this.#since;
    if (since === null) return false;
    return at - since >= MOST_UNKEPT_IN_MS || this.#used - this.#kept > this.#most(at);
  }

  /** What came since the last write began should be kept without waiting for others. */
  isNear(at: number): boolean {
    if (this.#since === null) return false;
    return at - this.#since >= MOST_UNKEPT_IN_MS * NEAR || this.#used - this.#keeping > this.#most(at) * NEAR;
  }

  /** Tokens of `MOST_UNKEPT_IN_MS`, by all that came since the call began; any number while it is younger than that. */
  #most(at: number): number {
    const age = at - this.#beganAt;
    if (age <= MOST_UNKEPT_IN_MS) return Number.POSITIVE_INFINITY;
    return Math.max(FEWEST_UNKEPT, (this.#used * MOST_UNKEPT_IN_MS) / age);
  }
}
