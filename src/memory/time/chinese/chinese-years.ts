import { firstYear, lastYear, monthSpan, yearSpan } from '../civil-days.ts';
import { daySpan, uncertain, type TimeSpan } from '../time-span.ts';
import { fullYear } from '../english/numeric-dates.ts';
import { isAfter, isHead, matchAt, type ChineseInput, type Parsed } from './chinese-input.ts';
import { chineseNumber, numeralHeads } from './chinese-numbers.ts';

const yearWord = /(大前|大后|去|前|今|本|明|后)年(?!轻|纪|龄|级|货|会|夜|糕|代|薪|画|度|味|华|少|幼|老|长)/uy;
const yearHeads = '大去前今本明后';
const yearShifts: Record<string, number> = { 大前: -3, 前: -2, 去: -1, 今: 0, 本: 0, 明: 1, 后: 2, 大后: 3 };
const fourDigits = /(\d{4}|[〇零○一二][〇零○一二三四五六七八九]{3})年(?!级|代)/uy;
const twoDigits = /(\d{2}|[〇零○一二三四五六七八九]{2})年(?!级|代|来|间|前|后|多|了|以|之|的?时间|内|里|级|龄|级)/uy;

/** A year by name or number; `sure` is false where two digits might be a duration. */
export function yearAt(input: ChineseInput, at: number): { year: number; sure: boolean; next: number } | null {
  const word = isHead(input, at, yearHeads) ? matchAt(input, at, yearWord) : null;
  if (word) {
    const shift = yearShifts[word[1] ?? ''];
    if (shift === undefined || isYearByChance(input, at, word[1] ?? '')) return null;
    return { year: input.reference.year + shift, sure: true, next: at + word[0].length };
  }
  if (!isHead(input, at, numeralHeads)) return null;
  if (isAfter(input, at, '0123456789.〇零○一二三四五六七八九十百千第')) return null;
  const full = matchAt(input, at, fourDigits);
  const year = full && chineseNumber((full[1] ?? '').replace(/○/gu, '〇'));
  if (full && year !== null && year >= firstYear && year <= lastYear)
    return { year, sure: true, next: at + full[0].length };
  const short = matchAt(input, at, twoDigits);
  const digits = short && chineseNumber((short[1] ?? '').replace(/○/gu, '〇'));
  if (!short || digits === null) return null;
  return {
    year: fullYear(digits, input.reference.year),
    sure: digits >= 50 || digits < 10,
    next: at + short[0].length,
  };
}

/** 以前年轻, 如今年, 过去年 hold years only by chance. */
function isYearByChance(input: ChineseInput, at: number, word: string): boolean {
  if (word === '前' || word === '后') return isAfter(input, at, '以之从然最向空目先大');
  if (word === '今') return isAfter(input, at, '如至当');
  return word === '去' ? isAfter(input, at, '过逝失') : word === '本' && isAfter(input, at, '资成基版');
}

const yearParts: readonly (readonly [RegExp, number, number])[] = [
  [/(?:的)?年?初(?![一二三四五六七八九十中恋次春夏秋冬])/uy, 1, 2],
  [/(?:的)?(?:年中|年年中)/uy, 6, 7],
  [/(?:的)?年?(?:底|末)/uy, 12, 12],
  [/(?:的)?上半年/uy, 1, 6],
  [/(?:的)?下半年/uy, 7, 12],
];

/** The part of a year said behind it: 去年底, 今年上半年. */
export function partOfYear(input: ChineseInput, year: number, at: number): Parsed | null {
  for (const [pattern, first, last] of yearParts) {
    const match = matchAt(input, at, pattern);
    if (match) return { span: monthsSpan(year, first, last), next: at + match[0].length };
  }
  return null;
}

function monthsSpan(year: number, first: number, last: number): TimeSpan {
  if (first === last) return monthSpan(year, first);
  return { from: monthSpan(year, first).from, to: monthSpan(year, last).to, precision: 'range', certain: true };
}

const barePart = /(年初|年中|年底|年末|上半年|下半年)(?![一二三四五六七八九十])/uy;
const afterNumberOrYear = '去前今明后半几多每一二两三四五六七八九十0123456789整大常老少青童壮';

/** 年底, 下半年: of this year. */
export function bareYearPartAt(input: ChineseInput, at: number): Parsed | null {
  const match = matchAt(input, at, barePart);
  if (!match || isAfter(input, at, afterNumberOrYear)) return null;
  return partOfYear(input, input.reference.year, at);
}

const decade =
  /(?:(上个?|本)世纪|(\d{2}|[一二]?十[一二三四五六七八九]?|二十)世纪)?(?:的)?([〇零一二三四五六七八九]十|\d0|(?:19|20)\d0)年代(初期?|早期|中期|中|末期?|后期|晚期)?/uy;
const century = /(上个?|本)世纪(初|中叶|末)?|(\d{2}|[一二]?十[一二三四五六七八九]?)世纪(初|中叶|末)?/uy;

/** 九十年代, 上世纪80年代初, 十九世纪. */
export function decadeAt(input: ChineseInput, at: number): Parsed | null {
  const match = matchAt(input, at, decade);
  if (match) {
    const start = decadeStart(input, match);
    if (start === null) return null;
    const cut = decadePart(match[4]);
    const span = { ...yearSpan(start + cut.from, cut.years), precision: 'range' as const };
    const isOpen = match[1] === undefined && match[2] === undefined && start % 100 < 40 && (match[3]?.length ?? 0) < 4;
    return { span: isOpen ? uncertain(span) : span, next: at + match[0].length };
  }
  const whole = matchAt(input, at, century);
  if (!whole || isAfter(input, at, '半一两几跨新')) return null;
  const base = whole[3] === undefined ? centuryOf(input, whole[1] ?? '') : ((chineseNumber(whole[3]) ?? 0) - 1) * 100;
  if (base < firstYear || base > lastYear - 100) return null;
  const part = { 初: [0, 10], 中叶: [40, 20], 末: [90, 10] }[whole[2] ?? whole[4] ?? ''] ?? [0, 100];
  return {
    span: { ...yearSpan(base + (part[0] ?? 0), part[1] ?? 100), precision: 'range' },
    next: at + whole[0].length,
  };
}

function centuryOf(input: ChineseInput, word: string): number {
  const current = Math.floor(input.reference.year / 100) * 100;
  return word.startsWith('上') ? current - 100 : current;
}

function decadeStart(input: ChineseInput, match: RegExpExecArray): number | null {
  const tens = chineseNumber(match[3] ?? '');
  if (tens === null) return null;
  if (tens >= firstYear) return tens;
  if (match[1] !== undefined) return centuryOf(input, match[1]) + tens;
  if (match[2] !== undefined) {
    const number = chineseNumber(match[2]);
    return number === null || number < 11 || number > 22 ? null : (number - 1) * 100 + tens;
  }
  const base = Math.floor(input.reference.year / 100) * 100;
  return base + tens <= input.reference.year ? base + tens : base - 100 + tens;
}

function decadePart(word: string | undefined): { from: number; years: number } {
  if (word === undefined) return { from: 0, years: 10 };
  if (word.startsWith('初') || word.startsWith('早')) return { from: 0, years: 4 };
  return word.startsWith('中') ? { from: 3, years: 4 } : { from: 6, years: 4 };
}

/** 暑假 and 寒假, as schools in China mostly have them. */
export function schoolHoliday(year: number, name: string): TimeSpan {
  const span = name === '暑假' ? monthsSpan(year, 7, 8) : daySpan(monthSpan(year, 1).from / 1_440 + 14, 36, 'range');
  return uncertain({ ...span, precision: 'range' });
}
