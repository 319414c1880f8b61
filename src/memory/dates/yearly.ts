import { dayNumber } from '../time/civil-days.ts';
import { minutesPerDay } from '../time/time-span.ts';
import { createZoneClock, type ZoneClock } from '../time/zone-clock.ts';

/** Years that are tried: a leap day and one more. */
const MOST_YEARS = 9;

/**
 * The first return of a yearly date after `after` (both epoch ms), on the same day and at the same minute of the person's
 * calendar; a 29th of February is kept on the 28th in years without one.
 */
export function nextYearly(at: number, { after, timeZone }: { after: number; timeZone: string }): number {
  const clock = createZoneClock(timeZone);
  const { year } = clock.reference(after);
  const returns = Array.from({ length: MOST_YEARS }, (_, index) => returnIn(year - 1 + index, { at, clock }));
  return returns.find((time) => time > after) ?? after;
}

/** The return of a yearly date that is nearest to `now`. */
export function nearestYearly(at: number, { now, timeZone }: { now: number; timeZone: string }): number {
  const clock = createZoneClock(timeZone);
  const next = nextYearly(at, { after: now, timeZone });
  const before = returnIn(clock.reference(next).year - 1, { at, clock });
  return now - before < next - now ? before : next;
}

function returnIn(year: number, { at, clock }: { at: number; clock: ZoneClock }): number {
  const { month, date, now } = clock.reference(at);
  const lastOfMonth = dayNumber(year, month + 1, 0) - dayNumber(year, month, 0);
  const day = dayNumber(year, month, Math.min(date, lastOfMonth));
  return clock.instant(day * minutesPerDay + (now % minutesPerDay));
}
