import { joinSamples } from '../../../base/audio/join-samples.ts';

/** Left on each side of what sounds. */
const KEPT_IN_MS = 40;
/** −46 dBFS: above the hiss of codecs, below any consonant. */
const THRESHOLD = 0.005;

/**
 * Drops the silence before and after speech while it arrives, but for some 40 ms; pauses inside stay. Quiet samples are
 * held back until something sounds after them.
 */
export class SilenceTrimmer {
  readonly #kept: number;
  #held: Float32Array = new Float32Array(0);
  #sounded = false;

  constructor({ sampleRate }: { sampleRate: number }) {
    this.#kept = Math.round((sampleRate * KEPT_IN_MS) / 1000);
  }

  push(samples: Float32Array): Float32Array {
    const all = joinSamples([this.#held, samples]);
    const last = all.findLastIndex((sample) => Math.abs(sample) >= THRESHOLD);
    if (last === -1) {
      this.#held = this.#sounded ? all : all.slice(Math.max(0, all.length - this.#kept));
      return new Float32Array(0);
    }
    const first = this.#sounded
      ? 0
      : Math.max(0, all.findIndex((sample) => Math.abs(sample) >= THRESHOLD) - this.#kept);
    this.#sounded = true;
    this.#held = all.slice(last + 1);
    return all.slice(first, last + 1);
  }

  /** What is left of the silence at the end. */
  end(): Float32Array {
    return this.#sounded ? this.#held.slice(0, this.#kept) : new Float32Array(0);
  }
}
