import { readFile } from 'node:fs/promises';
import { decodeWav } from '../../../base/audio/wav.ts';
import { NotReadHereError, type DecodedPart } from './decoded-part.ts';
import { decodeWithFfmpeg, type FfmpegDemuxer } from './ffmpeg-sound.ts';
import { decodeFlac } from './flac-sound.ts';
import { HeardSamples } from './heard-samples.ts';
import { Mp3Decoder } from './mp3/mp3-decoder.ts';
import { decodeOggOpus, decodeWebmOpus } from './opus-sound.ts';

/** What files of sound can be, by their first bytes. */
export type SoundFileKind = 'wav' | 'mp3' | 'mp4' | 'ogg-opus' | 'ogg-vorbis' | 'webm' | 'flac' | 'aac';

/** Null where the bytes are none of these. */
export function soundKindOf(bytes: Uint8Array): SoundFileKind | null {
  const text = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('latin1');
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WAVE') return 'wav';
  if (text(0, 4) === 'fLaC') return 'flac';
  if (text(0, 4) === 'OggS') return text(0, 200).includes('OpusHead') ? 'ogg-opus' : 'ogg-vorbis';
  if (text(0, 4) === '\x1A\x45\xDF\xA3') return 'webm';
  if (text(4, 8) === 'ftyp') return 'mp4';
  if (text(0, 3) === 'ID3') return 'mp3';
  const [first = 0, second = 0] = bytes;
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return null;
  // MPEG layers are 1 to 3; ADTS writes 0 there.
  return (second & 0x06) === 0 ? 'aac' : 'mp3';
}

export interface DecodeSoundOptions {
  kind: SoundFileKind;
  maxSeconds: number;
  /** Folders in which an ffmpeg of the machine is looked for, as in `PATH`. */
  searchPath: string;
}

/**
 * Mono, 16 kHz, in [-1, 1]; channels are mixed. Throws `TooLargeError` beyond `maxSeconds`, `InvalidInputError`
 * (`audio-needs-ffmpeg`) where only ffmpeg reads this and none is there, else whatever the decoder throws.
 */
export async function decodeSound(path: string, options: DecodeSoundOptions): Promise<Float32Array> {
  const { kind, maxSeconds, searchPath } = options;
  if (kind === 'wav') {
    const { samples, sampleRate } = decodeWav(await readFile(path), { maxSeconds });
    const heard = new HeardSamples(maxSeconds);
    heard.add({ channelData: [samples], sampleRate });
    return heard.end();
  }
  const decode = OWN_DECODERS[kind];
  try {
    if (decode) return await hear(decode(await readFile(path)), maxSeconds);
  } catch (error) {
    if (!(error instanceof NotReadHereError)) throw error;
  }
  return hear(decodeWithFfmpeg({ path, demuxer: DEMUXERS[kind], maxSeconds, searchPath }), maxSeconds);
}

type CodedKind = Exclude<SoundFileKind, 'wav'>;

/** Those in WebAssembly are loaded when they are needed. The other kinds have no decoder whose licence the house may use. */
const OWN_DECODERS: Readonly<
  Partial<Record<CodedKind, (bytes: Uint8Array<ArrayBuffer>) => AsyncIterable<DecodedPart>>>
> = {
  mp3: decodeMp3,
  'ogg-opus': decodeOggOpus,
  webm: decodeWebmOpus,
  flac: decodeFlac,
};

const DEMUXERS: Readonly<Record<CodedKind, FfmpegDemuxer>> = {
  mp3: 'mp3',
  mp4: 'mov',
  'ogg-opus': 'ogg',
  'ogg-vorbis': 'ogg',
  webm: 'matroska',
  flac: 'flac',
  aac: 'aac',
};

async function hear(parts: AsyncIterable<DecodedPart>, maxSeconds: number): Promise<Float32Array> {
  const heard = new HeardSamples(maxSeconds);
  for await (const part of parts) heard.add(part);
  const samples = heard.end();
  if (samples.length === 0) throw new Error('no sound was found');
  return samples;
}

async function* decodeMp3(bytes: Uint8Array): AsyncGenerator<DecodedPart> {
  let isSilent = true;
  for (const part of new Mp3Decoder().decode(bytes)) {
    isSilent = false;
    yield part;
  }
  if (isSilent) throw new NotReadHereError('MPEG sound without a frame of layer III');
}
