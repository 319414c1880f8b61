import { ALIAS_CROSS, ALIAS_KEEP, FILTER_WINDOW, LINES, SUBBANDS, SUBBAND_LINES } from './mp3-tables.ts';

const MATRIX = Float64Array.from({ length: SUBBANDS * 64 }, (_, index) => {
  const band = Math.floor(index / 64);
  return Math.cos(((2 * band + 1) * ((index % 64) - 16) * Math.PI) / 64);
});
const BLOCK = 2 * SUBBAND_LINES;
/** The window and the cosines of a long block, scaled so that synthesis gives back what went in. */
const MDCT = Float64Array.from({ length: SUBBAND_LINES * BLOCK }, (_, index) => {
  const line = Math.floor(index / BLOCK);
  const at = index % BLOCK;
  const window = Math.sin((Math.PI / BLOCK) * (at + 0.5));
  return (window * Math.cos((Math.PI / (2 * BLOCK)) * (2 * at + 1 + SUBBAND_LINES) * (2 * line + 1))) / 9;
});

/** Sound as the lines of a spectrum: filter bank, transform, and the butterflies between bands. */
export class Mp3Analysis {
  /** The newest 512 samples, the newest first. */
  readonly #history = new Float64Array(512);
  /** Of each band the samples of this granule and of the one before. */
  readonly #bands = Array.from({ length: SUBBANDS }, () => new Float64Array(BLOCK));
  readonly #folded = new Float64Array(64);

  /** 576 samples; what is returned is written to again. */
  take(samples: Float32Array): Float64Array {
    for (const band of this.#bands) band.copyWithin(0, SUBBAND_LINES);
    for (let slot = 0; slot < SUBBAND_LINES; slot += 1) {
      this.#filter(samples.subarray(slot * SUBBANDS, (slot + 1) * SUBBANDS), SUBBAND_LINES + slot);
    }
    const lines = new Float64Array(LINES);
    for (const [index, band] of this.#bands.entries()) transform(band, lines.subarray(index * SUBBAND_LINES));
    cross(lines);
    return lines;
  }

  #filter(samples: Float32Array, at: number): void {
    const history = this.#history;
    const folded = this.#folded;
    history.copyWithin(SUBBANDS, 0, 512 - SUBBANDS);
    for (let index = 0; index < SUBBANDS; index += 1) history[SUBBANDS - 1 - index] = samples[index] ?? 0;
    for (let index = 0; index < 64; index += 1) {
      let sum = 0;
      for (let step = index; step < 512; step += 64) sum += (FILTER_WINDOW[step] ?? 0) * (history[step] ?? 0);
      folded[index] = sum / 32;
    }
    for (const [band, kept] of this.#bands.entries()) {
      let sum = 0;
      for (let index = 0; index < 64; index += 1) sum += (MATRIX[band * 64 + index] ?? 0) * (folded[index] ?? 0);
      // Odd bands run backwards in frequency: every other sample of them changes its sign.
      kept[at] = band % 2 === 1 && at % 2 === 1 ? -sum : sum;
    }
  }
}

function transform(band: Float64Array, lines: Float64Array): void {
  for (let line = 0; line < SUBBAND_LINES; line += 1) {
    let sum = 0;
    for (let at = 0; at < BLOCK; at += 1) sum += (MDCT[line * BLOCK + at] ?? 0) * (band[at] ?? 0);
    lines[line] = sum;
  }
}

function cross(lines: Float64Array): void {
  for (let edge = SUBBAND_LINES; edge < LINES; edge += SUBBAND_LINES) {
    for (const [index, keep] of ALIAS_KEEP.entries()) {
      const other = ALIAS_CROSS[index] ?? 0;
      const below = lines[edge - 1 - index] ?? 0;
      const above = lines[edge + index] ?? 0;
      lines[edge - 1 - index] = below * keep + above * other;
      lines[edge + index] = above * keep - below * other;
    }
  }
}
