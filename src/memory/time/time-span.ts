/** How exact an expression is. Parts of days ("last night") are `hour`; what no calendar unit names is `range`. */
export type TimePrecision = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'season' | 'year' | 'range';

/** A stretch of local time, in minutes since 1970-01-01 00:00 on the speaker's wall clock; `to` is exclusive. */
export interface TimeSpan {
  from: number;
  to: number;
  precision: TimePrecision;
  certain: boolean;
}

/** An expression found in a text: where it stands (UTF-16 offsets, `end` exclusive) and what it means. */
export interface FoundTime {
  index: number;
  end: number;
  span: TimeSpan;
}

/** Whether the sentence around an expression tells of what was or of what will be. */
export type Direction = 'past' | 'future' | 'unknown';

export const minutesPerDay = 1_440;

/** Whole days, `days` long. */
export function daySpan(day: number, days = 1, precision: TimePrecision = 'day'): TimeSpan {
  return { from: day * minutesPerDay, to: (day + days) * minutesPerDay, precision, certain: true };
}

/** Minutes of one day; `to` may lie beyond its midnight. */
export function partOfDay(day: number, fromMinute: number, toMinute: number): TimeSpan {
  const midnight = day * minutesPerDay;
  return { from: midnight + fromMinute, to: midnight + toMinute, precision: 'hour', certain: true };
}

export function uncertain(span: TimeSpan): TimeSpan {
  return { ...span, certain: false };
}

/** From the beginning of one to the end of the other; null where that is no stretch of time. */
export function joinSpans(first: TimeSpan, last: TimeSpan): TimeSpan | null {
  if (last.to <= first.from) return null;
  return { from: first.from, to: last.to, precision: 'range', certain: first.certain && last.certain };
}
