import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutPieces } from './cut-pieces.ts';

const second = 16_000;

/** Loud but for pauses of a quarter of a second that begin at these times. */
function talk(seconds: number, pauses: readonly number[]): Int16Array {
  const samples = Int16Array.from({ length: seconds * second }, (_, index) => (index % 2 === 0 ? 9000 : -9000));
  for (const pause of pauses) samples.fill(20, pause * second, (pause + 0.25) * second);
  return samples;
}

test('what fits stays whole, and nothing becomes one empty piece', () => {
  const samples = talk(15, []);
  expect(cutPieces(samples, { from: 8, to: 15 })).toEqual([samples]);
  expect(cutPieces(new Int16Array(0), { from: 8, to: 15 })).toEqual([new Int16Array(0)]);
});

test('cuts fall into pauses', () => {
  const pieces = cutPieces(talk(40, [3, 11, 22, 33]), { from: 8, to: 15 });
  const ends = pieces.reduce<number[]>((found, piece) => [...found, (found.at(-1) ?? 0) + piece.length / second], []);
  expect(ends).toHaveLength(4);
  [11.125, 22.125, 33.125].forEach((middle, index) => expect(Math.abs((ends[index] ?? 0) - middle)).toBeLessThan(0.05));
});

test('audio that grows is cut at the same places', () => {
  const samples = talk(50, [9, 20, 31]);
  const [first, second_] = [
    cutPieces(samples.subarray(0, 30 * second), { from: 8, to: 15 }),
    cutPieces(samples, { from: 8, to: 15 }),
  ];
  expect(first.slice(0, -1).map((piece) => piece.length)).toEqual(
    second_.slice(0, first.length - 1).map((piece) => piece.length),
  );
});

test('pieces joined are the audio, and none is longer than allowed', () => {
  const audio = fc.int16Array({ minLength: 0, maxLength: 4000 });
  fc.assert(
    fc.property(audio, fc.integer({ min: 1, max: 40 }), (seed, repeats) => {
      const samples = Int16Array.from({ length: seed.length * repeats }, (_, index) => seed[index % seed.length] ?? 0);
      const pieces = cutPieces(samples, { from: 1, to: 2 });
      expect(pieces.every((piece) => piece.length <= 2 * second)).toBe(true);
      expect(pieces.reduce((sum, piece) => sum + piece.length, 0)).toBe(samples.length);
    }),
    { numRuns: 60 },
  );
});
