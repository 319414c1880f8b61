import { BITRATES, SAMPLE_RATES, type MpegVersion } from './mp3-tables.ts';

/** What the first four bytes of a frame of layer III say. */
export interface FrameHeader {
  version: MpegVersion;
  /** Which of the version's three rates. */
  rate: number;
  sampleRate: number;
  channels: 1 | 2;
  /** The second channel tells a difference, or only where sound comes from. */
  isMidSide: boolean;
  isIntensity: boolean;
  hasChecksum: boolean;
  /** Bytes, the header included. */
  length: number;
}

export const HEADER_BYTES = 4;

/** Null where no frame of layer III begins, or one whose length only the next would tell. */
export function readFrameHeader(bytes: Uint8Array, at: number): FrameHeader | null {
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes.subarray(at, at + HEADER_BYTES);
  if (first !== 0xff || (second & 0xe0) !== 0xe0 || ((second >> 1) & 3) !== 1) return null;
  const version = versionOf((second >> 3) & 3);
  if (version === null) return null;
  const rate = (third >> 2) & 3;
  const sampleRate = SAMPLE_RATES[version]?.[rate];
  const kbps = BITRATES[version === 0 ? 0 : 1]?.[third >> 4] ?? 0;
  if (sampleRate === undefined || kbps === 0) return null;
  const mode = fourth >> 6;
  const extension = (fourth >> 4) & 3;
  const padding = (third >> 1) & 1;
  return {
    version,
    rate,
    sampleRate,
    channels: mode === 3 ? 1 : 2,
    isMidSide: mode === 1 && (extension & 2) !== 0,
    isIntensity: mode === 1 && (extension & 1) !== 0,
    hasChecksum: (second & 1) === 0,
    length: Math.floor(((version === 0 ? 144 : 72) * kbps * 1000) / sampleRate) + padding,
  };
}

function versionOf(bits: number): MpegVersion | null {
  return bits === 3 ? 0 : bits === 2 ? 1 : bits === 0 ? 2 : null;
}
