const DAY = 24 * 60 * 60 * 1000;
/** Years are tried up to the next leap day and one more. */
const MOST_YEARS = 9;

interface WallClock {
  year: number;
  /** 1 to 12. */
  month: number;
  date: number;
  /** Milliseconds since midnight. */
  time: number;
}

/**
 * The first return of a yearly date after `after` (both epoch ms), on the same day and at the same hour of the person's
 * calendar; a 29th of February is kept on the 28th in years without one.
 */
export function nextYearly(at: number, { after, timeZone }: { after: number; timeZone: string }): number {
  const first = wallClock(at, timeZone);
  const from = wallClock(after, timeZone).year - 1;
  for (let year = from; year < from + MOST_YEARS; year += 1) {
    const returned = instant({ ...first, year }, timeZone);
    if (returned > after) return returned;
  }
  return instant({ ...first, year: from + 2 }, timeZone);
}

/** The return of a yearly date that is nearest to `now`. */
export function nearestYearly(at: number, { now, timeZone }: { now: number; timeZone: string }): number {
  const next = nextYearly(at, { after: now, timeZone });
  const first = wallClock(at, timeZone);
  const before = instant({ ...first, year: wallClock(next, timeZone).year - 1 }, timeZone);
  return now - before < next - now ? before : next;
}

function wallClock(at: number, timeZone: string): WallClock {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  const format = new Intl.DateTimeFormat('en-US-u-hc-h23', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  for (const part of format.formatToParts(at)) parts[part.type] = Number(part.value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, date: day, time: ((hour * 60 + minute) * 60 + second) * 1000 };
}

function instant({ year, month, date, time }: WallClock, timeZone: string): number {
  const lastOfMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const local = Date.UTC(year, month - 1, Math.min(date, lastOfMonth)) + time;
  const offset = (at: number): number => {
    const shown = wallClock(at, timeZone);
    return Date.UTC(shown.year, shown.month - 1, shown.date) + shown.time - Math.floor(at / 1000) * 1000;
  };
  const before = offset(local - DAY);
  if (offset(local - before) === before) return local - before;
  return local - offset(local + DAY);
}
