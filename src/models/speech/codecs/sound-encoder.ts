import flac from '@audio/encode-flac';
import opus from '@audio/encode-opus';
import { floatToPcm16, pcm16Bytes, pcm16ToFloat } from '../../../base/audio/pcm16.ts';
import { Resampler } from '../../../base/audio/resampler.ts';
import { openWavHeader } from '../../../base/audio/wav.ts';
import { MP3_RATE, Mp3Encoder } from './mp3/mp3-encoder.ts';

/** What sound is sent as. */
export type SoundFormat = 'mp3' | 'opus' | 'flac' | 'wav' | 'pcm';

export const SOUND_TYPES: Readonly<Record<SoundFormat, string>> = {
  mp3: 'audio/mpeg',
  opus: 'audio/ogg',
  flac: 'audio/flac',
  wav: 'audio/wav',
  pcm: 'audio/pcm',
};

/** Turns mono PCM16 into bytes of a format while it is made. */
export interface SoundEncoder {
  push(samples: Int16Array): Uint8Array;
  /** What was held back, and the end of the file. */
  end(): Uint8Array;
}

/** Speech in mono: above this nobody hears a difference. Kilobits per second. */
const OPUS_KBPS = 32;
const OPUS_RATE = 48_000;
/**
 * The encoder's file says that players drop 80 ms at its beginning, of which libopus itself makes 6.5 ms (312 samples of
 * 48 kHz): so much silence goes before the sound and behind it that none of the sound is dropped (RFC 7845 §4.2).
 */
const OPUS_DROPPED = 3840;
const OPUS_DELAY = 312;

const ENCODERS: Readonly<Record<SoundFormat, (sampleRate: number) => SoundEncoder | Promise<SoundEncoder>>> = {
  pcm: () => ({ push: pcm16Bytes, end: () => new Uint8Array(0) }),
  wav: wavEncoder,
  mp3: mp3Encoder,
  flac: async (sampleRate) => floatEncoder(await flac({ sampleRate, channels: 1 })),
  opus: opusEncoder,
};

/** `sampleRate`: of what is pushed. Opus is always 48 kHz, MP3 24 kHz, all others keep the rate. */
export async function createSoundEncoder(format: SoundFormat, sampleRate: number): Promise<SoundEncoder> {
  return ENCODERS[format](sampleRate);
}

function wavEncoder(sampleRate: number): SoundEncoder {
  let header = openWavHeader(sampleRate);
  const take = (bytes: Uint8Array): Uint8Array => {
    const joined = Buffer.concat([header, bytes]);
    header = new Uint8Array(0);
    return joined;
  };
  return { push: (samples) => take(pcm16Bytes(samples)), end: () => take(new Uint8Array(0)) };
}

interface FloatEncoder {
  encode(channels: Float32Array[]): Uint8Array;
  flush(): Uint8Array;
  free(): void;
}

function floatEncoder(encoder: FloatEncoder): SoundEncoder {
  return {
    // The encoders hand out views of memory that they write to again.
    push: (samples) => encoder.encode([pcm16ToFloat(samples)]).slice(),
    end: () => {
      const last = encoder.flush().slice();
      encoder.free();
      return last;
    },
  };
}

function mp3Encoder(sampleRate: number): SoundEncoder {
  const encoder = new Mp3Encoder();
  const resampler = sampleRate === MP3_RATE ? null : new Resampler({ from: sampleRate, to: MP3_RATE });
  return {
    push: (samples) => encoder.push(resampler ? resampler.push(pcm16ToFloat(samples)) : pcm16ToFloat(samples)),
    end: () => Buffer.concat([encoder.push(resampler?.end() ?? new Float32Array(0)), encoder.end()]),
  };
}

async function opusEncoder(sampleRate: number): Promise<SoundEncoder> {
  const encoder = await opus({ sampleRate: OPUS_RATE, channels: 1, bitrate: OPUS_KBPS, application: 'voip' });
  const resampler = sampleRate === OPUS_RATE ? null : new Resampler({ from: sampleRate, to: OPUS_RATE });
  let before = new Float32Array(OPUS_DROPPED - OPUS_DELAY);
  const encode = (samples: Float32Array): Uint8Array => {
    const joined = new Float32Array(before.length + samples.length);
    joined.set(before);
    joined.set(samples, before.length);
    before = new Float32Array(0);
    return encoder.encode([joined]).slice();
  };
  return {
    push: (samples) => encode(resampler ? resampler.push(pcm16ToFloat(samples)) : pcm16ToFloat(samples)),
    end: () => {
      const rest = resampler?.end() ?? new Float32Array(0);
      const last = encode(Float32Array.from([...rest, ...new Float32Array(OPUS_DELAY)]));
      const end = encoder.flush().slice();
      encoder.free();
      return Buffer.concat([last, end]);
    },
  };
}

/** Whole sound in a format. */
export async function encodeSound(
  samples: Float32Array,
  { format, sampleRate }: { format: SoundFormat; sampleRate: number },
): Promise<Uint8Array> {
  const encoder = await createSoundEncoder(format, sampleRate);
  return Buffer.concat([encoder.push(floatToPcm16(samples)), encoder.end()]);
}
