import type { BitReader } from './bit-reader.ts';
import type { FrameHeader } from './frame-header.ts';
import type { Granule } from './side-info.ts';

/** Bits of a factor in the lower and the upper bands (ISO 11172-3, scalefac_compress). */
const LOW_BITS = [0, 0, 0, 0, 3, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4];
const HIGH_BITS = [0, 1, 2, 3, 0, 1, 2, 3, 1, 2, 3, 1, 2, 3, 2, 3];
const PRESET = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 2, 0];
/** Groups of bands that share a number of bits, of long ones, of three short ones, of mixed ones. */
const LONG_GROUPS = [6, 5, 5, 5];
/** How many factors there are with each number of bits (ISO 13818-3, nr_of_sfb): by case and by blocks. */
const LATER_COUNTS = [
  [
    [6, 5, 5, 5],
    [9, 9, 9, 9],
    [6, 9, 9, 9],
  ],
  [
    [6, 5, 7, 3],
    [9, 9, 12, 6],
    [6, 9, 12, 6],
  ],
  [
    [11, 10, 0, 0],
    [18, 18, 0, 0],
    [15, 18, 0, 0],
  ],
  [
    [7, 7, 7, 0],
    [12, 12, 12, 0],
    [6, 15, 12, 0],
  ],
  [
    [6, 6, 6, 3],
    [12, 9, 9, 6],
    [6, 12, 9, 6],
  ],
  [
    [8, 8, 5, 0],
    [15, 12, 9, 0],
    [6, 18, 9, 0],
  ],
];

/** Of each band, and of each of the three blocks of a short one; behind the last there are zeros. */
export interface ScaleFactors {
  values: number[];
  /** Values that say that a band has no place between left and right. */
  nowhere: number[];
  addsPreset: boolean;
}

/** `before`: of the same channel's first granule. */
export function readScaleFactors(
  bits: BitReader,
  granule: Granule,
  {
    header,
    isRight,
    shared,
    before,
  }: { header: FrameHeader; isRight: boolean; shared: readonly number[]; before: ScaleFactors | null },
): ScaleFactors {
  return header.version === 0
    ? readFirst(bits, granule, { shared, before })
    : readLater(bits, granule, header.isIntensity && isRight);
}

function readFirst(
  bits: BitReader,
  { scaleBits, blockType, isMixed, addsPreset }: Granule,
  { shared, before }: { shared: readonly number[]; before: ScaleFactors | null },
): ScaleFactors {
  const low = LOW_BITS[scaleBits] ?? 0;
  const high = HIGH_BITS[scaleBits] ?? 0;
  const values: number[] = [];
  const take = (count: number, width: number) => {
    for (let index = 0; index < count; index += 1) values.push(bits.read(width));
  };
  if (blockType === 2) {
    take(isMixed ? 17 : 18, low);
    take(18, high);
  } else {
    for (const [index, count] of LONG_GROUPS.entries()) {
      if (before && shared[index] === 1) values.push(...before.values.slice(values.length, values.length + count));
      else take(count, index < 2 ? low : high);
    }
  }
  return { values, nowhere: values.map(() => 7), addsPreset };
}

function readLater(bits: BitReader, { scaleBits, blockType, isMixed }: Granule, isPlaces: boolean): ScaleFactors {
  const { widths, which, addsPreset } = isPlaces ? widthsOfPlaces(scaleBits >> 1) : widthsOf(scaleBits);
  const counts = LATER_COUNTS[which]?.[blockType === 2 ? (isMixed ? 2 : 1) : 0] ?? [];
  const values: number[] = [];
  const nowhere: number[] = [];
  for (const [index, count] of counts.entries()) {
    const width = widths[index] ?? 0;
    for (let one = 0; one < count; one += 1) {
      values.push(bits.read(width));
      nowhere.push(2 ** width - 1);
    }
  }
  return { values, nowhere, addsPreset };
}

function widthsOf(code: number): { widths: number[]; which: number; addsPreset: boolean } {
  if (code < 400) {
    const high = code >> 4;
    return { widths: [Math.floor(high / 5), high % 5, (code & 15) >> 2, code & 3], which: 0, addsPreset: false };
  }
  if (code < 500) {
    const high = (code - 400) >> 2;
    return { widths: [Math.floor(high / 5), high % 5, code & 3, 0], which: 1, addsPreset: false };
  }
  return { widths: [Math.floor((code - 500) / 3), (code - 500) % 3, 0, 0], which: 2, addsPreset: true };
}

function widthsOfPlaces(code: number): { widths: number[]; which: number; addsPreset: boolean } {
  if (code < 180) {
    return { widths: [Math.floor(code / 36), Math.floor((code % 36) / 6), code % 6, 0], which: 3, addsPreset: false };
  }
  if (code < 244) {
    const rest = code - 180;
    return { widths: [(rest & 63) >> 4, (rest & 15) >> 2, rest & 3, 0], which: 4, addsPreset: false };
  }
  return { widths: [Math.floor((code - 244) / 3), (code - 244) % 3, 0, 0], which: 5, addsPreset: false };
}

/** What a long band adds where the encoder chose the preset. */
export function presetOf(band: number): number {
  return PRESET[band] ?? 0;
}
