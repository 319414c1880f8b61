/** Which third of the standard a frame follows: 0 = MPEG-1 (ISO 11172-3), 1 = MPEG-2 (ISO 13818-3), 2 = MPEG-2.5. */
export type MpegVersion = 0 | 1 | 2;

export const SAMPLE_RATES: readonly (readonly number[])[] = [
  [44_100, 48_000, 32_000],
  [22_050, 24_000, 16_000],
  [11_025, 12_000, 8000],
];

/** Kilobits per second of layer III: of MPEG-1, and of the lower rates. */
export const BITRATES: readonly (readonly number[])[] = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

const LOWEST = [6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 38, 46, 52, 60, 68, 58, 54];
/** Widths of scale factor bands of long blocks, by version and rate (ISO 11172-3 table 3-B.8, ISO 13818-3 table B.2). */
const LONG_WIDTHS = [
  [
    [4, 4, 4, 4, 4, 4, 6, 6, 8, 8, 10, 12, 16, 20, 24, 28, 34, 42, 50, 54, 76, 158],
    [4, 4, 4, 4, 4, 4, 6, 6, 6, 8, 10, 12, 16, 18, 22, 28, 34, 40, 46, 54, 54, 192],
    [4, 4, 4, 4, 4, 4, 6, 6, 8, 10, 12, 16, 20, 24, 30, 38, 46, 56, 68, 84, 102, 26],
  ],
  [LOWEST, [6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 18, 22, 26, 32, 38, 46, 54, 62, 70, 76, 36], LOWEST],
  [LOWEST, LOWEST, [12, 12, 12, 12, 12, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 76, 90, 2, 2, 2, 2, 2]],
];
const LOW_SHORT = [4, 4, 4, 6, 8, 10, 12, 14, 18, 24, 30, 40, 18];
const SHORT_WIDTHS = [
  [
    [4, 4, 4, 4, 6, 8, 10, 12, 14, 18, 22, 30, 56],
    [4, 4, 4, 4, 6, 6, 10, 12, 14, 16, 20, 26, 66],
    [4, 4, 4, 4, 6, 8, 12, 16, 20, 26, 34, 42, 12],
  ],
  [[4, 4, 4, 6, 6, 8, 10, 14, 18, 26, 32, 42, 18], [4, 4, 4, 6, 8, 10, 12, 14, 18, 24, 32, 44, 12], LOW_SHORT],
  [LOW_SHORT, LOW_SHORT, [8, 8, 8, 12, 16, 20, 24, 28, 36, 2, 2, 2, 26]],
];

/** Where the bands begin, and where the last ends. */
export interface Bands {
  long: readonly number[];
  short: readonly number[];
}

export function bandsOf(version: MpegVersion, rate: number): Bands {
  return { long: startsOf(LONG_WIDTHS[version]?.[rate]), short: startsOf(SHORT_WIDTHS[version]?.[rate]) };
}

function startsOf(widths: readonly number[] = []): number[] {
  let at = 0;
  return [0, ...widths.map((width) => (at += width))];
}

/** Half of the window of the filter bank in steps of 1/65536 (ISO 11172-3 table 3-B.3); the other half mirrors it. */
const HALF_WINDOW = [
  0, -1, -1, -1, -1, -1, -1, -2, -2, -2, -2, -3, -3, -4, -4, -5, -5, -6, -7, -7, -8, -9, -10, -11, -13, -14, -16, -17,
  -19, -21, -24, -26, -29, -31, -35, -38, -41, -45, -49, -53, -58, -63, -68, -73, -79, -85, -91, -97, -104, -111, -117,
  -125, -132, -139, -147, -154, -161, -169, -176, -183, -190, -196, -202, -208, 213, 218, 222, 225, 227, 228, 228, 227,
  224, 221, 215, 208, 200, 189, 177, 163, 146, 127, 106, 83, 57, 29, -2, -36, -72, -111, -153, -197, -244, -294, -347,
  -401, -459, -519, -581, -645, -711, -779, -848, -919, -991, -1064, -1137, -1210, -1283, -1356, -1428, -1498, -1567,
  -1634, -1698, -1759, -1817, -1870, -1919, -1962, -2001, -2032, -2057, -2075, -2085, -2087, -2080, -2063, 2037, 2000,
  1952, 1893, 1822, 1739, 1644, 1535, 1414, 1280, 1131, 970, 794, 605, 402, 185, -45, -288, -545, -814, -1095, -1388,
  -1692, -2006, -2330, -2663, -3004, -3351, -3705, -4063, -4425, -4788, -5153, -5517, -5879, -6237, -6589, -6935, -7271,
  -7597, -7910, -8209, -8491, -8755, -8998, -9219, -9416, -9585, -9727, -9838, -9916, -9959, -9966, -9935, -9863, -9750,
  -9592, -9389, -9139, -8840, -8492, -8092, -7640, -7134, 6574, 5959, 5288, 4561, 3776, 2935, 2037, 1082, 70, -998,
  -2122, -3300, -4533, -5818, -7154, -8540, -9975, -11455, -12980, -14548, -16155, -17799, -19478, -21189, -22929,
  -24694, -26482, -28289, -30112, -31947, -33791, -35640, -37489, -39336, -41176, -43006, -44821, -46617, -48390,
  -50137, -51853, -53534, -55178, -56778, -58333, -59838, -61289, -62684, -64019, -65290, -66494, -67629, -68692,
  -69679, -70590, -71420, -72169, -72835, -73415, -73908, -74313, -74630, -74856, -74992, 75038,
];

/** 512 values, of which synthesis takes these and analysis a 32nd. */
export const FILTER_WINDOW: Float64Array = windowOf(HALF_WINDOW);

function windowOf(half: readonly number[]): Float64Array {
  const window = new Float64Array(512);
  for (const [index, steps] of half.entries()) {
    const value = steps / 65_536;
    window[index] = value;
    if (index > 0) window[512 - index] = index % 64 === 0 ? value : -value;
  }
  return window;
}

/** Coefficients of the butterflies between bands (ISO 11172-3 table 3-B.9). */
const ALIAS = [-0.6, -0.535, -0.33, -0.185, -0.095, -0.041, -0.0142, -0.0037];
export const ALIAS_KEEP: readonly number[] = ALIAS.map((c) => 1 / Math.sqrt(1 + c * c));
export const ALIAS_CROSS: readonly number[] = ALIAS.map((c) => c / Math.sqrt(1 + c * c));

/** Lines of a granule, and bands of the filter bank with as many lines in each. */
export const LINES = 576;
export const SUBBANDS = 32;
export const SUBBAND_LINES = 18;
