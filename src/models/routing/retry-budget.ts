/** Requests are counted over so long, milliseconds, in two halves. */
const WINDOW_IN_MS = 30_000;
/** Retries that are always allowed in a window, so that a quiet house may retry at all. */
const ALWAYS_ALLOWED = 3;

/** At most a share of requests are second tries, so that a provider in trouble is not asked twice as much. */
export class RetryBudget {
  readonly #share: number;
  #halfStartedAt = 0;
  #requests = [0, 0];
  #retries = [0, 0];

  /** `share`: 0.2 = two of ten requests may be tried again. */
  constructor(share: number) {
    this.#share = share;
  }

  request(now: number): void {
    this.#turn(now);
    this.#requests[0] = (this.#requests[0] ?? 0) + 1;
  }

  /** Takes one retry; false where there is none left. */
  take(now: number): boolean {
    this.#turn(now);
    const allowed = Math.max(ALWAYS_ALLOWED, this.#share * sum(this.#requests));
    if (sum(this.#retries) + 1 > allowed) return false;
    this.#retries[0] = (this.#retries[0] ?? 0) + 1;
    return true;
  }

  #turn(now: number): void {
    const half = WINDOW_IN_MS / 2;
    const passed = Math.floor((now - this.#halfStartedAt) / half);
    if (passed <= 0) return;
    this.#requests = [0, passed === 1 ? (this.#requests[0] ?? 0) : 0];
    this.#retries = [0, passed === 1 ? (this.#retries[0] ?? 0) : 0];
    this.#halfStartedAt += passed * half;
  }
}

function sum(halves: readonly number[]): number {
  return halves.reduce((all, one) => all + one, 0);
}
