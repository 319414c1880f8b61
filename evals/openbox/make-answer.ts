import { encodeWav } from '../../src/base/audio/wav.ts';
import { wordsAnswer, type Answer } from '../../src/features/platform/openbox/answer.ts';
import type { WrittenAnswer } from '../../src/features/platform/openbox/task.ts';

type Sound = NonNullable<WrittenAnswer['audio']>;

/** The answer that a server would have sent, made from one that was written by hand. */
export function makeAnswer({ text, toolCalls = [], finishReason, audio }: WrittenAnswer): Answer {
  return {
    ...wordsAnswer,
    text: text ?? '',
    toolCalls: toolCalls.map((call) => ({ name: call.name, arguments: JSON.stringify(call.arguments) })),
    finishReason: finishReason ?? 'stop',
    audio: audio ? { bytes: makeSound(audio), contentType: `audio/${audio.format}` } : null,
  };
}

const SPEECH_RATE = 24_000;

function makeSound({ format, seconds, level }: Sound): Uint8Array {
  const amplitude = 10 ** (level / 20) * Math.SQRT2;
  const samples = Float32Array.from(
    { length: Math.round(seconds * SPEECH_RATE) },
    (_, index) => amplitude * Math.sin((2 * Math.PI * 220 * index) / SPEECH_RATE),
  );
  const wav = encodeWav({ samples, sampleRate: SPEECH_RATE });
  switch (format) {
    case 'wav':
      return wav;
    case 'pcm':
      return wav.subarray(44);
    case 'mp3':
      return silentMp3(seconds);
    case 'flac':
      return flacHead(seconds);
    default:
      return opusPages(seconds);
  }
}

/** MPEG 1 layer III, 128 kbit/s at 44.1 kHz: frames of 417 bytes and 1152 samples. */
function silentMp3(seconds: number): Uint8Array {
  const frames = Math.round((seconds * 44_100) / 1152);
  const bytes = new Uint8Array(frames * 417);
  for (let frame = 0; frame < frames; frame += 1) bytes.set([0xff, 0xfb, 0x90, 0x00], frame * 417);
  return bytes;
}

function flacHead(seconds: number): Uint8Array {
  const bytes = new Uint8Array(42);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode('fLaC'));
  view.setUint32(18, SPEECH_RATE << 12);
  view.setUint32(22, Math.round(seconds * SPEECH_RATE));
  return bytes;
}

function opusPages(seconds: number): Uint8Array {
  const bytes = new Uint8Array(28 + 19 + 28);
  const view = new DataView(bytes.buffer);
  const text = new TextEncoder();
  bytes.set(text.encode('OggS'));
  bytes.set(text.encode('OpusHead'), 28);
  bytes.set(text.encode('OggS'), 47);
  view.setBigInt64(47 + 6, BigInt(Math.round(seconds * 48_000)), true);
  return bytes;
}
