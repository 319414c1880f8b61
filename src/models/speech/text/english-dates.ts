import { englishNumber, englishOrdinal, englishYear } from './english-numbers.ts';
import type { Replacement } from './replacements.ts';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const MONTH_PATTERN =
  'January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec';

function date(month: string, day: number, year: string): string {
  const tail = year === '' ? '' : `, ${englishYear(year)}`;
  return `${month} ${englishOrdinal(String(day))}${tail}`;
}

function monthName(written: string): string {
  return MONTHS.find((month) => month.toLowerCase().startsWith(written.slice(0, 3).toLowerCase())) ?? written;
}

function valid(month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

function clock(hour: string, minute: string, half: string): string {
  const suffix = half === '' ? '' : ` ${half[0]?.toUpperCase() ?? ''} M`;
  const minutes = Number(minute);
  const hours = englishNumber(String(Number(hour)));
  if (minutes === 0)
    return half === ''
      ? `${hours}${Number(hour) > 12 || Number(hour) === 0 ? ' hundred' : " o'clock"}`
      : hours + suffix;
  return `${hours} ${minutes < 10 ? 'oh ' : ''}${englishNumber(String(minutes))}${suffix}`;
}

/** Dates and times, in the order in which they have to be tried. */
export const englishDates: readonly Replacement[] = [
  { pattern: /(?<=\d:[0-5]\d(?: [AP] M)?)\s?[-–—]\s?(?=\d{1,2}:[0-5]\d)/gu, say: () => ' to ' },
  {
    pattern: /(?<![\p{L}\p{N}./-])(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?![\p{L}\p{N}/-]|\.\d)/gu,
    say: ([found = '', year = '', month = '', day = '']) =>
      valid(Number(month), Number(day)) ? date(MONTHS[Number(month) - 1] ?? '', Number(day), year) : found,
  },
  {
    pattern: /(?<![\p{L}\p{N}./-])(\d{1,2})\/(\d{1,2})\/(\d{4})(?![\p{L}\p{N}/-])/gu,
    say: ([found = '', one = '', two = '', year = '']) => {
      if (valid(Number(one), Number(two))) return date(MONTHS[Number(one) - 1] ?? '', Number(two), year);
      return valid(Number(two), Number(one)) ? date(MONTHS[Number(two) - 1] ?? '', Number(one), year) : found;
    },
  },
  {
    pattern: new RegExp(
      String.raw`\b(${MONTH_PATTERN})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?(?![\p{L}\p{N}:/-]|[.,]\d)`,
      'gu',
    ),
    say: ([found = '', month = '', day = '', year = '']) =>
      valid(1, Number(day)) ? date(monthName(month), Number(day), year) : found,
  },
  {
    pattern: new RegExp(
      String.raw`(?<![\p{N}.,/-])(?:\bthe )?\b(\d{1,2})(?:st|nd|rd|th)?(?: of)? (${MONTH_PATTERN})\b\.?(?:,? (\d{4})(?![\p{L}\p{N}]))?`,
      'gu',
    ),
    say: ([found = '', day = '', month = '', year = '']) => {
      if (!valid(1, Number(day))) return found;
      return `the ${englishOrdinal(String(Number(day)))} of ${monthName(month)}${year === '' ? '' : ` ${englishYear(year)}`}`;
    },
  },
  {
    pattern: new RegExp(String.raw`\b(Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.? (?=\d{4}\b)`, 'gu'),
    say: ([, month = '']) => `${monthName(month)} `,
  },
  {
    pattern: /(?<![\p{L}\p{N}:.])([01]?\d|2[0-4]):([0-5]\d):([0-5]\d)(?:\s?([AP]) M\b)?(?![:\p{N}])/gu,
    say: ([, hour = '', minute = '', second = '', half = '']) =>
      `${clock(hour, minute, half)} and ${englishNumber(String(Number(second)))} seconds`,
  },
  {
    pattern: /(?<![\p{L}\p{N}:.])([01]?\d|2[0-4]):([0-5]\d)(?:\s?([AP]) M\b)?(?![:\p{N}])/gu,
    say: ([, hour = '', minute = '', half = '']) => clock(hour, minute, half),
  },
  {
    pattern: /(?<![\p{L}\p{N}:.])(1[0-2]|0?[1-9]) ([AP]) M\b/gu,
    say: ([, hour = '', half = '']) => clock(hour, '0', half),
  },
  {
    pattern: /(?<![\p{N}:])(\d{1,3}):(\d{1,3})(?![:\p{N}])/gu,
    say: ([, one = '', two = '']) => `${englishNumber(one)} to ${englishNumber(two)}`,
  },
];
