import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationOf, fromTones, toTones } from './spoken-tones.ts';

test('words survive being spoken, at every speed and sample rate', () => {
  const words = fc.array(fc.constantFrom('tea', 'rain,', '雨', 'ooo', '0000', 'Yes.', '你好！', 'ï'), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(
      words,
      fc.constantFrom(16_000, 24_000, 48_000),
      fc.constantFrom(0.5, 1, 1.6),
      (list, sampleRate, speed) => {
        const text = list.join(' ');
        const samples = toTones(text, { sampleRate, speed });
        expect(samples.length / sampleRate).toBeCloseTo(durationOf(text, speed) / 1000, 1);
        expect(fromTones(samples, sampleRate)).toBe(text);
      },
    ),
    { numRuns: 40 },
  );
});

test('silence before and between is no word, noise is none either', () => {
  const quiet = new Float32Array(8000);
  const one = toTones('hello there', { sampleRate: 16_000, speed: 1 });
  const two = toTones('friend', { sampleRate: 16_000, speed: 1 });
  const samples = Float32Array.of(...quiet, ...one, ...quiet, ...two, ...quiet);
  expect(fromTones(samples, 16_000)).toBe('hello there friend');
  let seed = 1;
  const noise = Float32Array.from({ length: 16_000 }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return (seed / 2_147_483_647) * 0.4 - 0.2;
  });
  expect(fromTones(noise, 16_000)).toBe('');
  expect(fromTones(quiet, 16_000)).toBe('');
});

test('of a sound that was cut off the words before the cut are understood', () => {
  const samples = toTones('now 你好', { sampleRate: 16_000, speed: 1 });
  expect(fromTones(samples.subarray(0, Math.floor(samples.length * 0.8)), 16_000)).toBe('now 你');
});
