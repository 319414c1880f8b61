const HOUR_IN_MS = 3_600_000;
const DAY_IN_MS = 24 * HOUR_IN_MS;

export type Span = 'hour' | 'day' | 'month';

/** Days and months as the house counts them. */
export interface HouseCalendar {
  readonly timeZone: string;
  /** `2026-11-26T09` for an hour, `2026-11-26` for a day, `2026-11` for a month. */
  nameOf(at: number, span: Span): string;
  /** The first instant, epoch milliseconds, of the span that `at` is in. */
  startOf(at: number, span: Span): number;
  /** The first instant after the span that `at` is in. */
  endOf(at: number, span: Span): number;
}

/** Letters of `YYYY-MM-DDTHH` that name a span. */
const NAME_LENGTH = { hour: 13, day: 10, month: 7 } as const;
/** Longer than any such span, so that one step further is in the next. */
const LONGER_IN_MS = { hour: HOUR_IN_MS, day: 26 * HOUR_IN_MS, month: 32 * DAY_IN_MS } as const;

/** `timeZone` is an IANA name. Throws `RangeError` where nobody knows it. */
export function createHouseCalendar(timeZone: string): HouseCalendar {
  const format = new Intl.DateTimeFormat('en-US-u-hc-h23', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
  });
  const nameOf = (at: number, span: Span): string => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const year = (parts.get('year') ?? '').padStart(4, '0');
    return `${year}-${parts.get('month')}-${parts.get('day')}T${parts.get('hour')}`.slice(0, NAME_LENGTH[span]);
  };
  /** The first minute in which the clock shows another span than at `low`, which it does at `high`. */
  const changeBetween = (low: number, high: number, span: Span): number => {
    const name = nameOf(high, span);
    let before = Math.floor(low / 60_000);
    let after = Math.floor(high / 60_000);
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (nameOf(middle * 60_000, span) === name) after = middle;
      else before = middle;
    }
    return after * 60_000;
  };
  const startOf = (at: number, span: Span) => {
    const name = nameOf(at, span);
    const low = at - LONGER_IN_MS[span];
    return nameOf(low, span) === name ? low : changeBetween(low, at, span);
  };
  return {
    timeZone,
    nameOf,
    startOf,
    endOf: (at, span) => {
      const start = startOf(at, span);
      const later = start + LONGER_IN_MS[span];
      return startOf(later, span) === start ? later : startOf(later, span);
    },
  };
}
