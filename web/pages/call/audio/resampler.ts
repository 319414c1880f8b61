/** Zero crossings of the sinc on each side: some 80 dB of what folds back is gone. */
const CROSSINGS = 16;
/** Where the pass band ends, as a part of the smaller Nyquist frequency. */
const PASS_BAND = 0.92;
/** Shape of the Kaiser window. */
const KAISER_BETA = 8;

/**
 * Changes the sample rate of a mono stream: a polyphase windowed sinc (Kaiser), exact for rational ratios. Feed it
 * pieces of any length in order; what it answers joined is the stream at the new rate, delayed by `delay` input samples.
 */
export class Resampler {
  readonly delay: number;
  readonly #up: number;
  readonly #down: number;
  readonly #phases: readonly Float32Array[];
  readonly #taps: number;
  /** The newest input, `#taps - 1` samples of the past in front. */
  #held: Float32Array;
  /** Of the next output sample: its place in `#held`, and its phase. */
  #base = 0;
  #phase = 0;

  constructor({ from, to }: { from: number; to: number }) {
    const divisor = greatestCommonDivisor(from, to);
    this.#up = to / divisor;
    this.#down = from / divisor;
    const cutoff = 0.5 * PASS_BAND * Math.min(1, to / from);
    const half = from === to ? 1 : Math.ceil(CROSSINGS / Math.min(1, to / from));
    this.#taps = half * 2;
    this.delay = half;
    this.#phases = Array.from({ length: this.#up }, (_, phase) => kernel({ half, cutoff, offset: phase / this.#up }));
    this.#held = new Float32Array(this.#taps - 1);
  }

  process(input: Float32Array): Float32Array {
    if (this.#up === this.#down) return input.slice();
    const held = new Float32Array(this.#held.length + input.length);
    held.set(this.#held);
    held.set(input, this.#held.length);
    const output = new Float32Array(Math.ceil(((held.length - this.#base) * this.#up) / this.#down) + 1);
    let made = 0;
    while (this.#base + this.#taps <= held.length) {
      const weights = this.#phases[this.#phase] ?? new Float32Array(0);
      let sum = 0;
      for (let tap = 0; tap < this.#taps; tap += 1) sum += (weights[tap] ?? 0) * (held[this.#base + tap] ?? 0);
      output[made] = sum;
      made += 1;
      this.#phase += this.#down;
      this.#base += Math.floor(this.#phase / this.#up);
      this.#phase %= this.#up;
    }
    const kept = Math.min(this.#base, held.length);
    this.#held = held.slice(kept);
    this.#base -= kept;
    return output.subarray(0, made);
  }
}

/** Weights of the taps for an output sample that lies `offset` (0 to 1) input samples after the middle tap. */
function kernel({ half, cutoff, offset }: { half: number; cutoff: number; offset: number }): Float32Array {
  const weights = new Float32Array(half * 2);
  let sum = 0;
  for (let tap = 0; tap < weights.length; tap += 1) {
    const time = tap - half + 1 - offset;
    const angle = 2 * Math.PI * cutoff * time;
    const sinc = time === 0 ? 2 * cutoff : (2 * cutoff * Math.sin(angle)) / angle;
    const window = bessel(KAISER_BETA * Math.sqrt(Math.max(0, 1 - (time / half) ** 2))) / bessel(KAISER_BETA);
    weights[tap] = sinc * window;
    sum += sinc * window;
  }
  // Each phase passes a constant unchanged; otherwise phases of unequal sums would be heard as a tone.
  return weights.map((weight) => weight / sum);
}

/** Modified Bessel function of the first kind, order zero, by its power series. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
