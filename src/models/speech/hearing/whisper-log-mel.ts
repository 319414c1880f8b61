import { HEARING_SAMPLE_RATE } from '../../spec/speech-handle.ts';
import { RealFourierTransform } from './fourier-transform.ts';

const WINDOW = 400;
const HOP = 160;
const BINS = WINDOW / 2 + 1;
const MEL_FLOOR = 1e-10;
/** In powers of ten below the loudest. */
const DYNAMIC_RANGE = 8;
/** Below this the mel scale of Slaney's Auditory Toolbox is linear, above it logarithmic. Hertz. */
const LINEAR_UNTIL = 1000;
const HERTZ_PER_MEL = 200 / 3;
const LINEAR_MELS = LINEAR_UNTIL / HERTZ_PER_MEL;
const LOGARITHMIC_STEP = Math.log(6.4) / 27;

interface Filter {
  /** The first bin with a weight. */
  first: number;
  weights: Float64Array;
}

/** What Whisper hears: the logarithm of mel bands, a frame every 10 ms (openai/whisper `whisper/audio.py`). */
export class WhisperLogMel {
  readonly #transform = new RealFourierTransform(WINDOW);
  readonly #window = Float64Array.from({ length: WINDOW }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / WINDOW));
  readonly #filters: readonly Filter[];

  constructor(bands: number) {
    this.#filters = melFilters(bands);
  }

  /** Mono 16 kHz, silence added up to `frames` × 10 ms. Gives [bands, frames], band by band. */
  extract(samples: Float32Array, frames: number): Float32Array {
    const padded = reflect(samples, frames * HOP);
    const frame = new Float64Array(WINDOW);
    const power = new Float64Array(BINS);
    const bands = new Float32Array(this.#filters.length * frames);
    let loudest = -Infinity;
    for (let index = 0; index < frames; index += 1) {
      for (let n = 0; n < WINDOW; n += 1) frame[n] = (padded[index * HOP + n] as number) * (this.#window[n] as number);
      this.#transform.power(frame, power);
      for (const [band, { first, weights }] of this.#filters.entries()) {
        let energy = 0;
        for (let n = 0; n < weights.length; n += 1) energy += (weights[n] as number) * (power[first + n] as number);
        const level = Math.log10(Math.max(MEL_FLOOR, energy));
        bands[band * frames + index] = level;
        loudest = Math.max(loudest, level);
      }
    }
    const floor = loudest - DYNAMIC_RANGE;
    return bands.map((level) => (Math.max(level, floor) + 4) / 4);
  }
}

/** `length` samples with half a window reflected at both ends, so that frames stand around their middle. */
function reflect(samples: Float32Array, length: number): Float64Array {
  const edge = WINDOW / 2;
  const padded = new Float64Array(length + WINDOW);
  padded.set(samples.length > length ? samples.subarray(0, length) : samples, edge);
  for (let distance = 1; distance <= edge; distance += 1) {
    padded[edge - distance] = padded[edge + distance] as number;
    padded[edge + length - 1 + distance] = padded[edge + length - 1 - distance] as number;
  }
  return padded;
}

/** Triangles from 0 Hz to half the sample rate, each of the same area. */
function melFilters(bands: number): Filter[] {
  const top = toMels(HEARING_SAMPLE_RATE / 2);
  const corners = Array.from({ length: bands + 2 }, (_, index) => toHertz((top * index) / (bands + 1)));
  return Array.from({ length: bands }, (_, band) => {
    const [low, middle, high] = corners.slice(band, band + 3) as [number, number, number];
    const weights = Array.from({ length: BINS }, (_unused, bin) => {
      const hertz = (bin * HEARING_SAMPLE_RATE) / WINDOW;
      return (
        (Math.max(0, Math.min((hertz - low) / (middle - low), (high - hertz) / (high - middle))) * 2) / (high - low)
      );
    });
    const first = Math.max(
      0,
      weights.findIndex((weight) => weight > 0),
    );
    const last = weights.findLastIndex((weight) => weight > 0);
    return { first, weights: Float64Array.from(weights.slice(first, last + 1)) };
  });
}

function toMels(hertz: number): number {
  return hertz < LINEAR_UNTIL ? hertz / HERTZ_PER_MEL : LINEAR_MELS + Math.log(hertz / LINEAR_UNTIL) / LOGARITHMIC_STEP;
}

function toHertz(mels: number): number {
  return mels < LINEAR_MELS ? mels * HERTZ_PER_MEL : LINEAR_UNTIL * Math.exp(LOGARITHMIC_STEP * (mels - LINEAR_MELS));
}
