import i18next from 'i18next';

const DAY = 86_400_000;
/** Days from which a longer unit is spoken of. */
const UNITS: readonly { from: number; days: number; unit: Intl.RelativeTimeFormatUnit }[] = [
  { from: 550, days: 365.25, unit: 'year' },
  { from: 45, days: 30.44, unit: 'month' },
  { from: 14, days: 7, unit: 'week' },
  { from: 0, days: 1, unit: 'day' },
];

/** How long ago, or until then, in days of the reader's calendar: “yesterday”, “3 weeks ago”, “in 2 months”. */
export function formatAgo(time: number, now: number): string {
  const days = (startOfDay(time) - startOfDay(now)) / DAY;
  const { days: length, unit } = UNITS.find(({ from }) => Math.abs(days) >= from) ?? { days: 1, unit: 'day' as const };
  return new Intl.RelativeTimeFormat(i18next.language, { numeric: 'auto' }).format(Math.round(days / length), unit);
}

export type TimePrecision = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

/** A day as it is spoken of: with its year only where it is another one. */
export function formatDay(time: number, now: number, precision: TimePrecision = 'day'): string {
  const otherYear = new Date(time).getFullYear() !== new Date(now).getFullYear();
  const year = otherYear || precision === 'year' ? ({ year: 'numeric' } as const) : {};
  const month = precision === 'year' ? {} : ({ month: 'long' } as const);
  const day = precision === 'year' || precision === 'month' ? {} : ({ day: 'numeric' } as const);
  const clock = precision === 'minute' || precision === 'hour' ? ({ hour: 'numeric', minute: '2-digit' } as const) : {};
  return new Intl.DateTimeFormat(i18next.language, { ...year, ...month, ...day, ...clock }).format(time);
}

/** For headings of a timeline: the weekday too. */
export function formatLongDay(time: number): string {
  return new Intl.DateTimeFormat(i18next.language, { dateStyle: 'full' }).format(time);
}

/** A bound of what was true: its month alone where it is a month's first or last day, which is how months are kept. */
export function formatBound(time: number, now: number): string {
  const tomorrow = new Date(time);
  tomorrow.setDate(tomorrow.getDate() + 1);
  const isMonth = new Date(time).getDate() === 1 || tomorrow.getDate() === 1;
  return formatDay(time, now, isMonth ? 'month' : 'day');
}

/** The same number for all times of one day of the reader's calendar. */
export function startOfDay(time: number): number {
  const day = new Date(time);
  // Days of the calendar, whatever summer time does to their length.
  return Date.UTC(day.getFullYear(), day.getMonth(), day.getDate());
}
