import { minutesPerDay, partOfDay, type TimeSpan } from '../time-span.ts';
import { digitsAt, isJoined, isWord, wordAt, type EnglishInput } from './english-input.ts';

/** A time of day, in minutes after midnight. */
export interface ClockTime {
  minute: number;
  precision: 'minute' | 'hour';
  /** Said with am, pm, noon, or on 24 hours. */
  exact: boolean;
  next: number;
}

/** "5pm", "5:30 p.m.", "17:30", "3 o'clock", "noon", "midnight", and after `at` a bare number: "at 3". */
export function clockAt(input: EnglishInput, at: number, afterAt: boolean): ClockTime | null {
  if (isWord(input, at, 'noon', 'midday')) return { minute: 720, precision: 'hour', exact: true, next: at + 1 };
  if (isWord(input, at, 'midnight')) return { minute: 0, precision: 'hour', exact: true, next: at + 1 };
  const hour = digitsAt(input, at) ?? hourByName(wordAt(input, at));
  if (hour === null || hour > 24) return null;
  const hasMinutes = isWord(input, at + 1, ':') && isJoined(input, at + 1) && isJoined(input, at + 2);
  const minutes = hasMinutes ? digitsAt(input, at + 2) : 0;
  if (minutes === null || minutes > 59 || (hasMinutes && wordAt(input, at + 2).length !== 2)) return null;
  const precision = hasMinutes ? 'minute' : 'hour';
  let next = hasMinutes ? at + 3 : at + 1;
  const half = halfOfDayAt(input, next);
  if (half) {
    if (hour < 1 || hour > 12) return null;
    return {
      minute: ((hour % 12) + (half.afternoon ? 12 : 0)) * 60 + minutes,
      precision,
      exact: true,
      next: half.next,
    };
  }
  const oclock = isWord(input, next, 'oclock');
  if (oclock) next += 1;
  const colonSeconds = isWord(input, next, ':', '/', '%', '-') && isJoined(input, next);
  if (colonSeconds || hour > 23 || (!oclock && !hasMinutes && !afterAt)) return null;
  if (!hasMinutes && !oclock && !isEndOfClock(input, next)) return null;
  return {
    minute: hour * 60 + minutes,
    precision,
    exact: hour > 12 || hour === 0 || (hasMinutes && wordAt(input, at).startsWith('0')),
    next,
  };
}

const hourNames = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');

function hourByName(word: string): number | null {
  const hour = hourNames.indexOf(word);
  return hour > 0 ? hour : null;
}

function halfOfDayAt(input: EnglishInput, at: number): { afternoon: boolean; next: number } | null {
  if (isWord(input, at, 'am', 'pm')) return { afternoon: isWord(input, at, 'pm'), next: at + 1 };
  const dotted =
    isWord(input, at, 'a', 'p') &&
    isWord(input, at + 1, '.') &&
    isWord(input, at + 2, 'm') &&
    isJoined(input, at + 1) &&
    isJoined(input, at + 2);
  if (!dotted) return null;
  const closing = isWord(input, at + 3, '.') && isJoined(input, at + 3) ? at + 4 : at + 3;
  return { afternoon: isWord(input, at, 'p'), next: closing };
}

/** "at 3" ends a phrase; "at 3 places" counts. */
function isEndOfClock(input: EnglishInput, at: number): boolean {
  const token = input.tokens[at];
  if (token === undefined || token.kind === 'mark') return true;
  return [
    'on',
    'in',
    'and',
    'or',
    'but',
    'so',
    'today',
    'tomorrow',
    'tonight',
    'yesterday',
    'this',
    'sharp',
    'for',
    'with',
    'to',
    'i',
    'we',
    'because',
    'then',
    'when',
  ].includes(token.text);
}

/** The minutes at which parts of a day begin and end; a night ends on the next day. */
export const partsOfDay = {
  morning: [5 * 60, 12 * 60],
  afternoon: [12 * 60, 18 * 60],
  evening: [17 * 60, 24 * 60],
  night: [18 * 60, 30 * 60],
} as const;

export type PartOfDay = keyof typeof partsOfDay;

export function partOfDayAt(input: EnglishInput, at: number): PartOfDay | null {
  const word = wordAt(input, at);
  return word === 'morning' || word === 'afternoon' || word === 'evening' || word === 'night' ? word : null;
}

export function spanOfPart(day: number, part: PartOfDay): TimeSpan {
  const [from, to] = partsOfDay[part];
  return partOfDay(day, from, to);
}

/**
 * A time of day within a day or a part of one. An hour without am or pm goes where the part of the day puts it; without
 * one, 1 to 6 are taken for the afternoon and 7 to 12 as they stand, and both are uncertain.
 */
export function clockWithin(span: TimeSpan, clock: ClockTime): TimeSpan {
  const midnight = Math.floor(span.from / minutesPerDay) * minutesPerDay;
  const length = clock.precision === 'minute' ? 1 : 60;
  const candidates = clock.exact ? [clock.minute] : [clock.minute, clock.minute + 720];
  for (const minute of [...candidates, ...candidates.map((each) => each + minutesPerDay)]) {
    const from = midnight + minute;
    const isWholeDay = span.to - span.from >= minutesPerDay;
    if (!isWholeDay && from >= span.from && from < span.to)
      return { from, to: from + length, precision: clock.precision, certain: span.certain };
  }
  const guessed = !clock.exact && clock.minute < 7 * 60 ? clock.minute + 720 : clock.minute;
  return {
    from: midnight + guessed,
    to: midnight + guessed + length,
    precision: clock.precision,
    certain: span.certain && clock.exact,
  };
}
