import { expect, test } from 'vitest';
import { RealFourierTransform } from './fourier-transform.ts';

/** The definition, with nothing clever in it. */
function directPower(signal: Float64Array): number[] {
  return Array.from({ length: signal.length / 2 + 1 }, (_, bin) => {
    let [real, imaginary] = [0, 0];
    signal.forEach((sample, index) => {
      real += sample * Math.cos((2 * Math.PI * bin * index) / signal.length);
      imaginary -= sample * Math.sin((2 * Math.PI * bin * index) / signal.length);
    });
    return real ** 2 + imaginary ** 2;
  });
}

test.each([2, 4, 12, 64, 90, 400, 512])('the power spectrum of %i real samples is the definition of it', (length) => {
  const signal = Float64Array.from({ length }, (_, index) => Math.sin(index * index * 0.7) + 0.2 * index);
  const power = new Float64Array(length / 2 + 1);
  const transform = new RealFourierTransform(length);
  for (const scale of [1, 0.5]) {
    const scaled = signal.map((sample) => sample * scale);
    transform.power(scaled, power);
    const expected = directPower(scaled);
    const largest = Math.max(...expected);
    expected.forEach((value, bin) =>
      expect(Math.abs((power[bin] ?? 0) - value)).toBeLessThan(1e-12 * largest * length),
    );
  }
});

test('a length with a large prime is refused', () => {
  expect(() => new RealFourierTransform(14)).toThrow('14 real samples');
});
