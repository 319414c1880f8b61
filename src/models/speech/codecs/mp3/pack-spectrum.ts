import type { BitWriter } from './bit-writer.ts';
import { pairTable, quadTable, type HuffmanTable } from './huffman-codes.ts';
import { bandsOf, LINES } from './mp3-tables.ts';

/** Lines as whole numbers, and how they are coded. */
export interface PackedSpectrum {
  bits: number;
  /** Pairs of values that may be larger than 1. */
  bigPairs: number;
  /** The step of the numbers: they stand for their 4/3rd power times 2^((gain - 210) / 4). */
  gain: number;
  tables: readonly [number, number, number];
  /** Bands of the first region and of the second, less one. */
  regions: readonly [number, number];
  quadTable: 0 | 1;
  write(bits: BitWriter): void;
}

const MOST_GAIN = 255;
/** Steps below which nothing is left that 16 bits hold. */
const LEAST_GAIN = 120;
/** What a table with the most bits for large values can tell. */
const LARGEST = 8191 + 15;
/** Half a step less than half: larger numbers are rarer, and what is rounded down costs less. */
const ROUNDING = 0.4054;
const BANDS = bandsOf(1, 1).long;
const TABLES = Array.from({ length: 32 }, (_, number) => pairTable(number));
const QUADS = [quadTable(0), quadTable(1)] as const;

/** The finest steps with which the lines take no more bits than there are. */
export function fitSpectrum(lines: Float64Array, most: number): PackedSpectrum {
  const powers = Float64Array.from(lines, (line) => Math.abs(line) ** 0.75);
  let low = LEAST_GAIN;
  let high = MOST_GAIN;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const numbers = quantize(lines, { powers, gain: middle });
    if (numbers !== null && plan(numbers, middle).bits <= most) high = middle;
    else low = middle + 1;
  }
  return plan(quantize(lines, { powers, gain: high }) ?? new Int32Array(LINES), high);
}

function quantize(lines: Float64Array, { powers, gain }: { powers: Float64Array; gain: number }): Int32Array | null {
  const scale = 2 ** ((-3 / 16) * (gain - 210));
  const numbers = new Int32Array(LINES);
  for (let index = 0; index < LINES; index += 1) {
    const number = Math.floor((powers[index] ?? 0) * scale + ROUNDING);
    if (number > LARGEST) return null;
    numbers[index] = (lines[index] ?? 0) < 0 ? -number : number;
  }
  return numbers;
}

function plan(numbers: Int32Array, gain: number): PackedSpectrum {
  const end = numbers.findLastIndex((value) => value !== 0) + 1;
  const bigEnd = 2 * Math.ceil((numbers.findLastIndex((value) => Math.abs(value) > 1) + 1) / 2);
  const quadEnd = bigEnd + 4 * Math.ceil((end - bigEnd) / 4);
  // Four values need four lines.
  const pairsEnd = quadEnd > LINES ? 2 * Math.ceil(end / 2) : bigEnd;
  const regions = regionsOf(pairsEnd);
  const edges = [0, BANDS[regions[0] + 1] ?? 0, BANDS[regions[0] + regions[1] + 2] ?? 0, pairsEnd].map((edge) =>
    Math.min(edge, pairsEnd),
  );
  const chosen = [0, 1, 2].map((index) => bestTable(numbers, { from: edges[index] ?? 0, to: edges[index + 1] ?? 0 }));
  const quadsEnd = Math.max(pairsEnd, quadEnd > LINES ? pairsEnd : quadEnd);
  const quads = QUADS.map((table) => quadBits(numbers, { from: pairsEnd, to: quadsEnd, table }));
  const quad = (quads[1] ?? 0) < (quads[0] ?? 0) ? 1 : 0;
  const tables = [chosen[0]?.table ?? 0, chosen[1]?.table ?? 0, chosen[2]?.table ?? 0] as const;
  return {
    bits: chosen.reduce((sum, { bits }) => sum + bits, 0) + (quads[quad] ?? 0),
    bigPairs: pairsEnd / 2,
    gain,
    tables,
    regions,
    quadTable: quad,
    write: (bits) => {
      for (const [index, number] of tables.entries()) {
        const table = TABLES[number];
        if (table) writePairs(bits, numbers, { from: edges[index] ?? 0, to: edges[index + 1] ?? 0, table });
      }
      writeQuads(bits, numbers, { from: pairsEnd, to: quadsEnd, table: QUADS[quad] });
    },
  };
}

