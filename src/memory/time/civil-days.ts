import { daySpan, minutesPerDay, uncertain, type Direction, type TimeSpan } from './time-span.ts';

/** Years outside these are taken for numbers, not for dates. */
export const firstYear = 1_000;
export const lastYear = 2_999;

const dayInMs = 86_400_000;

export type SeasonName = 'spring' | 'summer' | 'autumn' | 'winter';

/** Seasons of the northern half, by their first month (meteorological: winter is December to February). */
const seasonMonths: Record<SeasonName, number> = { spring: 3, summer: 6, autumn: 9, winter: 12 };

/** The day on which something is said, in the speaker's time zone. */
export interface ReferenceTime {
  /** Minutes since 1970-01-01 00:00 on the local wall clock. */
  now: number;
  /** Days since 1970-01-01. */
  day: number;
  year: number;
  month: number;
  date: number;
  /** 1 is Monday, 7 Sunday (ISO 8601). */
  weekday: number;
  /** How 5/7 is read. */
  dayOrder: 'day-first' | 'month-first';
}

/** Days since 1970-01-01 of a date in the Gregorian calendar; months over 12 and days over the end run on. */
export function dayNumber(year: number, month: number, date: number): number {
  return Math.floor(Date.UTC(year, month - 1, date) / dayInMs);
}

export function civilDate(day: number): { year: number; month: number; date: number; weekday: number } {
  const at = new Date(day * dayInMs);
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    date: at.getUTCDate(),
    weekday: at.getUTCDay() === 0 ? 7 : at.getUTCDay(),
  };
}

export function isDate(year: number, month: number, date: number): boolean {
  if (year < firstYear || year > lastYear || month < 1 || month > 12 || date < 1) return false;
  const civil = civilDate(dayNumber(year, month, date));
  return civil.month === month && civil.date === date;
}

export function dateSpan(year: number, month: number, date: number): TimeSpan | null {
  return isDate(year, month, date) ? daySpan(dayNumber(year, month, date)) : null;
}

/** Month 0 is the December before, 13 the January after. */
export function monthSpan(year: number, month: number): TimeSpan {
  const first = dayNumber(year, month, 1);
  return daySpan(first, dayNumber(year, month + 1, 1) - first, 'month');
}

export function yearSpan(year: number, years = 1): TimeSpan {
  const first = dayNumber(year, 1, 1);
  return daySpan(first, dayNumber(year + years, 1, 1) - first, years === 1 ? 'year' : 'range');
}

/** The season that begins in this year. */
export function seasonSpan(year: number, season: SeasonName): TimeSpan {
  const month = seasonMonths[season];
  const first = dayNumber(year, month, 1);
  return daySpan(first, dayNumber(year, month + 3, 1) - first, 'season');
}

/** The week, Monday to Sunday, that lies `weeks` after the one of the reference. */
export function weekSpan(reference: ReferenceTime, weeks: number): TimeSpan {
  return daySpan(mondayOf(reference) + weeks * 7, 7, 'week');
}

/** Saturday and Sunday of that week. */
export function weekendSpan(reference: ReferenceTime, weeks: number): TimeSpan {
  return daySpan(mondayOf(reference) + weeks * 7 + 5, 2, 'range');
}

export function mondayOf(reference: ReferenceTime): number {
  return reference.day - reference.weekday + 1;
}

/** The nearest day before the reference with this weekday, never the reference itself. */
export function weekdayBefore(reference: ReferenceTime, weekday: number): number {
  return reference.day - (((reference.weekday - weekday + 6) % 7) + 1);
}

/** The nearest day after the reference with this weekday, never the reference itself. */
export function weekdayAfter(reference: ReferenceTime, weekday: number): number {
  return reference.day + (((weekday - reference.weekday + 6) % 7) + 1);
}

/** The last weekend that has begun on an earlier day than today's weekend: on a Sunday the one a week ago. */
export function lastWeekend(reference: ReferenceTime): TimeSpan {
  return weekendSpan(reference, -1);
}

