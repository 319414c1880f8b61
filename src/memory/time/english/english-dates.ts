import {
  dateSpan,
  firstYear,
  lastYear,
  monthlyOccurrence,
  monthSpan,
  yearlyOccurrence,
  yearSpan,
} from '../civil-days.ts';
import { daySpan, uncertain, type TimeSpan } from '../time-span.ts';
import { dateAt } from './english-numbers.ts';
import {
  digitsAt,
  directionAround,
  yearlyDirection,
  isJoined,
  isWord,
  wordAt,
  type EnglishInput,
  type Parsed,
} from './english-input.ts';

const monthNames = 'january february march april may june july august september october november december'.split(' ');
const shortMonths = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** Behind these a bare month or a bare year is a time. */
const timePrepositions = new Set(
  'in since last next this of by until till during from through around early late mid before after between back'.split(
    ' ',
  ),
);
/** May, April and June are people, may and march verbs: these words before them leave no doubt. */
const surePrepositions = new Set('in since last next until till during early late mid'.split(' '));
const ambiguousMonths = new Set(['may', 'march', 'april', 'june', 'jan', 'mar']);

/** A month by name or short name. */
export function monthAt(input: EnglishInput, at: number): { month: number; short: boolean; next: number } | null {
  const word = wordAt(input, at);
  const full = monthNames.indexOf(word);
  if (full >= 0) return { month: full + 1, short: false, next: at + 1 };
  const short = word === 'sept' ? 8 : shortMonths.indexOf(word);
  if (short < 0) return null;
  const dotted = isWord(input, at + 1, '.') && isJoined(input, at + 1) && digitsAt(input, at + 2) !== null;
  return { month: short + 1, short: true, next: dotted ? at + 2 : at + 1 };
}

/** A year behind something: ", 2023", "of 2023", "last year", "of last year". */
export function yearTailAt(input: EnglishInput, at: number): { year: number; next: number } | null {
  let start = isWord(input, at, ',') ? at + 1 : at;
  if (isWord(input, start, 'of', 'in')) start += 1;
  const year = digitsAt(input, start);
  if (year !== null && year >= firstYear && year <= lastYear && wordAt(input, start).length === 4) {
    const isClock = isWord(input, start + 1, ':') && isJoined(input, start + 1);
    return isClock ? null : { year, next: start + 1 };
  }
  const years = { last: -1, this: 0, next: 1 }[wordAt(input, start)];
  if (years === undefined || !isWord(input, start + 1, 'year')) return null;
  return { year: input.reference.year + years, next: start + 2 };
}

/** "May 7", "May 7th, 2023", "7 May", "the 7th of May 2023". */
export function monthDateAt(input: EnglishInput, at: number): Parsed | null {
  const month = monthAt(input, at);
  if (month) {
    const date = dateAt(input, isWord(input, month.next, 'the') ? month.next + 1 : month.next);
    if (!date || isMistakenMonthDate(input, at, date)) return null;
    return datedSpan(input, { month: month.month, date: date.value, from: at, next: date.next });
  }
  const start = isWord(input, at, 'the') ? at + 1 : at;
  const date = dateAt(input, start);
  if (!date) return null;
  const named = monthAt(input, isWord(input, date.next, 'of') ? date.next + 1 : date.next);
  if (!named) return null;
  // "the second may come": the verb.
  const isVerb = isWord(input, named.next - 1, 'may', 'march') && !isMonthWritten(input, named.next - 1);
  if (isVerb && !isWord(input, date.next, 'of')) return null;
  return datedSpan(input, { month: named.month, date: date.value, from: at, next: named.next });
}

