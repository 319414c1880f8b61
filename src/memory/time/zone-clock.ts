import { civilDate, type ReferenceTime } from './civil-days.ts';
import { minutesPerDay } from './time-span.ts';

const minuteInMs = 60_000;
const dayInMs = 86_400_000;

/** The wall clock of one time zone. */
export interface ZoneClock {
  /** What the clock shows at an instant. */
  reference(at: number): ReferenceTime;
  /** The instant (epoch ms) at which the clock shows a local minute: the first where it comes twice, moved on where it is skipped. */
  instant(localMinutes: number): number;
}

/** IANA names; a name that no one knows is read as UTC. */
export function createZoneClock(timeZone: string): ZoneClock {
  const format = zoneFormat(timeZone);
  const monthFirst = /^(?:America\/|US\/|Pacific\/Honolulu|Asia\/Manila)/u.test(timeZone);
  const offset = (at: number): number => localOf(format, at) - Math.floor(at / 1_000) * 1_000;
  return {
    reference: (at) => {
      const now = Math.floor(localOf(format, at) / minuteInMs);
      const day = Math.floor(now / minutesPerDay);
      return { now, day, ...civilDate(day), dayOrder: monthFirst ? 'month-first' : 'day-first' };
    },
    instant: (localMinutes) => {
      const local = localMinutes * minuteInMs;
      const before = offset(local - dayInMs);
      const after = offset(local + dayInMs);
      if (before === after || offset(local - before) === before) return local - before;
      return offset(local - after) === after ? local - after : local - before;
    },
  };
}

/** Making a formatter takes longer than resolving a message; there are some six hundred zones. */
const formats = new Map<string, Intl.DateTimeFormat>();
const mostFormats = 1_000;

function zoneFormat(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const fields = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  } as const;
  let made: Intl.DateTimeFormat;
  try {
    made = new Intl.DateTimeFormat('en-US-u-hc-h23', { ...fields, timeZone });
  } catch {
    made = new Intl.DateTimeFormat('en-US-u-hc-h23', { ...fields, timeZone: 'UTC' });
  }
  if (formats.size < mostFormats) formats.set(timeZone, made);
  return made;
}

/** The wall clock at an instant, written as if it were UTC, in ms. */
function localOf(format: Intl.DateTimeFormat, at: number): number {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const part of format.formatToParts(at)) parts[part.type] = Number(part.value);
  return Date.UTC(
    parts.year ?? 1970,
    (parts.month ?? 1) - 1,
    parts.day ?? 1,
    parts.hour ?? 0,
    parts.minute ?? 0,
    parts.second ?? 0,
  );
}
