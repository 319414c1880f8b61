import { ALIAS_CROSS, ALIAS_KEEP, FILTER_WINDOW, LINES, SUBBANDS, SUBBAND_LINES } from './mp3-tables.ts';
import type { Band } from './read-spectrum.ts';
import type { Granule } from './side-info.ts';

const LONG = 36;
const SHORT = 12;
const LONG_COSINES = cosines(LONG);
const SHORT_COSINES = cosines(SHORT);
const SHORT_WINDOW = sines(SHORT);
/** By the type of block. */
const LONG_WINDOWS = [
  sines(LONG),
  Float64Array.from({ length: LONG }, (_, at) =>
    at < 18 ? sine(at, LONG) : at < 24 ? 1 : at < 30 ? sine(at - 18, SHORT) : 0,
  ),
  sines(LONG),
  Float64Array.from({ length: LONG }, (_, at) =>
    at < 6 ? 0 : at < 12 ? sine(at - 6, SHORT) : at < 18 ? 1 : sine(at, LONG),
  ),
];
const MATRIX = Float64Array.from({ length: 64 * SUBBANDS }, (_, index) =>
  Math.cos(((16 + Math.floor(index / SUBBANDS)) * (2 * (index % SUBBANDS) + 1) * Math.PI) / 64),
);

/** The lines of one channel as sound again. */
export class Mp3Synthesis {
  readonly #overlap = new Float64Array(LINES);
  readonly #ring = new Float64Array(1024);
  #at = 0;

  /** `lines` as they were coded, and their bands. */
  take(lines: Float64Array, { granule, bands }: { granule: Granule; bands: readonly Band[] }): Float32Array {
    const { blockType, isMixed } = granule;
    const isShort = blockType === 2;
    const sorted = isShort ? reorder(lines, bands) : lines;
    const edges = isShort ? (isMixed ? 1 : 0) : SUBBANDS - 1;
    uncross(sorted, edges);
    const samples = new Float64Array(LINES);
    for (let band = 0; band < SUBBANDS; band += 1) {
      // In mixed granules the two lowest bands are long.
      const type = isMixed && band < 2 ? 0 : blockType;
      this.#transform(sorted, { band, type, samples });
    }
    const sound = new Float32Array(LINES);
    for (let slot = 0; slot < SUBBAND_LINES; slot += 1) {
      this.#filter(samples.subarray(slot * SUBBANDS, (slot + 1) * SUBBANDS), sound.subarray(slot * SUBBANDS));
    }
    return sound;
  }

  #transform(
    lines: Float64Array,
    { band, type, samples }: { band: number; type: number; samples: Float64Array },
  ): void {
    const from = band * SUBBAND_LINES;
    const own = lines.subarray(from, from + SUBBAND_LINES);
    const block = type === 2 ? threeShort(own) : oneLong(own, LONG_WINDOWS[type] ?? SHORT_WINDOW);
    for (let at = 0; at < SUBBAND_LINES; at += 1) {
      const value = (block[at] ?? 0) + (this.#overlap[from + at] ?? 0);
      samples[at * SUBBANDS + band] = band % 2 === 1 && at % 2 === 1 ? -value : value;
      this.#overlap[from + at] = block[at + SUBBAND_LINES] ?? 0;
    }
  }

  #filter(bands: Float64Array, sound: Float32Array): void {
    const ring = this.#ring;
    this.#at = (this.#at + 1024 - 64) % 1024;
    for (let index = 0; index < 64; index += 1) {
      let sum = 0;
      for (let band = 0; band < SUBBANDS; band += 1) sum += (MATRIX[index * SUBBANDS + band] ?? 0) * (bands[band] ?? 0);
      ring[this.#at + index] = sum;
    }
    for (let index = 0; index < SUBBANDS; index += 1) {
      let sum = 0;
      for (let part = 0; part < 8; part += 1) {
        const even = (this.#at + part * 128 + index) % 1024;
        const odd = (this.#at + part * 128 + 96 + index) % 1024;
        sum += (FILTER_WINDOW[part * 64 + index] ?? 0) * (ring[even] ?? 0);
        sum += (FILTER_WINDOW[part * 64 + 32 + index] ?? 0) * (ring[odd] ?? 0);
      }
      sound[index] = Math.max(-1, Math.min(1, sum));
    }
  }
}

/** Short blocks are coded one after the other in each band, and heard line by line. */
function reorder(lines: Float64Array, bands: readonly Band[]): Float64Array {
  const sorted = Float64Array.from(lines);
  for (const { from, to, block } of bands) {
    if (block === null) continue;
    const width = to - from;
    const start = from - block * width;
    for (let index = 0; index < width; index += 1) sorted[start + index * 3 + block] = lines[from + index] ?? 0;
  }
  return sorted;
}

function uncross(lines: Float64Array, edges: number): void {
  for (let edge = SUBBAND_LINES; edge <= edges * SUBBAND_LINES; edge += SUBBAND_LINES) {
    for (const [index, keep] of ALIAS_KEEP.entries()) {
      const other = ALIAS_CROSS[index] ?? 0;
      const below = lines[edge - 1 - index] ?? 0;
      const above = lines[edge + index] ?? 0;
      lines[edge - 1 - index] = below * keep - above * other;
      lines[edge + index] = above * keep + below * other;
    }
  }
}

function oneLong(lines: Float64Array, window: Float64Array): Float64Array {
  const block = new Float64Array(LONG);
  for (let at = 0; at < LONG; at += 1) {
    let sum = 0;
    for (let line = 0; line < 18; line += 1) sum += (LONG_COSINES[at * 18 + line] ?? 0) * (lines[line] ?? 0);
    block[at] = sum * (window[at] ?? 0);
  }
  return block;
}

function threeShort(lines: Float64Array): Float64Array {
  const block = new Float64Array(LONG);
  for (let one = 0; one < 3; one += 1) {
    for (let at = 0; at < SHORT; at += 1) {
      let sum = 0;
      for (let line = 0; line < 6; line += 1) sum += (SHORT_COSINES[at * 6 + line] ?? 0) * (lines[line * 3 + one] ?? 0);
      const place = 6 + one * 6 + at;
      block[place] = (block[place] ?? 0) + sum * (SHORT_WINDOW[at] ?? 0);
    }
  }
  return block;
}

function cosines(length: number): Float64Array {
  const half = length / 2;
  return Float64Array.from({ length: length * half }, (_, index) => {
    const at = Math.floor(index / half);
    return Math.cos((Math.PI / (2 * length)) * (2 * at + 1 + half) * (2 * (index % half) + 1));
  });
}

function sine(at: number, length: number): number {
  return Math.sin((Math.PI / length) * (at + 0.5));
}

function sines(length: number): Float64Array {
  return Float64Array.from({ length }, (_, at) => sine(at, length));
}
