/** Lengths are products of these. */
const radices = [5, 4, 3, 2] as const;

/**
 * Power spectra of real signals of one even length, by a complex transform of half the length: even samples are its real
 * parts, odd ones its imaginary parts, and the two spectra are split again afterwards (Sorensen et al. 1987). The complex
 * transform is a mixed-radix decimation in time, since 400, the window of Whisper, is no power of two.
 */
export class RealFourierTransform {
  readonly #half: number;
  readonly #stages: readonly number[];
  /** cos and -sin of 2πk / half. */
  readonly #twiddles: Float64Array;
  /** cos and -sin of 2πk / length. */
  readonly #splits: Float64Array;
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;
  readonly #spareReal: Float64Array;
  readonly #spareImaginary: Float64Array;

  constructor(length: number) {
    this.#half = length / 2;
    this.#stages = factors(this.#half);
    this.#twiddles = unitCircle(this.#half, this.#half);
    this.#splits = unitCircle(length, this.#half + 1);
    this.#real = new Float64Array(this.#half);
    this.#imaginary = new Float64Array(this.#half);
    this.#spareReal = new Float64Array(this.#half);
    this.#spareImaginary = new Float64Array(this.#half);
  }

  /** |X[k]|² for k = 0 … length / 2 of `signal`, written into `power`. */
  power(signal: Float64Array, power: Float64Array): void {
    const half = this.#half;
    const real = this.#real;
    const imaginary = this.#imaginary;
    for (let index = 0; index < half; index++) {
      real[index] = signal[2 * index] ?? 0;
      imaginary[index] = signal[2 * index + 1] ?? 0;
    }
    this.#transform();
    const splits = this.#splits;
    for (let bin = 0; bin <= half; bin++) {
      const left = bin % half;
      const right = (half - bin) % half;
      const evenReal = ((real[left] as number) + (real[right] as number)) / 2;
      const evenImaginary = ((imaginary[left] as number) - (imaginary[right] as number)) / 2;
      const oddReal = ((imaginary[left] as number) + (imaginary[right] as number)) / 2;
      const oddImaginary = ((real[right] as number) - (real[left] as number)) / 2;
      const cosine = splits[2 * bin] as number;
      const sine = splits[2 * bin + 1] as number;
      const sumReal = evenReal + oddReal * cosine - oddImaginary * sine;
      const sumImaginary = evenImaginary + oddReal * sine + oddImaginary * cosine;
      power[bin] = sumReal * sumReal + sumImaginary * sumImaginary;
    }
  }

  /**
   * In place, Stockham's order: before a stage the array holds `groups` transforms of length `done` side by side, strided;
   * each stage joins `radix` of them.
   */
  #transform(): void {
    let [real, imaginary, nextReal, nextImaginary] = [
      this.#real,
      this.#imaginary,
      this.#spareReal,
      this.#spareImaginary,
    ];
    let done = 1;
    for (const radix of this.#stages) {
      this.#join({ radix, done, real, imaginary, nextReal, nextImaginary });
      [real, nextReal] = [nextReal, real];
      [imaginary, nextImaginary] = [nextImaginary, imaginary];
      done *= radix;
    }
    if (real !== this.#real) {
      this.#real.set(real);
      this.#imaginary.set(imaginary);
    }
  }

  #join({ radix, done, real, imaginary, nextReal, nextImaginary }: Stage): void {
    const half = this.#half;
    const twiddles = this.#twiddles;
    const groups = half / (done * radix);
    const stride = half / radix;
    for (let position = 0; position < done; position++) {
      const from = position * groups * radix;
      for (let output = 0; output < radix; output++) {
        // X[position + output × done] = Σ over input of W^(input × (position + output × done) × groups) × x[input].
        const to = position * groups + output * stride;
        const turn = (position + output * done) * groups;
        for (let group = 0; group < groups; group++) {
          nextReal[to + group] = real[from + group] as number;
          nextImaginary[to + group] = imaginary[from + group] as number;
        }
        for (let input = 1; input < radix; input++) {
          const angle = (input * turn) % half;
          const cosine = twiddles[2 * angle] as number;
          const sine = twiddles[2 * angle + 1] as number;
          const start = from + input * groups;
          for (let group = 0; group < groups; group++) {
            const x = real[start + group] as number;
            const y = imaginary[start + group] as number;
            nextReal[to + group] = (nextReal[to + group] as number) + x * cosine - y * sine;
            nextImaginary[to + group] = (nextImaginary[to + group] as number) + x * sine + y * cosine;
          }
        }
      }
    }
  }
}

interface Stage {
  radix: number;
  /** Length of the transforms that are joined. */
  done: number;
  real: Float64Array;
  imaginary: Float64Array;
  nextReal: Float64Array;
  nextImaginary: Float64Array;
}

function factors(length: number): number[] {
  const found: number[] = [];
  let rest = length;
  for (const radix of radices) {
    for (; rest % radix === 0 && rest > 1; rest /= radix) found.push(radix);
  }
  if (rest !== 1 || length < 1) throw new RangeError(`A transform of ${2 * length} real samples is not supported.`);
  return found;
}

/** The first `count` points of cos(2πk / length), -sin(2πk / length). */
function unitCircle(length: number, count: number): Float64Array {
  const points = new Float64Array(2 * count);
  for (let index = 0; index < count; index++) {
    points[2 * index] = Math.cos((2 * Math.PI * index) / length);
    points[2 * index + 1] = -Math.sin((2 * Math.PI * index) / length);
  }
  return points;
}