/** Somebody who speaks of almost a year ago says "last"; a feast or date that is close ahead is meant all the same. */
const farInMinutes = 300 * minutesPerDay;
const nearInMinutes = 62 * minutesPerDay;

function yearlySpans(occurrence: (year: number) => TimeSpan | null, reference: ReferenceTime): TimeSpan[] {
  return [-4, -3, -2, -1, 0, 1, 2, 3, 4]
    .map((years) => occurrence(reference.year + years))
    .filter((span) => span !== null);
}

/** The latest return that began before a local minute. */
export function lastOccurrence(
  occurrence: (year: number) => TimeSpan | null,
  reference: ReferenceTime,
  before: number,
): TimeSpan | null {
  return yearlySpans(occurrence, reference).findLast((span) => span.from < before) ?? null;
}

/** The first return that begins at a local minute or after it. */
export function nextOccurrence(
  occurrence: (year: number) => TimeSpan | null,
  reference: ReferenceTime,
  notBefore: number,
): TimeSpan | null {
  return yearlySpans(occurrence, reference).find((span) => span.from >= notBefore) ?? null;
}

/**
 * Which of the yearly returns of something is meant. Past: the latest that has begun; future: the first that is not over;
 * unknown: the nearest one, and uncertain.
 */
export function yearlyOccurrence(
  occurrence: (year: number) => TimeSpan | null,
  reference: ReferenceTime,
  direction: Direction,
): TimeSpan | null {
  const spans = yearlySpans(occurrence, reference);
  if (direction === 'past') {
    const before = spans.findLast((span) => span.from <= reference.now) ?? null;
    const after = spans.find((span) => span.from > reference.now);
    const isFar = before !== null && reference.now - before.to > farInMinutes;
    return isFar && after && after.from - reference.now < nearInMinutes ? uncertain(after) : before;
  }
  if (direction === 'future') return spans.find((span) => span.to > reference.now) ?? null;
  return nearestOf(spans, reference.now);
}

/** The same for what comes back every month, such as "the 15th". */
export function monthlyOccurrence(
  occurrence: (year: number, month: number) => TimeSpan | null,
  reference: ReferenceTime,
  direction: Direction,
): TimeSpan | null {
  const spans = [-2, -1, 0, 1, 2]
    .map((months) => civilDate(dayNumber(reference.year, reference.month + months, 1)))
    .map(({ year, month }) => occurrence(year, month))
    .filter((span) => span !== null);
  if (direction === 'past') return spans.findLast((span) => span.from <= reference.now) ?? null;
  if (direction === 'future') return spans.find((span) => span.to > reference.now) ?? null;
  return nearestOf(spans, reference.now);
}

function nearestOf(spans: readonly TimeSpan[], now: number): TimeSpan | null {
  let nearest: TimeSpan | null = null;
  for (const span of spans) if (nearest === null || distance(span, now) < distance(nearest, now)) nearest = span;
  return nearest && uncertain(nearest);
}

function distance(span: TimeSpan, now: number): number {
  if (span.from > now) return span.from - now;
  return Math.max(0, now - span.to + 1);
}

export type PartOfPeriod = 'beginning' | 'early' | 'middle' | 'late' | 'end';

/** "early", "mid" and "late" are thirds; beginning and end are the outer twelfth of a year and the outer quarter of less. */
export function partOfPeriod(span: TimeSpan, part: PartOfPeriod): TimeSpan {
  const days = Math.round((span.to - span.from) / minutesPerDay);
  const first = Math.round(span.from / minutesPerDay);
  const third = Math.max(1, Math.round(days / 3));
  const outer = Math.max(1, Math.round(days / (days > 300 ? 12 : 4)));
  const cut = (from: number, length: number): TimeSpan => ({
    ...daySpan(first + from, Math.max(1, length), 'range'),
    certain: span.certain,
  });
  switch (part) {
    case 'beginning':
      return cut(0, outer);
    case 'early':
      return cut(0, third);
    case 'middle':
      return cut(third, days - 2 * third);
    case 'late':
      return cut(days - third, third);
    default:
      return cut(days - outer, outer);
  }
}
