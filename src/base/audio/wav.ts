import { InvalidInputError, TooLargeError } from '../errors.ts';
import { floatToPcm16, pcm16Bytes } from './pcm16.ts';

/** Mono audio. Samples in [-1, 1]; hertz. */
export interface MonoAudio {
  samples: Float32Array;
  sampleRate: number;
}

export interface WavLimits {
  /** Of the whole file. */
  maxBytes?: number;
  maxSeconds?: number;
}

const headerBytes = 44;
/** An hour and a half of 16 kHz, ten minutes of a studio's stereo. */
const defaultMaxBytes = 192 * 2 ** 20;
const defaultMaxSeconds = 3 * 3600;
const lowestRate = 1_000;
const highestRate = 768_000;
const mostChannels = 32;
/** A file of a recorder has a handful; a hostile one could have millions of empty ones. */
const mostChunks = 1_000;
/** Written by programs that stream and never learn the length. */
const unknownLengths = new Set([0xffffffff, 0x7fffffff, 0x7ffff000]);

const formatPcm = 1;
const formatFloat = 3;
const formatExtensible = 0xfffe;

/** RIFF/WAVE, PCM 16 bit, mono. */
export function encodeWav({ samples, sampleRate }: MonoAudio): Uint8Array {
  const data = pcm16Bytes(floatToPcm16(samples));
  const bytes = new Uint8Array(headerBytes + data.length);
  bytes.set(header({ sampleRate, riffBytes: headerBytes - 8 + data.length, dataBytes: data.length }));
  bytes.set(data, headerBytes);
  return bytes;
}

/** What stands before sound that is still being made: mono PCM 16 bit, until the file's end. */
export function openWavHeader(sampleRate: number): Uint8Array {
  return header({ sampleRate, riffBytes: 0xffffffff, dataBytes: 0xffffffff });
}

function header({
  sampleRate,
  riffBytes,
  dataBytes,
}: {
  sampleRate: number;
  riffBytes: number;
  dataBytes: number;
}): Uint8Array {
  const bytes = new Uint8Array(headerBytes);
  const view = new DataView(bytes.buffer);
  writeTag(bytes, 0, 'RIFF');
  view.setUint32(4, riffBytes, true);
  writeTag(bytes, 8, 'WAVE');
  writeTag(bytes, 12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, formatPcm, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  writeTag(bytes, 36, 'data');
  view.setUint32(40, dataBytes, true);
  return bytes;
}

/**
 * Reads RIFF/WAVE with 8, 16, 24 or 32 bit PCM or 32 or 64 bit float; several channels are mixed down. Throws
 * `InvalidInputError` (`wav-invalid`) for anything else, `TooLargeError` beyond the limits.
 */
export function decodeWav(bytes: Uint8Array, limits: WavLimits = {}): MonoAudio {
  const maxBytes = limits.maxBytes ?? defaultMaxBytes;
  if (bytes.length > maxBytes) {
    throw new TooLargeError(`The WAV file has ${bytes.length} bytes; ${maxBytes} are allowed.`);
  }
  const { format, data } = findChunks(bytes);
  const frames = Math.floor(data.length / format.frameBytes);
  const maxSeconds = limits.maxSeconds ?? defaultMaxSeconds;
  if (frames / format.sampleRate > maxSeconds) {
    throw new TooLargeError(`The WAV file is longer than ${maxSeconds} seconds.`);
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const read = sampleReader(view, format);
  const samples = new Float32Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0;
    for (let channel = 0; channel < format.channels; channel++) {
      sum += read(frame * format.frameBytes + channel * format.sampleBytes);
    }
    samples[frame] = sum / format.channels;
  }
  return { samples, sampleRate: format.sampleRate };
}

interface WavFormat {
  kind: typeof formatPcm | typeof formatFloat;
  channels: number;
  sampleRate: number;
  sampleBytes: number;
  frameBytes: number;
}

function findChunks(bytes: Uint8Array): { format: WavFormat; data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (readTag(bytes, 0) !== 'RIFF' || readTag(bytes, 8) !== 'WAVE') throw invalid('it does not begin with RIFF/WAVE');
  let format: WavFormat | undefined;
  let offset = 12;
  for (let count = 0; offset + 8 <= bytes.length; count++) {
    if (count === mostChunks) throw invalid('it has too many chunks');
    const tag = readTag(bytes, offset);
    const length = view.getUint32(offset + 4, true);
    const start = offset + 8;
    const rest = bytes.length - start;
    if (tag === 'data') {
      if (!format) throw invalid('its format does not stand before its sound');
      if (length > rest && !unknownLengths.has(length)) throw invalid('its sound is cut off');
      return { format, data: bytes.subarray(start, start + Math.min(length, rest)) };
    }
    if (length > rest) throw invalid('one of its chunks is cut off');
    if (tag === 'fmt ') format = readFormat(new DataView(view.buffer, view.byteOffset + start, length));
    // Chunks begin at even places.
    offset = start + length + (length % 2);
  }
  throw invalid('it holds no sound');
}

function readFormat(view: DataView): WavFormat {
  if (view.byteLength < 16) throw invalid('its format is cut off');
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const frameBytes = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  let kind = view.getUint16(0, true);
  if (kind === formatExtensible && view.byteLength >= 26) kind = view.getUint16(24, true);
  if (kind !== formatPcm && kind !== formatFloat)
    throw invalid(`its encoding ${kind} is not supported; save it as PCM`);
  const allowedBits = kind === formatPcm ? [8, 16, 24, 32] : [32, 64];
  if (!allowedBits.includes(bits)) throw invalid(`${bits} bits a sample are not supported`);
  if (channels < 1 || channels > mostChannels) throw invalid(`it has ${channels} channels`);
  if (sampleRate < lowestRate || sampleRate > highestRate) throw invalid(`its sample rate is ${sampleRate} Hz`);
  const sampleBytes = bits / 8;
  if (frameBytes !== sampleBytes * channels) throw invalid('its block size does not fit its channels');
  return { kind, channels, sampleRate, sampleBytes, frameBytes };
}

function sampleReader(view: DataView, { kind, sampleBytes }: WavFormat): (offset: number) => number {
  if (kind === formatFloat) {
    return sampleBytes === 4
      ? (offset) => clean(view.getFloat32(offset, true))
      : (offset) => clean(view.getFloat64(offset, true));
  }
  switch (sampleBytes) {
    case 1:
      return (offset) => Math.max(-1, (view.getUint8(offset) - 128) / 127);
    case 2:
      return (offset) => Math.max(-1, view.getInt16(offset, true) / 32_767);
    case 3:
      return (offset) => ((view.getInt8(offset + 2) << 16) | view.getUint16(offset, true)) / 2 ** 23;
    default:
      return (offset) => view.getInt32(offset, true) / 2 ** 31;
  }
}

/** Floats may hold anything: infinities and not-a-numbers become silence, the rest is clipped. */
function clean(value: number): number {
  return Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0;
}

function invalid(reason: string): InvalidInputError {
  return new InvalidInputError(`This is not a WAV file that can be read: ${reason}.`, { code: 'wav-invalid' });
}

function readTag(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

function writeTag(bytes: Uint8Array, offset: number, tag: string): void {
  for (let index = 0; index < tag.length; index++) bytes[offset + index] = tag.charCodeAt(index);
}
