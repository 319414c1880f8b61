import { deflateSync } from 'node:zlib';
import { PNG_SIGNATURE, writeChunk } from '../../base/png-chunks.ts';

/** Pixels; portraits of cards are two to three. */
const WIDTH = 400;
const HEIGHT = 600;
const SHADES = 256;
/** Evening over paper: the grounds and the ember of the house. */
const TOP = [0x2b, 0x25, 0x2c] as const;
const BOTTOM = [0xd9, 0x53, 0x2c] as const;

/** A plain picture for a PNG card of a character that has none a PNG can hold: a sky at dusk, about 3 kB. */
export function standInPicture(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 3, 0, 0, 0], 8); // eight bits, palette
  const palette = Buffer.alloc(SHADES * 3);
  for (let shade = 0; shade < SHADES; shade += 1) {
    const share = shade / (SHADES - 1);
    palette.set(
      TOP.map((from, channel) => Math.round(from + ((BOTTOM[channel] ?? from) - from) * share)),
      shade * 3,
    );
  }
  const rows = Buffer.alloc(HEIGHT * (1 + WIDTH));
  for (let y = 0; y < HEIGHT; y += 1) {
    const row = y * (1 + WIDTH) + 1;
    rows.fill(Math.round((y / (HEIGHT - 1)) ** 1.6 * (SHADES - 1)), row, row + WIDTH);
  }
  return Buffer.concat([
    PNG_SIGNATURE,
    writeChunk('IHDR', header),
    writeChunk('PLTE', palette),
    writeChunk('IDAT', deflateSync(rows)),
    writeChunk('IEND', new Uint8Array()),
  ]);
}
