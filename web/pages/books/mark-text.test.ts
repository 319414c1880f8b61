import { expect, test } from 'vitest';
import { markText } from './mark-text.ts';

const shown = (text: string, ...places: [number, number][]) =>
  markText(
    text,
    places.map(([start, end]) => ({ start, end })),
  )
    .map(({ text: run, marked }) => (marked ? `[${run}]` : run))
    .join('|');

test('marks places in any order', () => {
  expect(shown('lamp by the sea')).toBe('lamp by the sea');
  expect(shown('lamp by the sea', [12, 15], [0, 4])).toBe('[lamp]| by the |[sea]');
});

test('places that overlap, touch, repeat or run out of the text make no double', () => {
  expect(shown('abcdef', [3, 9], [0, 2], [1, 3], [1, 2])).toBe('[abcdef]');
  expect(shown('abcdef', [2, 4], [3, 5])).toBe('ab|[cde]|f');
  expect(shown('abc', [5, 9])).toBe('abc');
});