/** About a third of the bands that hold large values each. */
function regionsOf(pairsEnd: number): [number, number] {
  const bands = Math.max(
    3,
    BANDS.findIndex((start) => start >= pairsEnd),
  );
  const first = Math.min(15, Math.max(0, Math.floor(bands / 3) - 1));
  const second = Math.min(7, Math.max(0, Math.floor(bands / 3) - 1));
  return [first, second];
}

interface Stretch {
  from: number;
  to: number;
}

function bestTable(numbers: Int32Array, { from, to }: Stretch): { table: number; bits: number } {
  let largest = 0;
  for (let index = from; index < to; index += 1) largest = Math.max(largest, Math.abs(numbers[index] ?? 0));
  if (largest === 0) return { table: 0, bits: 0 };
  const fits = TABLES.flatMap((table, number) => {
    if (!table || table.size - 1 + 2 ** table.linbits - 1 < largest) return [];
    return largest > 15 || table.linbits === 0 ? [{ table, number }] : [];
  });
  // Of tables with bits of their own for large values the ones with the fewest are enough.
  const candidates =
    largest > 15
      ? [24, 16].flatMap((first) => fits.find(({ number }) => number >= first && number < first + 8) ?? [])
      : fits;
  let best = { table: 0, bits: Number.POSITIVE_INFINITY };
  for (const { table, number } of candidates) {
    const bits = pairBits(numbers, { from, to, table });
    if (bits < best.bits) best = { table: number, bits };
  }
  return best;
}

function pairBits(numbers: Int32Array, { from, to, table }: Stretch & { table: HuffmanTable }): number {
  const { size, linbits, lengths } = table;
  let bits = 0;
  for (let index = from; index < to; index += 2) {
    const first = Math.abs(numbers[index] ?? 0);
    const second = Math.abs(numbers[index + 1] ?? 0);
    const x = linbits > 0 ? Math.min(15, first) : first;
    const y = linbits > 0 ? Math.min(15, second) : second;
    bits += (lengths[x * size + y] ?? 0) + (x > 0 ? 1 : 0) + (y > 0 ? 1 : 0);
    if (linbits > 0) bits += (x === 15 ? linbits : 0) + (y === 15 ? linbits : 0);
  }
  return bits;
}

function writePairs(
  bits: BitWriter,
  numbers: Int32Array,
  { from, to, table }: Stretch & { table: HuffmanTable },
): void {
  const { size, linbits, lengths, codes } = table;
  for (let index = from; index < to; index += 2) {
    const pair = [numbers[index] ?? 0, numbers[index + 1] ?? 0];
    const [x = 0, y = 0] = pair.map((value) => Math.min(linbits > 0 ? 15 : size - 1, Math.abs(value)));
    bits.write(codes[x * size + y] ?? 0, lengths[x * size + y] ?? 0);
    for (const value of pair) {
      const magnitude = Math.abs(value);
      if (linbits > 0 && magnitude >= 15) bits.write(magnitude - 15, linbits);
      if (magnitude > 0) bits.write(value < 0 ? 1 : 0, 1);
    }
  }
}

function quadBits(numbers: Int32Array, { from, to, table }: Stretch & { table: HuffmanTable }): number {
  let bits = 0;
  for (let index = from; index < to; index += 4) {
    const quad = numbers.subarray(index, index + 4);
    bits += (table.lengths[quadIndex(quad)] ?? 0) + quad.reduce((sum, value) => sum + Math.abs(value), 0);
  }
  return bits;
}

function writeQuads(
  bits: BitWriter,
  numbers: Int32Array,
  { from, to, table }: Stretch & { table: HuffmanTable },
): void {
  for (let index = from; index < to; index += 4) {
    const quad = numbers.subarray(index, index + 4);
    const at = quadIndex(quad);
    bits.write(table.codes[at] ?? 0, table.lengths[at] ?? 0);
    for (const value of quad) if (value !== 0) bits.write(value < 0 ? 1 : 0, 1);
  }
}

function quadIndex(quad: Int32Array): number {
  return quad.reduce((index, value) => index * 2 + Math.abs(value), 0);
}
