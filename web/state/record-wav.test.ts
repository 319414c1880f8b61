import { expect, test } from 'vitest';
import { decodeWav } from '../../src/base/audio/wav.ts';
import { encodeWav } from './record-wav.ts';
import { toBase64 } from './to-base64.ts';

test('a recording is a WAV file that the server reads, loud samples clipped', () => {
  const samples = Float32Array.from([0, 0.5, -0.5, 2, -2]);
  const bytes = encodeWav(samples);
  const read = decodeWav(Uint8Array.from(Buffer.from(toBase64(bytes), 'base64')));
  expect(read.sampleRate).toBe(24_000);
  expect(Array.from(read.samples, (sample) => Math.round(sample * 100) / 100)).toEqual([0, 0.5, -0.5, 1, -1]);
});

test('long files have no limit of arguments', () => {
  const bytes = new Uint8Array(300_001).fill(7);
  expect(Buffer.from(toBase64(bytes), 'base64').equals(Buffer.from(bytes))).toBe(true);
});
