import { InvalidInputError } from '../errors.ts';

export interface ResampleRates {
  /** Hertz, whole. */
  from: number;
  /** Hertz, whole. */
  to: number;
}

const lowestRate = 1_000;
const highestRate = 768_000;
/** Of the windowed sinc, on each side, counted at the lower rate: 32 keep the passband flat to 84 % of its half. */
const zeroCrossings = 32;
/** Kaiser's beta for 80 dB in the stopband: 0.1102 × (80 − 8.7). */
const kaiserBeta = 7.857;
const kaiserAtCentre = besselI0(kaiserBeta);
/** Centre of the transition, of the lower rate's half, so that the stopband begins below that half. */
const cutoff = 0.92;
/** Rates without a common divisor would need a row for every phase; the nearest of these is 68 dB close. */
const mostPhases = 4_096;

/**
 * Changes the sample rate of a mono stream: a windowed sinc in polyphase form (J. O. Smith, "Digital Audio Resampling"),
 * low-passed at the lower of both rates. What comes out does not depend on how the input was cut; its first sample stands
 * at the time of the first one in, and `ceil(in × to / from)` come out in all.
 */
export class Resampler {
  /** Output sample n stands at the input time n × step / phases. */
  readonly #phases: number;
  readonly #step: number;
  readonly #rowCount: number;
  readonly #scale: number;
  /** Input samples on each side of an output sample. */
  readonly #reach: number;
  readonly #rows: (Float32Array | undefined)[];
  #kept: Float32Array;
  /** Input index of `#kept[0]`; negative for the silence before the beginning. */
  #keptFrom: number;
  #received = 0;
  #made = 0;

  constructor({ from, to }: ResampleRates) {
    checkRate(from);
    checkRate(to);
    const divisor = greatestCommonDivisor(from, to);
    this.#phases = to / divisor;
    this.#step = from / divisor;
    this.#rowCount = Math.min(this.#phases, mostPhases);
    this.#scale = Math.min(1, to / from) * cutoff;
    this.#reach = Math.ceil(zeroCrossings / Math.min(1, to / from));
    this.#rows = Array.from({ length: this.#rowCount });
    this.#kept = new Float32Array(this.#reach);
    this.#keptFrom = -this.#reach;
  }

  /** The samples that are certain now; some 32 of the lower rate stay behind until more comes. */
  push(samples: Float32Array): Float32Array {
    if (this.#phases === this.#step) return samples;
    this.#append(samples);
    this.#received += samples.length;
    // The last output whose right side is there: floor(n × step / phases) + reach < received.
    const ready = Math.max(0, Math.ceil(((this.#received - this.#reach) * this.#phases) / this.#step));
    return this.#make(ready);
  }

  /** What stayed behind. Afterwards the resampler is at its beginning again. */
  end(): Float32Array {
    if (this.#phases === this.#step) return new Float32Array(0);
    this.#append(new Float32Array(this.#reach + 1));
    const last = this.#make(Math.ceil((this.#received * this.#phases) / this.#step));
    this.#kept = new Float32Array(this.#reach);
    this.#keptFrom = -this.#reach;
    this.#received = 0;
    this.#made = 0;
    return last;
  }

  #append(samples: Float32Array): void {
    const joined = new Float32Array(this.#kept.length + samples.length);
    joined.set(this.#kept);
    joined.set(samples, this.#kept.length);
    this.#kept = joined;
  }

  #make(until: number): Float32Array {
    const made = new Float32Array(Math.max(0, until - this.#made));
    for (let index = 0; index < made.length; index++) made[index] = this.#sample(this.#made + index);
    this.#made += made.length;
    const needed = Math.floor((this.#made * this.#step) / this.#phases) - this.#reach + 1;
    const drop = Math.min(this.#kept.length, needed - this.#keptFrom);
    if (drop > 0) {
      this.#kept = this.#kept.slice(drop);
      this.#keptFrom += drop;
    }
    return made;
  }

  #sample(index: number): number {
    const time = index * this.#step;
    let whole = Math.floor(time / this.#phases);
    let rowIndex = Math.round(((time - whole * this.#phases) * this.#rowCount) / this.#phases);
    if (rowIndex === this.#rowCount) {
      rowIndex = 0;
      whole += 1;
    }
    const row = (this.#rows[rowIndex] ??= this.#row(rowIndex / this.#rowCount));
    const start = whole - this.#reach + 1 - this.#keptFrom;
    let sum = 0;
    for (let tap = 0; tap < row.length; tap++) sum += (row[tap] ?? 0) * (this.#kept[start + tap] ?? 0);
    return sum;
  }

  /** Weights of the input samples floor(t) − reach + 1 … floor(t) + reach, for an output `fraction` behind floor(t). */
  #row(fraction: number): Float32Array {
    const row = new Float64Array(2 * this.#reach);
    let sum = 0;
    for (let tap = 0; tap < row.length; tap++) {
      const distance = tap - this.#reach + 1 - fraction;
      const weight = this.#scale * sinc(distance * this.#scale) * kaiser(distance / this.#reach);
      row[tap] = weight;
      sum += weight;
    }
    // Exactly unity at zero frequency in every phase: otherwise a constant would ripple.
    return Float32Array.from(row, (weight) => weight / sum);
  }
}

/** A whole piece of mono audio at another rate. */
export function resample(samples: Float32Array, rates: ResampleRates): Float32Array {
  const resampler = new Resampler(rates);
  const first = resampler.push(samples);
  const last = resampler.end();
  if (last.length === 0) return first;
  const joined = new Float32Array(first.length + last.length);
  joined.set(first);
  joined.set(last, first.length);
  return joined;
}

function checkRate(rate: number): void {
  if (Number.isInteger(rate) && rate >= lowestRate && rate <= highestRate) return;
  throw new InvalidInputError(`A sample rate is a whole number from ${lowestRate} to ${highestRate} Hz, not ${rate}.`, {
    code: 'sample-rate-invalid',
  });
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(position: number): number {
  return Math.abs(position) >= 1 ? 0 : besselI0(kaiserBeta * Math.sqrt(1 - position * position)) / kaiserAtCentre;
}

/** Modified Bessel function of the first kind, order zero, by its power series. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
