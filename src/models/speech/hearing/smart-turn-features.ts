import { HEARING_SAMPLE_RATE } from '../../spec/speech-handle.ts';
import { RealFourierTransform } from './fourier-transform.ts';

/** What the detector looks at: the last eight seconds. */
export const TURN_SAMPLES = 8 * HEARING_SAMPLE_RATE;
export const MEL_FILTERS = 80;
export const TURN_FRAMES = 800;
const WINDOW = 400;
const HOP = 160;
const BINS = WINDOW / 2 + 1;
const VARIANCE_FLOOR = 1e-7;
const MEL_FLOOR = 1e-10;
/** In powers of ten below the loudest. */
const DYNAMIC_RANGE = 8;

/**
 * Log-mel features as Whisper's feature extractor makes them (Hugging Face transformers `WhisperFeatureExtractor` with
 * `chunk_length=8` and `do_normalize`), of any length of mono 16 kHz: the last 128,000 samples count, and what is shorter
 * is padded in front. `extract` gives 80 × 800 values, filter by filter, valid until it is called again.
 */
export class SmartTurnFeatures {
  readonly #transform = new RealFourierTransform(WINDOW);
  readonly #window = Float64Array.from({ length: WINDOW }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / WINDOW));
  readonly #filters = melFilters();
  /** The normalised audio with half a window reflected at both ends. */
  readonly #padded = new Float64Array(TURN_SAMPLES + WINDOW);
  readonly #frame = new Float64Array(WINDOW);
  readonly #power = new Float64Array(BINS);
  readonly #logMel = new Float64Array(MEL_FILTERS * TURN_FRAMES);
  readonly #features = new Float32Array(MEL_FILTERS * TURN_FRAMES);

  extract(samples: Float32Array): Float32Array {
    const silent = this.#normalise(samples);
    // Frames that lie wholly in the padding in front are all alike.
    const alike = Math.max(0, Math.floor((silent - WINDOW / 2) / HOP));
    let loudest = -Infinity;
    for (let frame = 0; frame < TURN_FRAMES; frame++) {
      loudest = Math.max(loudest, frame > 0 && frame < alike ? this.#repeat(frame) : this.#measure(frame));
    }
    const floor = loudest - DYNAMIC_RANGE;
    for (let index = 0; index < this.#features.length; index++) {
      this.#features[index] = (Math.max(this.#logMel[index] as number, floor) + 4) / 4;
    }
    return this.#features;
  }

  /** Zero mean and unit variance over all eight seconds. Returns how many samples of padding stand in front. */
  #normalise(samples: Float32Array): number {
    const heard = samples.length > TURN_SAMPLES ? samples.subarray(samples.length - TURN_SAMPLES) : samples;
    const silent = TURN_SAMPLES - heard.length;
    let sum = 0;
    for (const sample of heard) sum += sample;
    const mean = sum / TURN_SAMPLES;
    let squares = silent * mean * mean;
    for (const sample of heard) squares += (sample - mean) ** 2;
    const scale = 1 / Math.sqrt(squares / TURN_SAMPLES + VARIANCE_FLOOR);
    const padded = this.#padded;
    const edge = WINDOW / 2;
    padded.fill(-mean * scale, 0, edge + silent);
    for (let index = 0; index < heard.length; index++) {
      padded[edge + silent + index] = ((heard[index] as number) - mean) * scale;
    }
    for (let distance = 1; distance <= edge; distance++) {
      padded[edge - distance] = padded[edge + distance] as number;
      padded[edge + TURN_SAMPLES - 1 + distance] = padded[edge + TURN_SAMPLES - 1 - distance] as number;
    }
    return silent;
  }

  /** Fills a column of `logMel`; returns its largest value. */
  #measure(frame: number): number {
    const start = frame * HOP;
    for (let index = 0; index < WINDOW; index++) {
      this.#frame[index] = (this.#padded[start + index] as number) * (this.#window[index] as number);
    }
    this.#transform.power(this.#frame, this.#power);
    let loudest = -Infinity;
    for (const [filter, { first, weights }] of this.#filters.entries()) {
      let energy = 0;
      for (let index = 0; index < weights.length; index++) {
        energy += (weights[index] as number) * (this.#power[first + index] as number);
      }
      const level = Math.log10(Math.max(MEL_FLOOR, energy));
      this.#logMel[filter * TURN_FRAMES + frame] = level;
      loudest = Math.max(loudest, level);
    }
    return loudest;
  }

  #repeat(frame: number): number {
    let loudest = -Infinity;
    for (let filter = 0; filter < MEL_FILTERS; filter++) {
      const level = this.#logMel[filter * TURN_FRAMES + frame - 1] as number;
      this.#logMel[filter * TURN_FRAMES + frame] = level;
      loudest = Math.max(loudest, level);
    }
    return loudest;
  }
}

interface MelFilter {
  /** The first bin with a weight. */
  first: number;
  weights: Float64Array;
}

/** Triangles on the Slaney mel scale from 0 to 8 kHz, each of the same area (Slaney, Auditory Toolbox, 1998). */
function melFilters(): MelFilter[] {
  const highest = hertzToMel(HEARING_SAMPLE_RATE / 2);
  const corners = Array.from({ length: MEL_FILTERS + 2 }, (_, index) =>
    melToHertz((highest * index) / (MEL_FILTERS + 1)),
  );
  return Array.from({ length: MEL_FILTERS }, (_, filter) => {
    const [low, centre, high] = corners.slice(filter, filter + 3) as [number, number, number];
    const weights = Array.from({ length: BINS }, (_, bin) => {
      const hertz = (bin * HEARING_SAMPLE_RATE) / 2 / (BINS - 1);
      const height = Math.min((hertz - low) / (centre - low), (high - hertz) / (high - centre));
      return (Math.max(0, height) * 2) / (high - low);
    });
    const first = Math.max(
      0,
      weights.findIndex((weight) => weight > 0),
    );
    const last = weights.findLastIndex((weight) => weight > 0);
    return { first, weights: Float64Array.from(weights.slice(first, last + 1)) };
  });
}

/** Linear up to 1 kHz, which is 15 mel; a factor of 6.4 in 27 mel above. */
function hertzToMel(hertz: number): number {
  return hertz < 1000 ? (3 * hertz) / 200 : 15 + (Math.log(hertz / 1000) * 27) / Math.log(6.4);
}

function melToHertz(mel: number): number {
  return mel < 15 ? (200 * mel) / 3 : 1000 * Math.exp(((mel - 15) * Math.log(6.4)) / 27);
}
