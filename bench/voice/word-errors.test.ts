import { expect, test } from 'vitest';
import { chineseCharacters, chineseSyllables, countErrors, englishWords, errorRate } from './word-errors.ts';

test.each([
  ['The train leaves at 7:45.', 'the train leaves at seven forty-five'],
  ['It costs $20, doesn\u2019t it?', 'It costs twenty dollars does not it'],
  ['On the 12th, the 21st and the 20th.', 'on the twelfth the twenty first and the twentieth'],
  ["Let's go, I'm ready!", 'let us go I am ready'],
  ['My favourite colour', 'my favorite color'],
  ["'Hello,' he said. The dog's bone.", "hello he said the dog's bone"],
])('%s is said as %s', (written, spoken) => {
  expect(englishWords(written)).toEqual(englishWords(spoken));
});

test.each([
  ['火车7点45分出发。', '火车七点四十五分出发'],
  ['一共32个，105块，2000年', '一共三十二个一百零五块二千年'],
  ['有10个 人', '有十个人'],
])('%s is said as %s', (written, spoken) => {
  expect(chineseCharacters(written).join('')).toBe(spoken);
});

test('syllables forgive characters of the same sound', () => {
  expect(chineseSyllables('他在这里。')).toEqual(chineseSyllables('她在這裡'));
});

test('edits are counted over units', () => {
  const words = (text: string) => text.split(' ');
  expect(countErrors(words('a b c d'), words('a x c'))).toEqual({ edits: 2, units: 4 });
  expect(countErrors(words('a b'), words('a b'))).toEqual({ edits: 0, units: 2 });
  expect(countErrors(words('a'), words('a b c')).edits).toBe(2);
  expect(
    errorRate([
      { edits: 2, units: 4 },
      { edits: 0, units: 6 },
    ]),
  ).toBe(0.2);
});
