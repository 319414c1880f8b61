import { expect, test } from 'vitest';
import { pauseAfter } from './clause-pause.ts';

test('a paragraph is a longer pause than a sentence, a sentence than a comma, a comma than none', () => {
  const pauses = ['It was late.\n\n', 'It was late. ', 'It was late, ', 'it was '].map(pauseAfter);
  expect(pauses).toEqual(pauses.toSorted((one, other) => other - one));
  expect(new Set(pauses).size).toBe(4);
});

test.each(['“Come in.” ', '“进来。”', 'Really?* '])('%s ends a sentence behind its marks', (text) => {
  expect(pauseAfter(text)).toBe(pauseAfter('.'));
});
