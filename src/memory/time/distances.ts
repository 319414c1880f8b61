import { monthSpan, weekendSpan, yearSpan, type ReferenceTime } from './civil-days.ts';
import { daySpan, minutesPerDay, partOfDay, uncertain, type TimeSpan } from './time-span.ts';

export type DistanceUnit = 'minute' | 'hour' | 'day' | 'night' | 'week' | 'weekend' | 'month' | 'year' | 'decade';

/** Times further from now than this, in years, are figures of speech. */
const furthestYears = 1_000;

/** What lies an amount of units before (`sign` -1) or after (1) now. A week is the seven days around its day. */
export function spanAtDistance(
  reference: ReferenceTime,
  unit: DistanceUnit,
  count: { low: number; high: number; vague: boolean },
  sign: -1 | 1,
): TimeSpan | null {
  const near = exactSpan(reference, unit, sign * count.low);
  const far = exactSpan(reference, unit, sign * count.high);
  if (!near || !far) return null;
  if (count.low === count.high) return count.vague ? widened(reference, unit, near, sign) : near;
  const [first, last] = sign < 0 ? [far, near] : [near, far];
  return { from: first.from, to: last.to, precision: 'range', certain: false };
}

/** "a couple of days ago" may be one more than two. */
function widened(reference: ReferenceTime, unit: DistanceUnit, span: TimeSpan, sign: -1 | 1): TimeSpan {
  const more = unit === 'day' || unit === 'night' ? exactSpan(reference, unit, sign * 3) : null;
  if (!more) return uncertain(span);
  return { from: Math.min(span.from, more.from), to: Math.max(span.to, more.to), precision: 'range', certain: false };
}

function exactSpan(reference: ReferenceTime, unit: DistanceUnit, by: number): TimeSpan | null {
  const { now, day, year, month } = reference;
  switch (unit) {
    case 'minute':
      return { from: now + by, to: now + by + 1, precision: 'minute', certain: true };
    case 'hour':
      return { from: now + by * 60 - 30, to: now + by * 60 + 30, precision: 'hour', certain: true };
    case 'day':
      return daySpan(day + by);
    case 'night':
      return partOfDay(day + by, 18 * 60, 30 * 60);
    case 'week':
      return daySpan(day + by * 7 - 3, 7, 'week');
    case 'weekend':
      return weekendSpan(reference, by);
    case 'month':
      return Math.abs(by) > furthestYears ? null : monthSpan(year, month + by);
    case 'year':
      return Math.abs(by) > furthestYears ? null : yearSpan(year + by);
    default:
      return Math.abs(by) > furthestYears / 10 ? null : uncertain(yearSpan(year + by * 10));
  }
}

/** `whole` units and a half one before or after now; null for units that are not halved. */
export function halfSpan(reference: ReferenceTime, unit: DistanceUnit, whole: number, sign: -1 | 1): TimeSpan | null {
  const { now, day, year, month } = reference;
  switch (unit) {
    case 'hour': {
      const middle = now + sign * (whole * 60 + 30);
      return { from: middle - 10, to: middle + 10, precision: 'range', certain: true };
    }
    case 'week':
      return daySpan(day + sign * Math.round(whole * 7 + 3.5) - 1, 3, 'range');
    case 'month':
      return uncertain(daySpan(day + sign * (whole * 30 + 15) - 3, 7, 'range'));
    case 'year': {
      const months = month + sign * (whole * 12 + 6);
      const first = monthSpan(year, months - 1);
      return { from: first.from, to: monthSpan(year, months + 1).to, precision: 'range', certain: false };
    }
    default:
      return null;
  }
}

const monthsOf: Partial<Record<DistanceUnit, number>> = { month: 1, year: 12, decade: 120 };

/** The stretch of an amount of units that ends (or begins) now, whole days; hours and minutes to the minute. */
export function stretch(reference: ReferenceTime, unit: DistanceUnit, count: number, sign: -1 | 1): TimeSpan | null {
  const { now, day, year, month, date } = reference;
  const precision = 'range';
  if (unit === 'minute' || unit === 'hour') {
    const length = count * (unit === 'hour' ? 60 : 1);
    return sign < 0
      ? { from: now - length, to: now, precision, certain: true }
      : { from: now, to: now + length, precision, certain: true };
  }
  const months = monthsOf[unit];
  if (months !== undefined) {
    if (months * count > furthestYears * 12) return null;
    const other = monthSpan(year, month + sign * months * count).from / minutesPerDay + date - 1;
    return sign < 0 ? daySpan(other, day + 1 - other, precision) : daySpan(day, other + 1 - day, precision);
  }
  const length = (unit === 'week' || unit === 'weekend' ? 7 : 1) * count;
  return sign < 0 ? daySpan(day - length, length + 1, precision) : daySpan(day, length + 1, precision);
}
