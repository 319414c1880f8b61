import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidInputError } from '../errors.ts';
import { rmsInDbfs } from './loudness.ts';
import { resample, Resampler } from './resampler.ts';

const rate = fc.constantFrom(8_000, 16_000, 22_050, 24_000, 44_100, 48_000);

function sine(frequency: number, sampleRate: number, seconds = 0.5): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * sampleRate) },
    (_, index) => 0.5 * Math.sin((2 * Math.PI * frequency * index) / sampleRate),
  );
}

/** Without the ends, where the silence outside is heard. */
function middle(samples: Float32Array): Float32Array {
  return samples.slice(Math.floor(samples.length * 0.2), Math.floor(samples.length * 0.8));
}

describe('resampling', () => {
  test('a sine keeps its frequency, phase and level', () => {
    fc.assert(
      fc.property(rate, rate, fc.double({ min: 0.02, max: 0.8, noNaN: true }), (from, to, share) => {
        const frequency = (share * Math.min(from, to)) / 2;
        const made = resample(sine(frequency, from), { from, to });
        const wanted = sine(frequency, to);
        expect(Math.abs(made.length - wanted.length)).toBeLessThanOrEqual(1);
        const heard = middle(wanted);
        const error = middle(made).map((sample, index) => sample - (heard[index] ?? 0));
        expect(rmsInDbfs(error)).toBeLessThan(-65);
      }),
      { numRuns: 40 },
    );
  });

  test('what the lower rate cannot hold is at least 60 dB down', () => {
    for (const [from, to] of [
      [48_000, 16_000],
      [44_100, 16_000],
      [24_000, 16_000],
      [22_050, 16_000],
      [48_000, 24_000],
    ] as const) {
      for (const frequency of [to / 2 + 50, to * 0.6, from / 2 - 500].filter((hertz) => hertz < from / 2)) {
        const loud = sine(frequency, from);
        expect(rmsInDbfs(middle(resample(loud, { from, to }))) - rmsInDbfs(loud)).toBeLessThan(-60);
      }
    }
  });

  test('does not depend on how the stream was cut', () => {
    fc.assert(
      fc.property(
        rate,
        rate,
        fc.array(fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { maxLength: 300 }), { maxLength: 8 }),
        (from, to, pieces) => {
          const resampler = new Resampler({ from, to });
          const streamed = pieces.flatMap((piece) => [...resampler.push(Float32Array.from(piece))]);
          streamed.push(...resampler.end());
          const whole = resample(Float32Array.from(pieces.flat()), { from, to });
          expect(streamed).toEqual([...whole]);
          expect(whole.length).toBe(Math.ceil((pieces.flat().length * to) / from));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('rates without a common divisor keep level and time', () => {
    const made = resample(sine(1_000, 44_101), { from: 44_101, to: 16_000 });
    const wanted = middle(sine(1_000, 16_000));
    const error = middle(made).map((sample, index) => sample - (wanted[index] ?? 0));
    expect(rmsInDbfs(error)).toBeLessThan(-60);
  });

  test('a constant stays constant', () => {
    const made = resample(new Float32Array(4_000).fill(0.25), { from: 22_050, to: 24_000 });
    expect(Math.max(...middle(made))).toBeCloseTo(0.25, 6);
    expect(Math.min(...middle(made))).toBeCloseTo(0.25, 6);
  });

  test('begins anew after its end', () => {
    const resampler = new Resampler({ from: 16_000, to: 24_000 });
    const input = sine(440, 16_000, 0.05);
    const first = [...resampler.push(input), ...resampler.end()];
    expect([...resampler.push(input), ...resampler.end()]).toEqual(first);
  });

  test.each([0, -1, 16_000.5, Number.NaN, 1e9])('refuses %d Hz', (from) => {
    expect(() => new Resampler({ from, to: 16_000 })).toThrow(InvalidInputError);
  });
});
