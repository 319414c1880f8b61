import { describe, expect, test } from 'vitest';
import { Resampler } from './resampler.ts';

const tone = (hertz: number, rate: number, seconds: number) =>
  Float32Array.from({ length: rate * seconds }, (_, index) => Math.sin((2 * Math.PI * hertz * index) / rate));

function resample(input: Float32Array, from: number, to: number, piece: number): number[] {
  const resampler = new Resampler({ from, to });
  const output: number[] = [];
  for (let at = 0; at < input.length; at += piece) output.push(...resampler.process(input.subarray(at, at + piece)));
  return output;
}

const level = (samples: readonly number[]) =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

describe('a stream at another rate', () => {
  test.each([
    [48_000, 16_000],
    [48_000, 24_000],
    [44_100, 16_000],
    [44_100, 24_000],
    [24_000, 48_000],
    [24_000, 44_100],
    [16_000, 48_000],
  ])('%i to %i keeps the length and the loudness of a voice', (from, to) => {
    const output = resample(tone(1000, from, 1), from, to, 128);
    expect(Math.abs(output.length - to)).toBeLessThan(to / 100);
    expect(level(output.slice(to / 10, -to / 10))).toBeCloseTo(Math.SQRT1_2, 2);
  });

  test.each([
    [48_000, 16_000],
    [44_100, 16_000],
  ])('%i to %i lets nothing fold back', (from, to) => {
    const output = resample(tone(11_000, from, 1), from, to, 128);
    expect(level(output.slice(to / 10))).toBeLessThan(0.001);
  });

  test('does not depend on how it is cut', () => {
    const input = tone(440, 48_000, 0.3);
    const whole = resample(input, 48_000, 16_000, input.length);
    const pieces = resample(input, 48_000, 16_000, 37);
    expect(pieces.length).toBe(whole.length);
    expect(pieces).toEqual(whole);
  });

  test('leaves a constant a constant', () => {
    const output = resample(new Float32Array(4800).fill(0.5), 44_100, 24_000, 128);
    for (const sample of output.slice(400)) expect(sample).toBeCloseTo(0.5, 5);
  });
});
