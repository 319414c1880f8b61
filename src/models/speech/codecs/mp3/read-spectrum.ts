import type { BitReader } from './bit-reader.ts';
import type { FrameHeader } from './frame-header.ts';
import { pairTable, quadTable } from './huffman-codes.ts';
import { bandsOf, LINES, type Bands } from './mp3-tables.ts';
import { presetOf, type ScaleFactors } from './scale-factors.ts';
import type { Granule } from './side-info.ts';

const PAIRS = Array.from({ length: 32 }, (_, number) => pairTable(number));
const QUADS = [quadTable(0), quadTable(1)] as const;
const POWERS = Float64Array.from({ length: 8207 }, (_, value) => value ** (4 / 3));

/** A band of lines that share a step; `block` is one of three short ones. */
export interface Band {
  from: number;
  to: number;
  /** Its place among the scale factors. */
  factor: number;
  block: number | null;
}

/** The bands of a granule in the order in which its lines are coded. */
export function bandsOfGranule({ version, rate }: FrameHeader, { blockType, isMixed }: Granule): Band[] {
  const { long, short } = bandsOf(version, rate);
  if (blockType !== 2) return longBands(long, long.length - 1);
  const count = isMixed ? (version === 0 ? 8 : 6) : 0;
  const bands = longBands(long, count);
  return [...bands, ...shortBands(short, { from: isMixed ? 3 : 0, factors: bands.length })];
}

function longBands(long: readonly number[], count: number): Band[] {
  return Array.from({ length: count }, (_, factor) => ({
    from: long[factor] ?? 0,
    to: long[factor + 1] ?? 0,
    factor,
    block: null,
  }));
}

function shortBands(short: readonly number[], { from, factors }: { from: number; factors: number }): Band[] {
  const bands: Band[] = [];
  for (let band = from; band < short.length - 1; band += 1) {
    const start = short[band] ?? 0;
    const width = (short[band + 1] ?? 0) - start;
    for (let block = 0; block < 3; block += 1) {
      const at = start * 3 + block * width;
      bands.push({ from: at, to: at + width, factor: factors + bands.length, block });
    }
  }
  return bands;
}

/** Numbers of the granule times their steps, in coded order. `end`: the bit behind them. */
export function readSpectrum(
  bits: BitReader,
  granule: Granule,
  { header, factors, end }: { header: FrameHeader; factors: ScaleFactors; end: number },
): Float64Array {
  const lines = readNumbers(bits, granule, { bands: bandsOf(header.version, header.rate), header, end });
  for (const { from, to, factor, block } of bandsOfGranule(header, granule)) {
    const preset = factors.addsPreset && block === null ? presetOf(factor) : 0;
    const less = granule.scaleStep * ((factors.values[factor] ?? 0) + preset);
    const short = block === null ? 0 : 8 * (granule.shortGains[block] ?? 0);
    const step = 2 ** ((granule.gain - 210 - short) / 4 - less);
    for (let index = from; index < to; index += 1) {
      const number = lines[index] ?? 0;
      const power = (POWERS[Math.abs(number)] ?? 0) * step;
      lines[index] = number < 0 ? -power : power;
    }
  }
  return lines;
}

function readNumbers(
  bits: BitReader,
  granule: Granule,
  { bands, header, end }: { bands: Bands; header: FrameHeader; end: number },
): Float64Array {
  const numbers = new Float64Array(LINES);
  const pairsEnd = Math.min(LINES, granule.bigPairs * 2);
  let at = 0;
  for (const [index, edge] of edgesOf(granule, { bands, header, pairsEnd }).entries()) {
    const table = PAIRS[granule.tables[index] ?? 0];
    if (!table) {
      at = Math.max(at, edge);
      continue;
    }
    while (at < edge && bits.at < end) {
      const code = bits.code(table);
      numbers[at] = readNumber(bits, Math.floor(code / table.size), table.linbits);
      numbers[at + 1] = readNumber(bits, code % table.size, table.linbits);
      at += 2;
    }
  }
  const quads = QUADS[granule.quadTable];
  while (at + 4 <= LINES && bits.at < end) {
    const code = bits.code(quads);
    const quad = [8, 4, 2, 1].map((bit) => ((code & bit) === 0 ? 0 : bits.bit() === 1 ? -1 : 1));
    // What reaches beyond its bits was only stuffing.
    if (bits.at > end) break;
    numbers.set(quad, at);
    at += 4;
  }
  bits.at = end;
  return numbers;
}

function readNumber(bits: BitReader, value: number, linbits: number): number {
  if (value === 0) return 0;
  const magnitude = linbits > 0 && value === 15 ? value + bits.read(linbits) : value;
  return bits.bit() === 1 ? -magnitude : magnitude;
}

/** Where the three regions of large numbers end. */
function edgesOf(
  { regions, blockType, isMixed }: Granule,
  { bands: { long, short }, header, pairsEnd }: { bands: Bands; header: FrameHeader; pairsEnd: number },
): number[] {
  const whole = regions
    ? [long[regions[0] + 1] ?? LINES, long[regions[0] + regions[1] + 2] ?? LINES]
    : [blockType === 2 && !isMixed ? 3 * (short[3] ?? 12) : firstOfShort(long, header), LINES];
  return [...whole, LINES].map((edge) => Math.min(edge, pairsEnd));
}

/** The first region of granules that change between long and short blocks. */
function firstOfShort(long: readonly number[], { version, rate }: FrameHeader): number {
  // At 8 kHz the bands are twice as wide.
  if (version === 2 && rate === 2) return 108;
  return long[8] ?? 36;
}