/** "they march 5 miles", "you may 3 times", "Jan 5 PM". */
function isMistakenMonthDate(input: EnglishInput, at: number, date: { ordinal: boolean; next: number }): boolean {
  const isDecimal =
    isWord(input, date.next, '.', ':', '%') && isJoined(input, date.next) && isJoined(input, date.next + 1);
  if (isDecimal) return true;
  if (!isWord(input, at, 'may', 'march', 'mar', 'jan', 'dec', 'sep') || isMonthWritten(input, at)) return false;
  return (
    !date.ordinal &&
    !isWord(input, at - 1, 'on', 'by', 'since', 'until', 'till', 'from', 'of') &&
    yearTailAt(input, date.next) === null
  );
}

function isMonthWritten(input: EnglishInput, at: number): boolean {
  return input.tokens[at]?.capital === true;
}

function datedSpan(
  input: EnglishInput,
  named: { month: number; date: number; from: number; next: number },
): Parsed | null {
  const tail = yearTailAt(input, named.next);
  if (tail) {
    const span = dateSpan(tail.year, named.month, named.date);
    return span && { span, next: tail.next };
  }
  const direction = yearlyDirection(input, named.from, named.next);
  const span = yearlyOccurrence((year) => dateSpan(year, named.month, named.date), input.reference, direction);
  return span && { span, next: named.next };
}

/** "May 2023", "in May", "last May", "May of last year". */
export function monthNameAt(input: EnglishInput, at: number): Parsed | null {
  const determiner = isWord(input, at, 'last', 'next', 'this') ? wordAt(input, at) : '';
  const start = determiner ? at + 1 : at;
  const month = monthAt(input, start);
  if (!month) return null;
  const tail = yearTailAt(input, month.next);
  if (tail) return { span: monthSpan(tail.year, month.month), next: tail.next };
  if (!isMonthMeant(input, start, month.short)) return null;
  const { reference } = input;
  if (determiner === 'this') return { span: monthSpan(reference.year, month.month), next: month.next };
  if (determiner === 'last') {
    const year = month.month < reference.month ? reference.year : reference.year - 1;
    return { span: monthSpan(year, month.month), next: month.next };
  }
  if (determiner === 'next') {
    const year = month.month > reference.month ? reference.year : reference.year + 1;
    return { span: monthSpan(year, month.month), next: month.next };
  }
  const direction = yearlyDirection(input, at, month.next);
  const span = yearlyOccurrence((year) => monthSpan(year, month.month), reference, direction);
  return span && { span, next: month.next };
}

function isMonthMeant(input: EnglishInput, at: number, short: boolean): boolean {
  if (input.monthsMeant) return true;
  const token = input.tokens[at];
  const dash = isWord(input, at - 1, '-') && isJoined(input, at);
  const before = wordAt(input, dash ? at - 2 : at - 1);
  if (short && token?.text !== 'may' && !token?.capital) return false;
  if (ambiguousMonths.has(wordAt(input, at)))
    return (
      surePrepositions.has(before) ||
      (before === 'this' && token?.capital === true) ||
      (before === 'of' && isWord(input, at - 2, 'end', 'beginning', 'start', 'middle'))
    );
  return timePrepositions.has(before);
}

/** "on the 15th", "by the 3rd", "the 3rd of next month": a day of a month that goes without saying. */
export function bareDateAt(input: EnglishInput, at: number): Parsed | null {
  if (!isWord(input, at, 'the')) return null;
  const date = dateAt(input, at + 1);
  if (!date?.ordinal) return null;
  const months = { last: -1, this: 0, next: 1 }[wordAt(input, date.next + 1)];
  const { reference } = input;
  if (isWord(input, date.next, 'of') && months !== undefined && isWord(input, date.next + 2, 'month')) {
    const first = monthSpan(reference.year, reference.month + months);
    const span = daySpan(first.from / 1_440 + date.value - 1);
    return span.from < first.to ? { span, next: date.next + 3 } : null;
  }
  if (!isWord(input, at - 1, 'on', 'by', 'until', 'till', 'since')) return null;
  if (date.next === at + 2 && !/^\d/u.test(wordAt(input, at + 1))) return null;
  if (!isEndOfPhrase(input, date.next)) return null;
  const direction = directionAround(input, at, date.next);
  const span = monthlyOccurrence((year, month) => dateSpan(year, month, date.value), reference, direction);
  return span && { span, next: date.next };
}

