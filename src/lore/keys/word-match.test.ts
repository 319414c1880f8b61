import { expect, test } from 'vitest';
import { prepareText, standsAsAsciiWord, standsIn, type WordRule } from './word-match.ts';

function finds(text: string, key: string, rule: WordRule = 'boundary', foldAccents = false): boolean {
  const form = { caseSensitive: false, foldAccents };
  return standsIn(prepareText(text, form), prepareText(key, form), rule);
}

test.each([
  ['Latin', 'a cat sat', 'cat', true],
  ['Latin, inside of a word', 'concatenate', 'cat', false],
  ['Latin with an accent after it', 'a café', 'caf', false],
  ['Latin, decomposed accent', 'a cafe\u0301', 'café', true],
  ['a digit after it', 'cat9', 'cat', false],
  ['an apostrophe after it', 'Mira’s lamp', 'mira', true],
  ['markdown around it', '*_Mira_*', 'mira', true],
  ['several words', 'the old bridge.', 'old bridge', true],
  ['several words, inside', 'cold bridges', 'old bridge', false],
  ['German', 'die Straße', 'STRASSE', false],
  ['Cyrillic', 'Это Москва.', 'москва', true],
  ['Cyrillic, inside', 'в Москвариуме', 'москва', false],
  ['Greek', 'στην Αθήνα', 'αθήνα', true],
  ['Arabic', 'هذه مدينة كبيرة', 'مدينة', true],
  ['Arabic, inside', 'المدينة', 'مدينة', false],
  ['Hebrew', 'זה כלב', 'כלב', true],
  ['Hindi', 'यह घर है', 'घर', true],
  ['Hindi, before a vowel sign', 'घरे', 'घर', false],
  ['Chinese', '他在北京工作', '北京', true],
  ['Japanese kanji', '私は東京に住む', '東京', true],
  ['Japanese kana', 'ここにねこがいる', 'ねこ', true],
  ['Katakana', 'コーヒーを飲む', 'コーヒー', true],
  ['Thai', 'ฉันรักแมวมาก', 'แมว', true],
  ['Lao', 'ຂ້ອຍຮັກແມວ', 'ແມວ', true],
  ['Khmer', 'ខ្ញុំស្រឡាញ់ឆ្មា', 'ឆ្មា', true],
  ['Korean with a particle', '나는 서울에서 산다', '서울', true],
  ['Korean, inside', '동서울', '서울', false],
  ['Latin between Chinese', '我用Python写', 'python', true],
  ['Chinese and Latin', '去T恤店', 'T恤', true],
  ['Chinese and Latin, inside', '去ST恤店', 'T恤', false],
  ['an astral letter before it', '𝒜cat', 'cat', false],
  ['an emoji before it', '🐈cat', 'cat', true],
])('%s: “%s” and “%s”: %s', (_, text, key, expected) => {
  expect(finds(text, key)).toBe(expected);
});

test('whole words in scripts without spaces, where they are asked for', () => {
  expect(finds('他在北京工作', '北京', 'segment')).toBe(true);
  expect(finds('他在北京工作', '京工', 'segment')).toBe(false);
  expect(finds('他在北京工作', '京工')).toBe(true);
  expect(finds('ฉันรักแมวมาก', 'แมว', 'segment')).toBe(true);
});

test('anywhere', () => {
  expect(finds('concatenate', 'cat', 'anywhere')).toBe(true);
  expect(finds('x', '', 'anywhere')).toBe(false);
});

test('accents are folded on demand, and only where letters carry them', () => {
  expect(finds('a café', 'cafe')).toBe(false);
  expect(finds('a café', 'cafe', 'boundary', true)).toBe(true);
  expect(finds('Ёлка', 'елка', 'boundary', true)).toBe(true);
  expect(finds('Αθήνα', 'αθηνα', 'boundary', true)).toBe(true);
  // Voiced kana are letters of their own.
  expect(finds('がくせい', 'かくせい', 'boundary', true)).toBe(false);
});

test('SillyTavern’s ASCII words', () => {
  expect(standsAsAsciiWord('a cat.', 'cat')).toBe(true);
  expect(standsAsAsciiWord('cat', 'cat')).toBe(true);
  expect(standsAsAsciiWord('cats, cat_, bobcat', 'cat')).toBe(false);
  expect(standsAsAsciiWord('cats cat', 'cat')).toBe(true);
  expect(standsAsAsciiWord('écaté', 'cat')).toBe(true);
  expect(standsAsAsciiWord('x', '')).toBe(false);
});

test('SillyTavern’s ASCII words are what its expression finds', () => {
  const texts = ['a cat', 'cat', 'cats', '_cat', 'cat-cat', '北cat京', 'écat', 'cat9', '', 'c.t', 'c.t!'];
  for (const key of ['cat', 'c.t', '北', 'a']) {
    const expression = new RegExp(`(?:^|\\W)(${key.replace('.', '\\.')})(?:$|\\W)`);
    for (const text of texts)
      expect([text, key, standsAsAsciiWord(text, key)]).toEqual([text, key, expression.test(text)]);
  }
});
