import { halfSpan, type DistanceUnit } from '../distances.ts';
import type { TimeSpan } from '../time-span.ts';
import { isWord, wordAt, type EnglishInput } from './english-input.ts';

const unitWords: Record<string, DistanceUnit> = {
  minute: 'minute',
  minutes: 'minute',
  min: 'minute',
  mins: 'minute',
  hour: 'hour',
  hours: 'hour',
  hr: 'hour',
  hrs: 'hour',
  day: 'day',
  days: 'day',
  night: 'night',
  nights: 'night',
  week: 'week',
  weeks: 'week',
  wk: 'week',
  wks: 'week',
  weekend: 'weekend',
  weekends: 'weekend',
  month: 'month',
  months: 'month',
  mo: 'month',
  year: 'year',
  years: 'year',
  yr: 'year',
  yrs: 'year',
  decade: 'decade',
  decades: 'decade',
};

export function distanceUnitAt(input: EnglishInput, at: number): DistanceUnit | null {
  return unitWords[wordAt(input, at)] ?? null;
}

/** "half an hour ago", "half a year ago", "a year and a half ago", "two and a half years ago". */
export function halfDistanceAt(
  input: EnglishInput,
  at: number,
): { spanBy: (sign: -1 | 1) => TimeSpan | null; next: number } | null {
  const isHalf = isWord(input, at, 'half') && isWord(input, at + 1, 'a', 'an');
  if (isHalf) return halfOf(input, distanceUnitAt(input, at + 2), 0, at + 3);
  const unit = isWord(input, at, 'a', 'an', 'one') ? distanceUnitAt(input, at + 1) : null;
  if (unit && isWord(input, at + 2, 'and') && isWord(input, at + 3, 'a') && isWord(input, at + 4, 'half'))
    return halfOf(input, unit, 1, at + 5);
  return null;
}

/** A halved distance, once a unit is there. */
export function halfOf(
  input: EnglishInput,
  unit: DistanceUnit | null,
  whole: number,
  next: number,
): { spanBy: (sign: -1 | 1) => TimeSpan | null; next: number } | null {
  return unit && { spanBy: (sign) => halfSpan(input.reference, unit, whole, sign), next };
}