const phraseEnds = new Set(
  'and at in to for i we with when because but so then she he they it from until till or if after before as that'.split(
    ' ',
  ),
);

function isEndOfPhrase(input: EnglishInput, at: number): boolean {
  const token = input.tokens[at];
  return token === undefined || token.kind === 'mark' || phraseEnds.has(token.text);
}

/** What is counted in thousands: "in 2000 words" is no year. */
const countedThings = new Set(
  'words people dollars euros pounds yuan bucks km miles meters metres steps pages years days hours minutes feet copies items places degrees calories kilometers kilometres users followers points characters bc bce of'.split(
    ' ',
  ),
);

/** "in 2022", "since 1998", "early 2021", "the year 2000", "back in 2019". */
export function yearAt(input: EnglishInput, at: number): Parsed | null {
  const year = digitsAt(input, at);
  if (year === null || wordAt(input, at).length !== 4 || year < firstYear || year > lastYear) return null;
  const dash = isWord(input, at - 1, '-') && isJoined(input, at);
  const before = wordAt(input, dash ? at - 2 : at - 1);
  const isNamed = before === 'year' || (year >= 1900 && year < 2100 && timePrepositions.has(before));
  if (!isNamed && before !== 'in' && before !== 'since') return null;
  if (countedThings.has(wordAt(input, at + 1))) return null;
  const isAmount = isWord(input, at + 1, '.', ',', '%', ':', '/') && isJoined(input, at + 1) && isJoined(input, at + 2);
  return isAmount ? null : { span: yearSpan(year), next: at + 1 };
}

const spelledDecades: Record<string, number> = {
  twenties: 20,
  thirties: 30,
  forties: 40,
  fifties: 50,
  sixties: 60,
  seventies: 70,
  eighties: 80,
  nineties: 90,
};

/** "the 90s", "the 1990s", "the nineties", "the mid-80s", "the 19th century". Somebody's twenties are an age. */
export function decadeAt(input: EnglishInput, at: number): Parsed | null {
  const dash = isWord(input, at - 1, '-') && isJoined(input, at);
  const before = wordAt(input, dash ? at - 2 : at - 1);
  if (!['the', 'early', 'late', 'mid'].includes(before)) return null;
  if (isWord(input, dash ? at - 3 : at - 2, 'my', 'his', 'her', 'their', 'our', 'your', 'its')) return null;
  const spelled = spelledDecades[wordAt(input, at)];
  if (spelled !== undefined) return { span: decadeSpan(input, spelled), next: at + 1 };
  const quote = isWord(input, at, "'", '’') ? at + 1 : at;
  const digits = digitsAt(input, quote);
  if (digits === null) return null;
  if (
    isWord(input, quote + 1, 'st', 'nd', 'rd', 'th') &&
    isWord(input, quote + 2, 'century') &&
    digits >= 11 &&
    digits <= 22
  )
    return { span: { ...yearSpan((digits - 1) * 100, 100), precision: 'range' }, next: quote + 3 };
  const apostrophe = isWord(input, quote + 1, "'", '’') ? quote + 2 : quote + 1;
  if (!isWord(input, apostrophe, 's') || !isJoined(input, apostrophe) || digits % 10 !== 0) return null;
  const length = wordAt(input, quote).length;
  if (length === 4) return { span: yearSpan(digits, 10), next: apostrophe + 1 };
  return length === 2 ? { span: decadeSpan(input, digits), next: apostrophe + 1 } : null;
}

/** The latest decade of that number that has begun; the twenties, tens and noughts might be of two centuries. */
function decadeSpan(input: EnglishInput, decade: number): TimeSpan {
  const century = Math.floor(input.reference.year / 100) * 100;
  const start = century + decade <= input.reference.year ? century + decade : century - 100 + decade;
  const span = yearSpan(start, 10);
  return decade >= 40 ? span : uncertain(span);
}
