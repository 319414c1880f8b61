import type { FrameHeader } from './frame-header.ts';
import { LINES } from './mp3-tables.ts';
import { bandsOfGranule } from './read-spectrum.ts';
import type { ScaleFactors } from './scale-factors.ts';
import type { Granule } from './side-info.ts';

const HALF = Math.SQRT1_2;

/** Left and right of what was coded together. Changes the lines. */
export function joinChannels(
  [first, second]: readonly [Float64Array, Float64Array],
  { header, granule, factors }: { header: FrameHeader; granule: Granule; factors: ScaleFactors },
): void {
  const placed = header.isIntensity ? placeBands([first, second], { header, granule, factors }) : null;
  if (!header.isMidSide) return;
  for (let index = 0; index < LINES; index += 1) {
    if (placed?.[index] === 1) continue;
    const middle = first[index] ?? 0;
    const side = second[index] ?? 0;
    first[index] = (middle + side) * HALF;
    second[index] = (middle - side) * HALF;
  }
}

/** Above the second channel's last line its factors say where the first is heard. Lines that are placed are 1. */
function placeBands(
  [first, second]: readonly [Float64Array, Float64Array],
  { header, granule, factors }: { header: FrameHeader; granule: Granule; factors: ScaleFactors },
): Uint8Array {
  const placed = new Uint8Array(LINES);
  const bands = bandsOfGranule(header, granule);
  const lastOf = new Map<number | null, number>();
  for (const [index, { from, to, block }] of bands.entries()) {
    if (second.subarray(from, to).some((line) => line !== 0)) lastOf.set(block, index);
  }
  const isStep = (granule.scaleBits & 1) === 1;
  for (const [index, { from, to, factor, block }] of bands.entries()) {
    if (index <= (lastOf.get(block) ?? -1)) continue;
    // The last band has no factor: it goes by the one before.
    const known = factor < factors.values.length ? factor : factor - (block === null ? 1 : 3);
    const place = factors.values[known] ?? 0;
    if (place >= (factors.nowhere[known] ?? 7)) continue;
    const [left, right] = header.version === 0 ? sharesOf(place) : laterShares(place, isStep);
    for (let line = from; line < to; line += 1) {
      const value = first[line] ?? 0;
      first[line] = value * left;
      second[line] = value * right;
      placed[line] = 1;
    }
  }
  return placed;
}

function sharesOf(place: number): [number, number] {
  if (place === 6) return [1, 0];
  const ratio = Math.tan((place * Math.PI) / 12);
  return [ratio / (1 + ratio), 1 / (1 + ratio)];
}

function laterShares(place: number, isStep: boolean): [number, number] {
  const base = isStep ? Math.SQRT1_2 : 2 ** -0.25;
  if (place === 0) return [1, 1];
  return place % 2 === 1 ? [base ** ((place + 1) / 2), 1] : [1, base ** (place / 2)];
}
