import { expect, test } from 'vitest';
import { markWords } from './mark-words.ts';

const marked = (text: string, words: string[]) =>
  markWords(text, words)
    .map((piece) => (piece.found ? `[${piece.text}]` : piece.text))
    .join('');

test('marks whole words from their stem on, and nothing inside a word', () => {
  expect(marked('She moved to Porto; nobody removed it.', ['move', 'porto'])).toBe(
    'She [moved] to [Porto]; nobody removed it.',
  );
});

test('joins pairs of Chinese characters that overlap or stand beside each other', () => {
  expect(marked('我们搬到波尔图了', ['搬到', '波尔', '尔图'])).toBe('我们[搬到波尔图]了');
  expect(marked('猫在北京', ['猫', '北京'])).toBe('[猫]在[北京]');
});

test('takes signs of a query as they are', () => {
  expect(marked('a (b) c+ [d]', ['(b)', 'c+', '[d]'])).toBe('a [(b)] [c+] [[d]]');
  expect(marked('as it is', ['', '  '])).toBe('as it is');
});

test('loses nothing of the text', () => {
  const text = 'Porto, porto, PORTO and 波尔图';
  expect(
    markWords(text, ['porto', '波尔'])
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text);
});
