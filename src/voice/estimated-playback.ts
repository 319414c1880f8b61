import type { CallClock } from './voice-ports.ts';

/** How far a device must be that does not say: it plays what it gets at once, in order, at the speed of time. */
export class EstimatedPlayback {
  readonly #clock: CallClock;
  readonly #onPlayed: (positionInMs: number) => void;
  #sentInMs = 0;
  /** The clock when everything sent will have sounded. */
  #endsAt = 0;
  #cancel: (() => void) | undefined;

  constructor(clock: CallClock, onPlayed: (positionInMs: number) => void) {
    this.#clock = clock;
    this.#onPlayed = onPlayed;
  }

  get positionInMs(): number {
    return this.#sentInMs - Math.max(this.#endsAt - this.#clock.now(), 0);
  }

  /** Sound of this length left for the device; `positionInMs` is where it begins. */
  sent(durationInMs: number, positionInMs: number): void {
    const now = this.#clock.now();
    this.#endsAt = Math.max(this.#endsAt, now) + durationInMs;
    this.#sentInMs = positionInMs + durationInMs;
    this.#cancel ??= this.#clock.after(TELL_EVERY_MS, () => this.#tell());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #tell(): void {
    this.#cancel = undefined;
    this.#onPlayed(this.positionInMs);
    if (this.#clock.now() < this.#endsAt) this.#cancel ??= this.#clock.after(TELL_EVERY_MS, () => this.#tell());
  }
}

/** As often as our own client reports, milliseconds. */
const TELL_EVERY_MS = 100;
