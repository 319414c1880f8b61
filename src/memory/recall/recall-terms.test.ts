import fc from 'fast-check';
import { expect, test } from 'vitest';
import { processorTimeInMs } from '../../../tests/support/processor-time.ts';
import { recallTerms } from './recall-terms.ts';

const termsOf = (text: string) => new Set(recallTerms(text).map(({ term }) => term));

/** True when every term of the query stands in the text. */
function has(text: string, query: string): boolean {
  const there = termsOf(text);
  return [...termsOf(query)].every((term) => there.has(term));
}

test.each([
  ['我在中国科学院工作', '科学'],
  ['我們去看醫生', '医生'],
  ['邻居家的猫生了', '猫'],
  ['서울에 갔어요', '서울'],
  ['이번 주말에 서울에서', '서울에'],
  ['私のがっこう', 'が'],
  ['东京タワーに行った', 'タワー'],
  ['用Node写的服务器', 'node'],
  ['ＦＵＬＬ　ｗｉｄｔｈ', 'full width'],
  ['The café was closed', 'Cafe'],
  ['She bought two puppies', 'buy 2 puppy'],
  ['We went swimming with the children', 'goes swim child'],
  ['the photos of pups', 'picture of a dog'],
  ['adopted last year', 'adoption'],
  ['room 007', '7'],
])('“%s” has the terms of “%s”', (text, query) => {
  expect(termsOf(query)).not.toEqual(new Set());
  expect(has(text, query)).toBe(true);
});

test.each([
  ['a universal remedy', 'dog'],
  ['科学院', '学校'],
  ['what is it that you want to do with them', 'dog'],
])('“%s” lacks terms of “%s”', (text, query) => {
  expect(has(text, query)).toBe(false);
});

test('words of the same meaning count beside the words themselves, and questions are not looked for', () => {
  expect(recallTerms('老爸哪天来').filter(({ kind }) => kind !== 'grammar')).toEqual([
    { term: '老爸', start: 0, end: 2, kind: 'bigram' },
    { term: '老', start: 0, end: 1, kind: 'character' },
    { term: '爸哪', start: 1, end: 3, kind: 'bigram' },
    { term: '爸', start: 1, end: 2, kind: 'character' },
    { term: '天来', start: 3, end: 5, kind: 'bigram' },
    { term: '天', start: 3, end: 4, kind: 'character' },
    { term: '=爸爸', start: 0, end: 2, kind: 'concept' },
  ]);
});

test('stop words and the grammar of Chinese give no terms of their own', () => {
  expect(recallTerms('What would you have been doing?')).toEqual([]);
  expect(recallTerms('的了').map(({ kind }) => kind)).toEqual(['grammar', 'grammar']);
});

test('offsets say where a term stands', () => {
  expect(recallTerms('My two hens')).toEqual([
    { term: '2', start: 3, end: 6, kind: 'number' },
    { term: 'hen', start: 7, end: 11, kind: 'word' },
  ]);
  expect(recallTerms('黑獭')).toEqual([
    { term: '黑獭', start: 0, end: 2, kind: 'bigram' },
    { term: '黑', start: 0, end: 1, kind: 'character' },
    { term: '獭', start: 1, end: 2, kind: 'character' },
  ]);
});

test('whatever is written, terms are bounded and never empty', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      for (const { term, start, end } of recallTerms(text)) {
        expect(term.length).toBeGreaterThan(0);
        expect(term.length).toBeLessThanOrEqual(41);
        expect(end).toBeGreaterThan(start);
      }
    }),
  );
});

test('a million characters are read in time, and only the first of them', async () => {
  const spentInMs = await processorTimeInMs(() => {
    expect(recallTerms('a'.repeat(1_000_000)).length).toBe(1);
    expect(recallTerms('獭'.repeat(1_000_000)).length).toBe(39_999);
  });
  expect(spentInMs).toBeLessThan(2_000);
});
