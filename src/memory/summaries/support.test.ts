import { describe, expect, test } from 'vitest';
import { isHeldUp, isSentence, loops, namesAndNumbersStand } from './support.ts';

const evidence = [
  { messageId: '1', speaker: 'Ines', text: 'We moved from Lyon to Porto in May. I do not eat meat.' },
  { messageId: '2', speaker: 'Mira', text: 'How lovely! Do you live near the river now?' },
];
const chinese = [{ messageId: '1', speaker: '小雨', text: '我妹妹林霜今年二十三岁，在成都学木工。我不喝咖啡。' }];
const english = (text: string) => isHeldUp(text, { evidence, told: '', names: ['Ines', 'Mira'] });
const han = (text: string) => isHeldUp(text, { evidence: chinese, told: '', names: ['小雨', '陈墨'] });

describe('a sentence is held up by what it cites', () => {
  test.each([
    'Ines moved from Lyon to Porto in May.',
    'Ines told Mira that they moved to Porto in May.',
    'Ines does not eat meat.',
    'Mira asked whether Ines lives near the river now.',
  ])('%s', (text) => expect(english(text)).toBe(true));

  test.each(['小雨的妹妹林霜在成都学木工。', '小雨不喝咖啡。', '小雨说妹妹林霜今年二十三岁。'])('%s', (text) =>
    expect(han(text)).toBe(true),
  );
});

describe('it is not', () => {
  test.each([
    ['a name that was never said', 'Ines moved from Lyon to Madrid in May.'],
    ['a number that was never said', 'Ines moved from Lyon to Porto in May 2019.'],
    ['words that were never said', 'Ines bought a sailing boat and crossed the ocean.'],
    ['denied words told as true', 'Ines eats meat.'],
    ['a question told as an answer', 'Ines lives near the river now.'],
    ['words given to somebody else', 'Mira moved from Lyon to Porto in May.'],
    ['the first person', 'I moved from Lyon to Porto in May.'],
    ['a pronoun for nobody', 'She moved from Lyon to Porto in May.'],
  ])('%s', (_, text) => expect(english(text)).toBe(false));

  test.each([
    ['another place', '小雨的妹妹林霜在重庆学木工。'],
    ['another age', '小雨的妹妹林霜今年三十二岁。'],
    ['denied words told as true', '小雨喝咖啡。'],
    ['somebody else’s words', '陈墨的妹妹林霜在成都学木工。'],
    ['the first person', '我妹妹林霜在成都学木工。'],
  ])('%s (Chinese)', (_, text) => expect(han(text)).toBe(false));
});

test('loops, fragments and leaked formats are no sentences', () => {
  expect(isSentence('Ines moved to Porto in May.')).toBe(true);
  expect(isSentence('小雨的妹妹在成都。')).toBe(true);
  expect(isSentence('Porto.')).toBe(false);
  expect(isSentence('Ines said {"lines":[1]} in May.')).toBe(false);
  expect(isSentence(`Ines talked. ${'and then she said '.repeat(8)}`)).toBe(false);
  expect(loops('她很高兴她很高兴她很高兴她很高兴')).toBe(true);
  expect(loops('她说今天天气很好，想去河边走走。')).toBe(false);
});

test('names stand as they were written, numbers as digits or words', () => {
  expect(namesAndNumbersStand('She met Otto at 7.', 'Otto came at seven.')).toBe(true);
  expect(namesAndNumbersStand('She met Olga at 7.', 'Otto came at seven.')).toBe(false);
  expect(namesAndNumbersStand('She met Otto at 8.', 'Otto came at seven.')).toBe(false);
});
