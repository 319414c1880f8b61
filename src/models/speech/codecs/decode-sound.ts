import { Resampler } from '../../../base/audio/resampler.ts';
import { decodeWav } from '../../../base/audio/wav.ts';
import { HEARING_SAMPLE_RATE } from '../../spec/speech-handle.ts';

/** What files of sound can be, by their first bytes. */
export type SoundFileKind = 'wav' | 'mp3' | 'mp4' | 'ogg-opus' | 'ogg-vorbis' | 'webm' | 'flac' | 'aac';

interface DecodedPart {
  channelData: readonly Float32Array[];
  sampleRate: number;
}

interface PartDecoder {
  decode(data: Uint8Array): DecodedPart | Promise<DecodedPart>;
  /** Absent where nothing is held back. */
  flush?(): DecodedPart | Promise<DecodedPart>;
  free(): void;
}

/** Bytes given to a decoder at once, so that it never holds more than a little sound of other channels and rates. */
const PART_BYTES = 64 * 1024;

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

/** Mono, 16 kHz, in [-1, 1]; channels are mixed. Throws `RangeError` beyond `maxSeconds`, else whatever the decoder throws. */
export async function decodeSound(
  bytes: Uint8Array,
  { kind, maxSeconds }: { kind: SoundFileKind; maxSeconds: number },
): Promise<Float32Array> {
  const heard = new HeardSamples(maxSeconds);
  if (kind === 'wav') {
    const { samples, sampleRate } = decodeWav(bytes, { maxSeconds });
    heard.add({ channelData: [samples], sampleRate });
    return heard.end();
  }
  const decoder = await DECODERS[kind]();
  try {
    for (let start = 0; start < bytes.length; start += PART_BYTES) {
      heard.add(await decoder.decode(bytes.subarray(start, start + PART_BYTES)));
    }
    if (decoder.flush) heard.add(await decoder.flush());
  } finally {
    decoder.free();
  }
  const samples = heard.end();
  if (samples.length === 0) throw new Error('no sound was found');
  return samples;
}

type CodedKind = Exclude<SoundFileKind, 'wav'>;

/** Loaded when first needed: each brings its own WebAssembly. */
const DECODERS: Readonly<Record<CodedKind, () => Promise<PartDecoder>>> = {
  mp3: async () => (await import('@audio/decode-mp3')).decoder(),
  mp4: async () => (await import('@audio/decode-mp4')).decoder(),
  'ogg-opus': async () => (await import('@audio/decode-opus')).decoder(),
  'ogg-vorbis': async () => (await import('@audio/decode-vorbis')).decoder(),
  webm: async () => (await import('@audio/decode-webm')).decoder(),
  flac: async () => (await import('@audio/decode-flac')).decoder(),
  aac: async () => (await import('@audio/decode-aac')).decoder(),
};

/** What was decoded so far, mixed and at the rate of ears. */
class HeardSamples {
  readonly #most: number;
  readonly #parts: Float32Array[] = [];
  #resampler: Resampler | null = null;
  #rate = 0;
  #length = 0;

  constructor(maxSeconds: number) {
    this.#most = maxSeconds * HEARING_SAMPLE_RATE;
  }

  add({ channelData, sampleRate }: DecodedPart): void {
    const [first] = channelData;
    if (!first || first.length === 0) return;
    if (sampleRate !== this.#rate) {
      this.#endRate();
      this.#rate = sampleRate;
      this.#resampler =
        sampleRate === HEARING_SAMPLE_RATE ? null : new Resampler({ from: sampleRate, to: HEARING_SAMPLE_RATE });
    }
    const mono = mix(channelData, first.length);
    this.#keep(this.#resampler ? this.#resampler.push(mono) : mono);
  }

  end(): Float32Array {
    this.#endRate();
    const all = new Float32Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  #endRate(): void {
    if (this.#resampler) this.#keep(this.#resampler.end());
    this.#resampler = null;
  }

  #keep(samples: Float32Array): void {
    this.#length += samples.length;
    if (this.#length > this.#most) throw new RangeError('longer than allowed');
    if (samples.length > 0) this.#parts.push(samples);
  }
}

function mix(channels: readonly Float32Array[], length: number): Float32Array {
  const mono = new Float32Array(length);
  for (const channel of channels) {
    for (let index = 0; index < length; index++) mono[index] = (mono[index] ?? 0) + (channel[index] ?? 0);
  }
  if (channels.length > 1)
    for (let index = 0; index < length; index++) mono[index] = (mono[index] ?? 0) / channels.length;
  return mono;
}
