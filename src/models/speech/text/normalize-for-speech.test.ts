import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { processorTimeInMs } from '../../../../tests/support/processor-time.ts';
import { CHINESE_CASES } from './chinese-cases.ts';
import { ENGLISH_CASES } from './english-cases.ts';
import { normalizeForSpeech } from './normalize-for-speech.ts';

function say(text: string, language: string, numbers: 'words' | 'keep' = 'words'): string {
  return normalizeForSpeech(text, { language, pronunciations: [], numbers });
}

describe('normalizeForSpeech', () => {
  test.each(ENGLISH_CASES)('English: %s', (written, spoken) => {
    expect(say(written, 'en')).toBe(spoken);
  });

  test.each(CHINESE_CASES)('Chinese: %s', (written, spoken) => {
    expect(say(written, 'zh')).toBe(spoken);
  });

  test('sentences of the other language are read by its rules', () => {
    expect(say('It costs 5 dollars. 我有2只猫。', 'zh')).toBe('It costs five dollars. 我有两只猫。');
    expect(say('I have 2 cats. 我有2只猫。', 'en-US')).toBe('I have two cats. 我有两只猫。');
  });

  test('numbers may be left to the engine', () => {
    expect(say('Mr. Smith paid $3.50 & left at 10:30 😂', 'en', 'keep')).toBe(
      'Mister Smith paid $3.50 and left at 10:30',
    );
    expect(say('我有2只猫 & 狗', 'zh', 'keep')).toBe('我有2只猫和狗');
    expect(say('Ich habe 2 Katzen 😂', 'de')).toBe('Ich habe 2 Katzen');
  });

  test('a dictionary of pronunciations: whole words, any case, the longest first, nothing twice', () => {
    const pronunciations = [
      { written: 'MiniMax', spoken: 'mini max' },
      { written: 'Nguyen', spoken: 'win' },
      { written: 'Nguyen Van', spoken: 'win vahn' },
      { written: 'win', spoken: 'lose' },
      { written: 'C++', spoken: 'see plus plus' },
      { written: '重庆', spoken: '虫庆' },
      { written: '重庆路', spoken: '虫庆大路' },
      { written: '.*', spoken: 'all' },
      { written: 'x-ray', spoken: 'ex ray' },
      { written: '', spoken: 'nothing' },
    ];
    const read = (text: string): string =>
      normalizeForSpeech(text, { language: 'en', pronunciations, numbers: 'words' });
    expect(read('minimax and MiniMaxes met nguyen, Nguyen  van.')).toBe('mini max and MiniMaxes met win, win vahn.');
    expect(read('I use C++ in .* ways, X-Ray')).toBe('I use see plus plus in all ways, ex ray');
    expect(read('我在重庆路，爱重庆。')).toBe('我在虫庆大路，爱虫庆。');
  });
});

const PARTS = [
  '1',
  '2',
  '10',
  '1984',
  '3.14',
  '1,000',
  '007',
  '12345678901',
  '0',
  '.',
  ',',
  ':',
  '/',
  '-',
  '–',
  '~',
  '%',
  '$',
  '¥',
  '°C',
  '℃',
  'km',
  'm²',
  'a.m.',
  'pm',
  'May ',
  'Mr. ',
  'St. ',
  'e.g. ',
  'U.S. ',
  'VIII',
  'Henry ',
  'World War ',
  '@',
  'a.com',
  'http://',
  '&',
  '+',
  '=',
  '→',
  '#',
  '*',
  '_',
  '(',
  ')',
  '"',
  ' ',
  ' ',
  '\n',
  '年',
  '月',
  '日',
  '点',
  '个',
  '第',
  '号',
  '万',
  '你好',
  '电话',
  '。',
  '，',
  '😂',
  '½',
  '①',
  '٣',
  'Ⅷ',
  '²',
  'Ａ',
  '１',
  '～',
  'v',
  'x',
  's',
  'th',
  'half',
  'T-',
  'www.',
  '?a=1',
  '\u200B',
  '\uFE0F',
];
const parts = fc.constantFrom(...PARTS);
const texts = fc.oneof(
  fc.array(parts, { maxLength: 25 }).map((all) => all.join('')),
  fc.string({ unit: 'binary', maxLength: 80 }),
);
const languages = fc.constantFrom('en', 'zh', 'de');

describe('whatever is written', () => {
  const numRuns = process.env.EVERWITH_FULL === '1' ? 50_000 : 3000;

  test('it is read without digits, again as the same, and letters leave something to say', () => {
    fc.assert(
      fc.property(texts, languages, fc.constantFrom('words' as const, 'keep' as const), (text, language, numbers) => {
        const spoken = say(text, language, numbers);
        // Signs as ↀ count as Latin, and are no letters.
        expect(spoken === '' && /\p{Script=Han}|(?=\p{L})\p{Script=Latin}/u.test(text)).toBe(false);
        expect(numbers === 'words' && language !== 'de' && /\p{Nd}/u.test(spoken)).toBe(false);
        expect(say(spoken, language, numbers)).toBe(spoken);
      }),
      { numRuns },
    );
  });

  test('hostile text takes bounded time', async () => {
    const hostile = [
      '1',
      '1,',
      '1.',
      '1-',
      '1/',
      '1:',
      '$',
      '-',
      'a.',
      'a@',
      'a@a.',
      'http://',
      '/a',
      'Mr.',
      ' ',
      '½',
      'V',
      '年',
      '1年',
      '😂',
      '(555) ',
      '.',
      '1 ',
    ];
    for (const part of hostile) {
      for (const language of ['en', 'zh']) {
        const long = part.repeat(Math.ceil(20_000 / part.length));
        expect(await processorTimeInMs(() => say(long, language)), `${part} ${language}`).toBeLessThan(5000);
      }
    }
  });
});
