/** A moment as a calendar and a clock somewhere show it. */
export interface ZonedTime {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
  /** 0 is Sunday. */
  weekday: number;
  /** Minutes east of UTC. */
  offset: number;
  /** Epoch milliseconds. */
  epoch: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** Names of time zones are few; a wrong one falls back to UTC. */
const MAX_FORMATS = 100;

function clockOf(timeZone: string | undefined): Intl.DateTimeFormat {
  const key = timeZone ?? '';
  const known = formats.get(key);
  if (known) return known;
  let format: Intl.DateTimeFormat;
  const fields = {
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    era: 'short',
  } as const;
  try {
    format = new Intl.DateTimeFormat('en-US', { ...fields, ...(timeZone === undefined ? {} : { timeZone }) });
  } catch {
    format = new Intl.DateTimeFormat('en-US', { ...fields, timeZone: 'UTC' });
  }
  if (formats.size < MAX_FORMATS) formats.set(key, format);
  return format;
}

/** The time in a zone; `epoch` outside what a calendar can show becomes the epoch. */
export function zonedTime(epoch: number, timeZone: string | undefined): ZonedTime {
  const moment = Math.abs(epoch) <= 8.64e15 ? Math.trunc(epoch) : 0;
  const shown = new Map(
    clockOf(timeZone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(shown.get(type));
  const year = shown.get('era') === 'BC' ? 1 - part('year') : part('year');
  const wall = Date.UTC(2000, part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  const local = new Date(wall);
  local.setUTCFullYear(year, part('month') - 1, part('day'));
  const whole = Math.floor(moment / 1000) * 1000;
  return fieldsOf(local, { epoch: moment, offset: Math.round((local.getTime() - whole) / 60_000) });
}

/** The time so many minutes east of UTC. */
export function offsetTime(epoch: number, offset: number): ZonedTime {
  const moment = Math.abs(epoch) <= 8.6e15 ? Math.trunc(epoch) : 0;
  return fieldsOf(new Date(moment + offset * 60_000), { epoch: moment, offset });
}

function fieldsOf(local: Date, { epoch, offset }: { epoch: number; offset: number }): ZonedTime {
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: ((epoch % 1000) + 1000) % 1000,
    weekday: local.getUTCDay(),
    offset,
    epoch,
  };
}
