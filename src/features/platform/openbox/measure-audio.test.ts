import { expect, test } from 'vitest';
import { encodeWav } from '../../../base/audio/wav.ts';
import { measureAudio } from './measure-audio.ts';

const sine = (seconds: number, amplitude: number) =>
  encodeWav({
    samples: Float32Array.from({ length: seconds * 24_000 }, (_, index) => amplitude * Math.sin(index / 20)),
    sampleRate: 24_000,
  });

test('WAV and PCM: length, level and clipping', () => {
  const wav = measureAudio(sine(2, 0.1), 'wav');
  expect(wav?.seconds).toBeCloseTo(2, 5);
  // A sine of 0.1 has an RMS of 0.0707, which is -23 dBFS.
  expect(wav?.level).toBeCloseTo(-23, 0);
  expect(wav?.clipped).toBe(0);
  expect(measureAudio(sine(2, 3), 'wav')?.clipped).toBeGreaterThan(0.3);
  expect(measureAudio(sine(2, 0.1).subarray(44), 'pcm')?.seconds).toBeCloseTo(2, 5);
  expect(measureAudio(sine(1, 0), 'wav')?.level).toBeLessThan(-100);
});

test('MP3: frames are added up, behind a tag too', () => {
  const frame = new Uint8Array(417);
  frame.set([0xff, 0xfb, 0x90, 0x00]);
  const tag = [0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 10, ...Array.from({ length: 10 }, () => 0)];
  const bytes = Uint8Array.from([...tag, ...frame, ...frame, ...frame]);
  expect(measureAudio(bytes, 'mp3')?.seconds).toBeCloseTo((3 * 1152) / 44_100, 6);
  // MPEG 2, 64 kbit/s at 24 kHz: 576 samples in 192 bytes.
  const half = new Uint8Array(384);
  half.set([0xff, 0xf3, 0x84, 0x00]);
  half.set([0xff, 0xf3, 0x84, 0x00], 192);
  expect(measureAudio(half, 'mp3')?.seconds).toBeCloseTo((2 * 576) / 24_000, 6);
});

test('another format under a name is found out', () => {
  const wav = sine(1, 0.1);
  for (const format of ['pcm', 'mp3', 'flac', 'opus'] as const) expect(measureAudio(wav, format)).toBeNull();
  expect(measureAudio(new TextEncoder().encode('{"error":1}'), 'wav')).toBeNull();
  expect(measureAudio(new Uint8Array(0), 'mp3')).toBeNull();
  expect(measureAudio(new Uint8Array(3), 'pcm')).toBeNull();
});
