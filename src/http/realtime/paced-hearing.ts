import { setTimeout as delay } from 'node:timers/promises';
import { HEARING_SAMPLE_RATE } from '../../models/spec/speech-handle.ts';
import type { Call } from '../../voice/call-handle.ts';

/** Audio that a call is given at once: what ears look at in a breath, however much was sent. Samples. */
const WINDOW_SAMPLES = 2 * HEARING_SAMPLE_RATE;
/** Until it is given more, milliseconds: forty times real time. */
const WINDOW_IN_MS = 50;

/** Gives a call what came in a burst, a recording sent whole for example, in portions that its ears keep up with. */
export class PacedHearing {
  readonly #call: Pick<Call, 'hear'>;
  readonly #now: () => number;
  #windowEndsAt = Number.NEGATIVE_INFINITY;
  #given = 0;

  /** `now`: milliseconds that never go back. */
  constructor({ call, now }: { call: Pick<Call, 'hear'>; now: () => number }) {
    this.#call = call;
    this.#now = now;
  }

  /** A promise only where there is something to wait for. */
  hear(samples: Float32Array): void | Promise<void> {
    this.#renew();
    if (this.#given + samples.length > WINDOW_SAMPLES) return this.#hearLater(samples);
    this.#give(samples);
  }

  async #hearLater(samples: Float32Array): Promise<void> {
    for (let start = 0; start < samples.length;) {
      const room = WINDOW_SAMPLES - this.#given;
      if (room <= 0) {
        await delay(Math.max(1, this.#windowEndsAt - this.#now()));
        this.#renew();
        continue;
      }
      this.#give(samples.subarray(start, start + room));
      start += room;
    }
  }

  #give(samples: Float32Array): void {
    this.#given += samples.length;
    this.#call.hear(samples);
  }

  #renew(): void {
    const now = this.#now();
    if (now < this.#windowEndsAt) return;
    this.#windowEndsAt = now + WINDOW_IN_MS;
    this.#given = 0;
  }
}
