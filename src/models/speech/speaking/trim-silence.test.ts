import { describe, expect, test } from 'vitest';
import { trimSilence } from './trim-silence.ts';

const RATE = 24_000;

/** So many seconds of a 200 Hz tone; `level` 0 is silence, with the faint hiss that models leave there. */
function sound(seconds: number, level: number): number[] {
  return Array.from(
    { length: Math.round(seconds * RATE) },
    (_, index) => level * Math.sin((2 * Math.PI * 200 * index) / RATE) + (index % 2 === 0 ? 1e-4 : -1e-4),
  );
}

function seconds(samples: Float32Array): number {
  return samples.length / RATE;
}

describe('trimming', () => {
  test('leaves some 40 ms on each side of the sound', () => {
    const spoken = Float32Array.from([...sound(0.41, 0), ...sound(0.8, 0.4), ...sound(1, 0)]);
    expect(seconds(trimSilence(spoken, RATE))).toBeCloseTo(0.88, 2);
  });

  test('keeps pauses inside, and a quiet onset', () => {
    const spoken = Float32Array.from([
      ...sound(0.4, 0),
      ...sound(0.1, 0.01),
      ...sound(0.3, 0.4),
      ...sound(0.5, 0),
      ...sound(0.3, 0.4),
    ]);
    expect(seconds(trimSilence(spoken, RATE))).toBeCloseTo(0.1 + 0.3 + 0.5 + 0.3 + 0.04, 2);
  });

  test('never makes sound longer, and leaves the input as it was', () => {
    const spoken = Float32Array.from(sound(0.3, 0.4));
    const before = spoken.slice();
    expect(trimSilence(spoken, RATE).length).toBe(spoken.length);
    expect(spoken).toEqual(before);
  });

  test('begins and ends without a click', () => {
    const trimmed = trimSilence(
      Float32Array.from({ length: 4_800 }, () => 0.5),
      RATE,
    );
    expect(Math.abs(trimmed[0] ?? 1)).toBeLessThan(0.01);
    expect(Math.abs(trimmed.at(-1) ?? 1)).toBeLessThan(0.01);
  });

  test.each([0, 3, 24_000])('of %d silent samples nothing is left', (length) => {
    expect(trimSilence(new Float32Array(length), RATE).length).toBe(0);
  });
});
