import { dayNumber } from './civil-days.ts';

const dayInMs = 86_400_000;
/** Mean days of a lunar month. */
const synodicMonth = 29.530588;
/** A first guess lies within one leap month of the day that is sought; each step comes at least a month nearer. */
const mostSteps = 8;

const format = new Intl.DateTimeFormat('en-u-ca-chinese', {
  timeZone: 'UTC',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
});

/**
 * The day (days since 1970-01-01) of a date in the Chinese calendar, as ICU reckons it; null where that month has no such
 * day. `year` is the Gregorian year in which the lunar one begins.
 */
export function lunarDay(year: number, month: number, date: number): number | null {
  let day = Math.round(dayNumber(year, 2, 4) + (month - 1) * synodicMonth + date - 1);
  for (let step = 0; step < mostSteps; step++) {
    const there = lunarDate(day);
    const months = (year - there.year) * 12 + month - there.month;
    if (months === 0 && !there.leap) {
      if (there.date === date) return day;
      const moved = lunarDate(day + date - there.date);
      return moved.month === month && moved.date === date ? day + date - there.date : null;
    }
    // A leap month has the number of the month before it.
    const away = months === 0 ? -1 : months;
    // By way of the middle of a month, so that months of 29 and of 30 days are not jumped over.
    day = Math.round(day + away * synodicMonth + 15 - there.date);
  }
  return null;
}

/** The last day of a lunar year, 除夕. */
export function lunarYearEnd(year: number): number | null {
  const next = lunarDay(year + 1, 1, 1);
  return next === null ? null : next - 1;
}

function lunarDate(day: number): { year: number; month: number; date: number; leap: boolean } {
  const value = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  const parts: { type: string; value: string }[] = format.formatToParts(day * dayInMs + dayInMs / 2);
  const month = value('month');
  return {
    year: Number(value('relatedYear')),
    month: Number.parseInt(month, 10),
    date: Number(value('day')),
    leap: month.endsWith('bis'),
  };
}
