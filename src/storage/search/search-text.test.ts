import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toSearchPhrases, toSearchText } from './search-text.ts';

test.each([
  ['Coffee, please!', 'coffee please'],
  ['今天的咖啡很好', '今 天 的 咖 啡 很 好'],
  ['用Node写', '用 node 写'],
  ['ＦＵＬＬ　ｗｉｄｔｈ', 'full width'],
  ['Café CAFÉ cafe\u0301', 'cafe cafe cafe'],
  ['가나', '가 나'],
  ['が', 'が'],
  ['don’t', 'don t'],
  ['☕🎉', ''],
  ['\ud83d', ''],
])('%s is indexed as “%s”', (text, indexed) => {
  expect(toSearchText(text)).toBe(indexed);
});

test('each typed word is a phrase, and no more than twelve count', () => {
  expect(toSearchPhrases('  咖啡 Good-bye ☕ ')).toEqual([
    ['咖', '啡'],
    ['good', 'bye'],
  ]);
  expect(toSearchPhrases('a '.repeat(40))).toHaveLength(12);
});

test('whatever is written, the index gets plain words, and the same again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const indexed = toSearchText(text);
      expect(indexed).toMatch(/^(?:[\p{L}\p{N}\p{M}]+(?: [\p{L}\p{N}\p{M}]+)*)?$/u);
      expect(toSearchText(indexed)).toBe(indexed);
    }),
  );
});

test('a word cut from a text is found in it as typed', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('咖', '啡', '店', 'ka', 'Fé', 'の', '가', ' ', '，')), (pieces) => {
      const text = pieces.join('');
      for (let start = 0; start < pieces.length; start += 1) {
        const piece = pieces[start]!;
        const phrase = toSearchPhrases(piece)[0];
        if (!phrase || /[a-z]/i.test(piece)) continue; // inside a spaced word only its beginning is found
        expect(` ${toSearchText(text)} `).toContain(` ${phrase.join(' ')} `);
      }
    }),
  );
});
