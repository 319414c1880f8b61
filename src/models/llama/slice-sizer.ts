/** A slice must end within 150 ms, so that Stop takes effect within 300; the rest is left for noise. */
const targetInMs = 100;
/** While other replies are being spoken, their tokens wait for our slices. */
const sharedTargetInMs = 50;
const firstSlice = 24;
const smallestSlice = 8;
/** Weight of the newest measurement. */
const smoothing = 0.5;

/** Chooses how many prompt tokens to evaluate at once, from how long the last ones took. */
export class SliceSizer {
  readonly #largest: number;
  #msPerToken: number | undefined;

  constructor(largest: number) {
    this.#largest = largest;
  }

  next(shared: boolean): number {
    if (this.#msPerToken === undefined) return firstSlice;
    const fitting = (shared ? sharedTargetInMs : targetInMs) / this.#msPerToken;
    return Math.max(smallestSlice, Math.min(this.#largest, Math.floor(fitting / 8) * 8));
  }

  /** Slices too small to show the speed of a full one are ignored. */
  record(tokens: number, durationInMs: number): void {
    if (tokens < smallestSlice) return;
    const measured = durationInMs / tokens;
    const before = this.#msPerToken ?? measured;
    // Slower counts at once, faster only gradually: a promise about Stop is worth more than a little speed.
    this.#msPerToken = measured > before ? measured : before + (measured - before) * smoothing;
  }
}
