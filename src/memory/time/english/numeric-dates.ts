import { dateSpan, isDate, monthSpan, yearlyOccurrence } from '../civil-days.ts';
import { uncertain } from '../time-span.ts';
import {
  digitsAt,
  yearlyDirection,
  isJoined,
  isWord,
  wordAt,
  type EnglishInput,
  type Parsed,
} from './english-input.ts';

const separators = ['-', '/', '.'];
/** Halves, thirds and quarters, "24/7", and marks out of ten are no dates unless something before them says so. */
const datePrepositions = ['on', 'by', 'since', 'until', 'till', 'from', 'before', 'after', 'dated', 'to', 'due', 'of'];

/** 2023-05-07, 2023/5/7, 2023-05, 7/5/2023, 07.05.23, 5/7. Any language. */
export function numericDateAt(input: EnglishInput, at: number): Parsed | null {
  const first = digitsAt(input, at);
  const separator = wordAt(input, at + 1);
  if (first === null || !separators.includes(separator) || !isJoined(input, at + 1) || !isJoined(input, at + 2))
    return null;
  // The middle of a longer number: 10.5/7, 1-2-3-4.
  if (separators.includes(wordAt(input, at - 1)) && isJoined(input, at)) return null;
  const second = digitsAt(input, at + 2);
  if (second === null) return null;
  const isTriple = isWord(input, at + 3, separator) && isJoined(input, at + 3) && isJoined(input, at + 4);
  const third = isTriple ? digitsAt(input, at + 4) : null;
  if (third === null) return twoNumbersAt(input, at, { first, second, separator });
  if (
    separators.includes(wordAt(input, at + 5)) &&
    isJoined(input, at + 5) &&
    isJoined(input, at + 6) &&
    digitsAt(input, at + 6) !== null
  )
    return null;
  const next = at + 5;
  if (wordAt(input, at).length === 4) {
    const span = dateSpan(first, second, third);
    return span && { span, next };
  }
  const yearDigits = wordAt(input, at + 4).length;
  if (yearDigits !== 4 && yearDigits !== 2) return null;
  const year = yearDigits === 4 ? third : fullYear(third, input.reference.year);
  return dayAndMonth(
    input,
    { first, second, next },
    (month, date) => dateSpan(year, month, date),
    (month, date) => isDate(year, month, date),
    separator,
  );
}

/** 98 is 1998, 23 is 2023: never more than ten years ahead. */
export function fullYear(twoDigits: number, now: number): number {
  const year = Math.floor(now / 100) * 100 + twoDigits;
  return year > now + 10 ? year - 100 : year;
}

function twoNumbersAt(
  input: EnglishInput,
  at: number,
  { first, second, separator }: { first: number; second: number; separator: string },
): Parsed | null {
  const next = at + 3;
  const goesOn = ['%', '/', '-'].includes(wordAt(input, next)) && isJoined(input, next);
  if (goesOn || (isWord(input, next, '.', ':') && isJoined(input, next) && isJoined(input, next + 1))) return null;
  const lengths = [wordAt(input, at).length, wordAt(input, at + 2).length];
  if (
    separator !== '.' &&
    lengths[0] === 4 &&
    lengths[1] === 2 &&
    first >= 1900 &&
    first < 2100 &&
    second >= 1 &&
    second <= 12
  )
    return { span: monthSpan(first, second), next };
  if (separator !== '/' || first > 31 || second > 31) return null;
  const isMark =
    second === 10 ||
    (first < second && second <= 8 && first <= 3) ||
    (first === 24 && second === 7) ||
    first === second;
  if (isMark && !datePrepositions.includes(wordAt(input, at - 1))) return null;
  if (input.tokens[next]?.kind === 'word' && isJoined(input, next)) return null;
  const direction = yearlyDirection(input, at, next);
  return dayAndMonth(
    input,
    { first, second, next },
    (month, date) => yearlyOccurrence((year) => dateSpan(year, month, date), input.reference, direction),
    (month, date) => isDate(2024, month, date),
    separator,
  );
}

/** Which of the two numbers is the month: what can only be one decides, else the custom of the place, and that is uncertain. */
function dayAndMonth(
  input: EnglishInput,
  { first, second, next }: { first: number; second: number; next: number },
  make: (month: number, date: number) => Parsed['span'] | null,
  exists: (month: number, date: number) => boolean,
  separator: string,
): Parsed | null {
  const monthFirst = exists(first, second);
  const dayFirst = exists(second, first);
  if (!monthFirst && !dayFirst) return null;
  // Dots between day, month and year are written where the day comes first.
  const custom = separator === '.' ? 'day-first' : input.reference.dayOrder;
  const ambiguous = monthFirst && dayFirst && first !== second;
  const readMonthFirst = monthFirst && (!dayFirst || custom === 'month-first');
  const span = readMonthFirst ? make(first, second) : make(second, first);
  return span && { span: ambiguous && separator !== '.' ? uncertain(span) : span, next };
}
