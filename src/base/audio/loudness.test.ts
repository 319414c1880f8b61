import { expect, test } from 'vitest';
import { peak, rmsInDbfs, SILENCE_IN_DBFS } from './loudness.ts';

test('a full-scale sine is 3 dB below a full-scale square wave', () => {
  const sine = Float32Array.from({ length: 16_000 }, (_, index) => Math.sin((2 * Math.PI * 100 * index) / 16_000));
  expect(rmsInDbfs(sine)).toBeCloseTo(-3.01, 2);
  expect(rmsInDbfs(Float32Array.of(1, -1, 1))).toBe(0);
  expect(rmsInDbfs(sine.map((sample) => sample / 10))).toBeCloseTo(-23.01, 2);
});

test('silence has a level too', () => {
  expect(rmsInDbfs(new Float32Array(8))).toBe(SILENCE_IN_DBFS);
  expect(rmsInDbfs(new Float32Array(0))).toBe(SILENCE_IN_DBFS);
});

test('the peak is the largest sample of either sign', () => {
  expect(peak(Float32Array.of(0.25, -0.5, 0.125))).toBe(0.5);
  expect(peak(new Float32Array(0))).toBe(0);
});
