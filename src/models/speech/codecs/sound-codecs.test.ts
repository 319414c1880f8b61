import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { soundKindOf } from './decode-sound.ts';
import { createSoundEncoder, encodeSound, type SoundFormat } from './sound-encoder.ts';
import { SoundReader } from './sound-reader.ts';

const RATE = 24_000;
let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'everwith-sound-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Half a second of 440 Hz, half a second of 880 Hz. */
const sound = Float32Array.from({ length: RATE }, (_, index) => {
  const hertz = index < RATE / 2 ? 440 : 880;
  return 0.5 * Math.sin((2 * Math.PI * hertz * index) / RATE);
});

/** Zero crossings of a part, as hertz. */
function pitchOf(samples: Float32Array, from: number, to: number): number {
  let crossings = 0;
  for (let index = from + 1; index < to; index++) {
    if ((samples[index - 1] ?? 0) < 0 && (samples[index] ?? 0) >= 0) crossings += 1;
  }
  return crossings / ((to - from) / 16_000);
}

test.each<[SoundFormat, string]>([
  ['mp3', 'mp3'],
  ['opus', 'ogg-opus'],
  ['flac', 'flac'],
  ['wav', 'wav'],
])('what is written as %s is read again: length, level and pitch', async (format, kind) => {
  const bytes = await encodeSound(sound, { format, sampleRate: RATE });
  expect(soundKindOf(bytes)).toBe(kind);
  const reader = new SoundReader({ folder, searchPath: '' });
  const samples = await reader.read(bytes, { maxSeconds: 60, signal: new AbortController().signal });
  expect(samples.length / 16_000).toBeGreaterThan(0.99);
  expect(samples.length / 16_000).toBeLessThan(1.1);
  // A lossy encoder may begin up to a frame of MP3 later.
  expect(pitchOf(samples, 2400, 6400)).toBeCloseTo(440, -1.3);
  expect(pitchOf(samples, 10_400, 14_400)).toBeCloseTo(880, -1.3);
  expect(Math.max(...samples.subarray(2400, 14_400))).toBeGreaterThan(0.4);
});

test('sound in small pieces makes the same file as in one', async () => {
  const encoder = await createSoundEncoder('opus', RATE);
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < sound.length; start += 1000) {
    pieces.push(encoder.push(Int16Array.from(sound.subarray(start, start + 1000), (value) => value * 32_767)));
  }
  const bytes = Buffer.concat([...pieces, encoder.end()]);
  const samples = await new SoundReader({ folder, searchPath: '' }).read(bytes, {
    maxSeconds: 60,
    signal: new AbortController().signal,
  });
  expect(samples.length / 16_000).toBeCloseTo(1, 1);
});

test('what is no sound, damaged or too long is told apart', async () => {
  const reader = new SoundReader({ folder, searchPath: '' });
  const { signal } = new AbortController();
  await expect(reader.read(Buffer.from('not a sound at all'), { maxSeconds: 60, signal })).rejects.toMatchObject({
    code: 'audio-unknown',
  });
  const damaged = Buffer.concat([Buffer.from('fLaC'), Buffer.alloc(500, 7)]);
  await expect(reader.read(damaged, { maxSeconds: 60, signal })).rejects.toMatchObject({ code: 'audio-damaged' });
  const long = await encodeSound(sound, { format: 'mp3', sampleRate: RATE });
  await expect(reader.read(long, { maxSeconds: 0.5, signal })).rejects.toMatchObject({ code: 'audio-too-long' });
});
