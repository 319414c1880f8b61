import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isEndless } from './endless.ts';

const tokensOf = (most: number) => fc.array(fc.integer({ min: 0, max: 50_000 }), { minLength: 1, maxLength: most });

test('a piece that is said over and over is endless soon after its 320th token', () => {
  fc.assert(
    fc.property(tokensOf(40), tokensOf(64), (before, piece) => {
      const tokens = [...before];
      while (!isEndless(tokens)) {
        tokens.push(piece[(tokens.length - before.length) % piece.length] ?? 0);
        if (tokens.length > before.length + 320 + 16) return false;
      }
      return tokens.length >= 320;
    }),
  );
});

test('what changes goes on, also where much of it is the same', () => {
  const counted = Array.from({ length: 2000 }, (_, at) => (at % 20 === 0 ? 10_000 + at : at % 20));
  const list = counted.flatMap((_, at) => (isEndless(counted.slice(0, at)) ? [at] : []));
  expect(list).toEqual([]);
});
