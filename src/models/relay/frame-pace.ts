import type { Clock } from '../../base/clock.ts';

/**
 * Pieces of one stream that come closer together than this are handed on together, milliseconds: no model writes so fast
 * for one reader, and where many streams pass at once, most of their cost is in the number of pieces.
 */
const TOGETHER_IN_MS = 4;

/** A stream of which pieces wait. */
export interface PacedStream {
  handOnPieces(): void;
}

/** One timer for all streams whose pieces wait for the next of them. It stands still while none does. */
export class FramePace implements Disposable {
  readonly #clock: Clock;
  readonly #waiting = new Set<PacedStream>();
  #timer: NodeJS.Timeout | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.monotonic();
  }

  /** True where a piece comes so soon after what was handed on at `lastAt` that it may wait for others. */
  isSoon(lastAt: number): boolean {
    return this.#clock.monotonic() - lastAt < TOGETHER_IN_MS;
  }

  /** `stream` hands on what waits within a few milliseconds. */
  add(stream: PacedStream): void {
    this.#waiting.add(stream);
    this.#timer ??= setTimeout(() => this.#handOn(), TOGETHER_IN_MS);
  }

  remove(stream: PacedStream): void {
    this.#waiting.delete(stream);
  }

  [Symbol.dispose](): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting.clear();
  }

  #handOn(): void {
    this.#timer = null;
    const streams = [...this.#waiting];
    this.#waiting.clear();
    for (const stream of streams) stream.handOnPieces();
  }
}
