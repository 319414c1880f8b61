import { expect, test } from 'vitest';
import { countWords } from './count-words.ts';

test.each([
  ['', 0],
  ['You rowed here, in *this*?', 5],
  ['don’t stop', 2],
  ['今晚的姜茶', 5],
  ['用Node写 3 行', 5],
  ['…—!?', 0],
  ['naïve cafe\u0301', 2],
])('“%s” has %i words', (text, count) => {
  expect(countWords(text)).toBe(count);
});
