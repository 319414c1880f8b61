/** A slice must end within 150 ms, so that Stop takes effect within 300; the rest is left for noise. */
const targetInMs = 100;
/** While other replies are being spoken, their tokens wait for our slices. */
const sharedTargetInMs = 50;
const firstSlice = 32;
const smallestSlice = 8;
/** Tokens a slice may grow by a factor of; a pass has a fixed cost, so small slices say little about large ones. */
const growth = 1.6;

/**
 * Chooses how many prompt tokens to evaluate at once: the size follows how long the last slice took, so it settles
 * where a slice takes the target time, and finds its way back after a moment of noise.
 */
export class SliceSizer {
  readonly #largest: number;
  #size = firstSlice;

  constructor(largest: number) {
    this.#largest = largest;
  }

  next(shared: boolean): number {
    const size = shared ? (this.#size * sharedTargetInMs) / targetInMs : this.#size;
    return Math.max(smallestSlice, Math.min(this.#largest, Math.round(size)));
  }

  /** Slices cut short by the end of a prompt are ignored unless they were too slow. */
  record(tokens: number, durationInMs: number): void {
    if (tokens < this.#size / 2 && durationInMs <= targetInMs) return;
    const fitting = tokens * (targetInMs / Math.max(1, durationInMs));
    const most = Math.max(this.#size, tokens * growth);
    this.#size = Math.max(smallestSlice, Math.min(this.#largest, fitting, most));
  }
}
