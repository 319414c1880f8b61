import { BitWriter } from './bit-writer.ts';
import { Mp3Analysis } from './mp3-analysis.ts';
import { LINES } from './mp3-tables.ts';
import { fitSpectrum, type PackedSpectrum } from './pack-spectrum.ts';

/** Samples a second that the encoder writes: MPEG-2, layer III. */
export const MP3_RATE = 24_000;
/** 64 kilobits a second: for speech in mono above what anybody hears. Bytes of a frame of 24 ms. */
const FRAME_BYTES = 192;
const HEADER = [0xff, 0xf3, 0x84, 0xc0];
/** Bytes of what tells how a frame of one channel is coded. */
const SIDE_BYTES = 9;
const MAIN_BITS = (FRAME_BYTES - HEADER.length - SIDE_BYTES) * 8;
/** Samples by which analysis and a decoder's synthesis hold sound back. */
const DELAY = 2 * LINES;

/**
 * Mono sound as MP3 (ISO/IEC 13818-3, layer III): long blocks, a constant rate, each frame for itself. At this rate that
 * needs no model of the ear: what is left out lies below the noise of 16 bits for most of speech.
 */
export class Mp3Encoder {
  readonly #analysis = new Mp3Analysis();
  #waiting = new Float32Array(0);

  /** Samples between -1 and 1, 24,000 a second; the frames that are whole now. */
  push(samples: Float32Array): Uint8Array {
    const all = new Float32Array(this.#waiting.length + samples.length);
    all.set(this.#waiting);
    all.set(samples, this.#waiting.length);
    const count = Math.floor(all.length / LINES);
    const bytes = new Uint8Array(count * FRAME_BYTES);
    for (let index = 0; index < count; index += 1) {
      const lines = this.#analysis.take(all.subarray(index * LINES, (index + 1) * LINES));
      bytes.set(frameOf(fitSpectrum(lines, MAIN_BITS)), index * FRAME_BYTES);
    }
    this.#waiting = all.slice(count * LINES);
    return bytes;
  }

  /** What was held back, filled up with silence. */
  end(): Uint8Array {
    const rest = this.#waiting.length + DELAY;
    return this.push(new Float32Array(Math.ceil(rest / LINES) * LINES - this.#waiting.length));
  }
}

function frameOf(packed: PackedSpectrum): Uint8Array {
  const bits = new BitWriter(FRAME_BYTES);
  for (const byte of HEADER) bits.write(byte, 8);
  // Nothing of it stands in the frame before.
  bits.write(0, 8 + 1);
  bits.write(packed.bits, 12);
  bits.write(packed.bigPairs, 9);
  bits.write(packed.gain, 8);
  // No scale factors, no other blocks.
  bits.write(0, 9 + 1);
  for (const table of packed.tables) bits.write(table, 5);
  bits.write(packed.regions[0], 4);
  bits.write(packed.regions[1], 3);
  bits.write(0, 1);
  bits.write(packed.quadTable, 1);
  packed.write(bits);
  return bits.bytes;
}
