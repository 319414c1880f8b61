import { z } from 'zod';
import { decodeWav } from '../../../base/audio/wav.ts';

export const audioFormatSchema = z.enum(['wav', 'pcm', 'mp3', 'flac', 'opus']);
export type AudioFormat = z.infer<typeof audioFormatSchema>;

/** Null where the samples are not read (compressed formats). `level` is RMS in dBFS; `clipped` a share of samples. */
interface MeasuredAudio {
  seconds: number;
  level: number | null;
  clipped: number | null;
}

/** The length and loudness of a file; null where it is not of that format. `pcm` is 24 kHz, 16 bit, mono, as OpenAI's. */
export function measureAudio(bytes: Uint8Array, format: AudioFormat): MeasuredAudio | null {
  switch (format) {
    case 'wav':
      return measureWav(bytes);
    case 'pcm':
      return measurePcm(bytes);
    case 'mp3':
      return secondsOnly(secondsOfMp3(bytes));
    case 'flac':
      return secondsOnly(secondsOfFlac(bytes));
    default:
      return secondsOnly(secondsOfOpus(bytes));
  }
}

function secondsOnly(seconds: number | null): MeasuredAudio | null {
  return seconds === null ? null : { seconds, level: null, clipped: null };
}

function measureWav(bytes: Uint8Array): MeasuredAudio | null {
  try {
    const { samples, sampleRate } = decodeWav(bytes);
    return { seconds: samples.length / sampleRate, ...loudnessOf(samples) };
  } catch {
    return null;
  }
}

const PCM_RATE = 24_000;

function measurePcm(bytes: Uint8Array): MeasuredAudio | null {
  // Another format sent under this name would be heard as noise.
  if (bytes.length % 2 === 1 || ['RIFF', 'OggS', 'fLaC', 'ID3'].some((mark) => hasMark(bytes, mark, 0))) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = Float32Array.from(
    { length: bytes.length / 2 },
    (_, index) => view.getInt16(index * 2, true) / 32_768,
  );
  return { seconds: samples.length / PCM_RATE, ...loudnessOf(samples) };
}

function loudnessOf(samples: Float32Array): { level: number; clipped: number } {
  let squares = 0;
  let full = 0;
  for (const sample of samples) {
    squares += sample * sample;
    if (Math.abs(sample) >= 0.999) full += 1;
  }
  const power = squares / Math.max(1, samples.length);
  return { level: 10 * Math.log10(Math.max(power, 1e-12)), clipped: full / Math.max(1, samples.length) };
}

/** kbit/s of layer III by index, MPEG 1 and MPEG 2/2.5 (ISO/IEC 11172-3, 13818-3). */
const RATES_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0];
const RATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];
const HERTZ = [44_100, 48_000, 32_000, 0];

/** Adds up the frames, so that files without a header of their length are measured too. */
function secondsOfMp3(bytes: Uint8Array): number | null {
  let at = hasMark(bytes, 'ID3', 0) ? 10 + synchsafe(bytes, 6) : 0;
  let seconds = 0;
  while (at + 4 <= bytes.length) {
    const frame = readMp3Frame(bytes, at);
    if (!frame) break;
    seconds += frame.seconds;
    at += frame.bytes;
  }
  return seconds > 0 ? seconds : null;
}

function readMp3Frame(bytes: Uint8Array, at: number): { bytes: number; seconds: number } | null {
  const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
  const isLayer3 = first === 0xff && (second & 0xe0) === 0xe0 && (second & 0x06) === 0x02;
  const version = (second >> 3) & 3;
  const isFirst = version === 3;
  const kilobits = (isFirst ? RATES_1 : RATES_2)[third >> 4] ?? 0;
  const hertz = (HERTZ[(third >> 2) & 3] ?? 0) / (isFirst ? 1 : version === 2 ? 2 : 4);
  if (!isLayer3 || version === 1 || kilobits === 0 || hertz === 0) return null;
  const samples = isFirst ? 1152 : 576;
  const padding = (third >> 1) & 1;
  return { bytes: Math.floor((samples / 8) * ((kilobits * 1000) / hertz)) + padding, seconds: samples / hertz };
}

/** From STREAMINFO (RFC 9639): 20 bits of rate, 36 bits of samples. */
function secondsOfFlac(bytes: Uint8Array): number | null {
  if (!hasMark(bytes, 'fLaC', 0) || bytes.length < 26) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rate = view.getUint32(18) >>> 12;
  const samples = (view.getUint8(21) & 0x0f) * 2 ** 32 + view.getUint32(22);
  return rate > 0 && samples > 0 ? samples / rate : null;
}

/** From the last page's position in 48 kHz samples (RFC 7845). */
function secondsOfOpus(bytes: Uint8Array): number | null {
  if (!hasMark(bytes, 'OggS', 0) || !hasMark(bytes, 'OpusHead', 28)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = bytes.length - 27; at >= 0; at -= 1) {
    if (hasMark(bytes, 'OggS', at)) return Number(view.getBigInt64(at + 6, true)) / 48_000;
  }
  return null;
}

function synchsafe(bytes: Uint8Array, at: number): number {
  return bytes.subarray(at, at + 4).reduce((sum, byte) => (sum << 7) | (byte & 0x7f), 0);
}

function hasMark(bytes: Uint8Array, mark: string, at: number): boolean {
  return Array.from(mark).every((letter, index) => bytes[at + index] === letter.charCodeAt(0));
}
