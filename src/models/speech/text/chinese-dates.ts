import { chineseCount, chineseDigits, chineseNumber } from './chinese-numbers.ts';
import type { Replacement } from './replacements.ts';

function plain(digits: string): string {
  return chineseNumber(String(Number(digits))).replace(/^两/u, '二');
}

function date(year: string, month: string, day: string): string {
  return `${chineseDigits(year)}年${plain(month)}月${plain(day)}日`;
}

function valid(month: string, day: string): boolean {
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
}

function clock(hour: string, minute: string, second = ''): string {
  const hours = `${chineseCount(String(Number(hour)))}点`;
  const padded = (digits: string): string => (Number(digits) < 10 ? `零${plain(digits)}` : plain(digits));
  if (second !== '') return `${hours}${padded(minute)}分${padded(second)}秒`;
  return Number(minute) === 0 ? hours : `${hours}${padded(minute)}分`;
}

/** Dates and times, in the order in which they have to be tried. */
export const chineseDates: readonly Replacement[] = [
  { pattern: /(?<=\d:[0-5]\d|\d\s?(?:[点时分月日号年天个米元度人岁]|°C))\s?[-–—~～]\s?(?=-?\d)/gu, say: () => '到' },
  {
    pattern: /(?<![\p{N}./-])(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?![\p{N}/-]|\.\d)/gu,
    say: ([found = '', year = '', month = '', day = '']) => (valid(month, day) ? date(year, month, day) : found),
  },
  {
    pattern: /(?<![\p{N}.])(\d{4})\s?(?:-|–|—|~|～|至|到)\s?(\d{4})\s?年/gu,
    say: ([, from = '', to = '']) => `${chineseDigits(from)}到${chineseDigits(to)}年`,
  },
  {
    pattern: /(?<![\p{N}.])((?:1[0-9]|2[0-2])(\d)0|([1-9])0)\s?年代/gu,
    say: ([, whole = '', , short = '']) => (short === '' ? `${chineseDigits(whole)}年代` : `${plain(whole)}年代`),
  },
  {
    pattern: /(?<![\p{N}.])(\d{4})\s?年(?!(?:前|以前|后|以后|的历史|来)(?<=00年.{1,3}))/gu,
    say: ([, year = '']) => `${chineseDigits(year)}年`,
  },
  { pattern: /(?<!\p{N})(?:'|’)(\d{2})年/gu, say: ([, year = '']) => `${chineseDigits(year)}年` },
  {
    pattern: /(?<![\p{N}.])(\d{1,2})\s?月\s?(\d{1,2})\s?([日号])/gu,
    say: ([, month = '', day = '', word = '']) => `${plain(month)}月${plain(day)}${word}`,
  },
  {
    pattern: /(?<![\p{N}.])(\d{1,2})\s?月(?!\p{N})/gu,
    say: ([, month = '']) => `${plain(month)}月`,
  },
  { pattern: /(?<![\p{N}.])(\d{1,2})\s?日/gu, say: ([, day = '']) => `${plain(day)}日` },
  {
    pattern: /(?<![\p{N}:：.])([01]?\d|2[0-4])[:：]([0-5]\d)[:：]([0-5]\d)(?![:：\p{N}])/gu,
    say: ([, hour = '', minute = '', second = '']) => clock(hour, minute, second),
  },
  {
    pattern: /(?<![\p{N}:：.])([01]?\d|2[0-4])[:：]([0-5]\d)(?![:：\p{N}])/gu,
    say: ([, hour = '', minute = '']) => clock(hour, minute),
  },
  {
    pattern: /(?<![\p{N}.])(\d{1,2})\s?点\s?(\d{1,2})\s?分/gu,
    say: ([, hour = '', minute = '']) => clock(hour, minute),
  },
  {
    pattern: /(?<![\p{N}.])(\d{1,2})\s?(?:点|时)(?=[半整钟左前后一二三]|(?![\p{N}]))/gu,
    say: ([found = '', hour = '']) => `${chineseCount(String(Number(hour)))}${found.endsWith('时') ? '时' : '点'}`,
  },
];
