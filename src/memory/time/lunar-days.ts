import { LunarDay, SolarTerm } from 'tyme4ts';
import { dayNumber } from './civil-days.ts';

/** Years beyond these have no printed almanac to compare with. */
const firstLunarYear = 1_000;
const lastLunarYear = 2_999;

/** A date takes a quarter of a millisecond to find, and the same ones are asked for again and again. */
const found = new Map<string, number | null>();
const mostKept = 10_000;

/**
 * The day (days since 1970-01-01) of a date in the Chinese calendar, never of its leap month; null where that month has no
 * such day. `year` is the Gregorian year in which the lunar one begins. (ICU's Chinese calendar is a day off in some
 * months: it puts the new year of 2027 on 7 February, a day late.)
 */
export function lunarDay(year: number, month: number, date: number): number | null {
  return remembered(`${year}-${month}-${date}`, year, () => LunarDay.fromYmd(year, month, date).getSolarDay());
}

/** The last day of a lunar year, 除夕. */
export function lunarYearEnd(year: number): number | null {
  const next = lunarDay(year + 1, 1, 1);
  return next === null ? null : next - 1;
}

/** The day of a solar term such as 清明; 冬至 is the one at the end of the Gregorian year. */
export function solarTermDay(year: number, name: '清明' | '冬至'): number | null {
  // A solar year begins with the winter solstice before it.
  return remembered(`${year}${name}`, year, () =>
    SolarTerm.fromName(name === '冬至' ? year + 1 : year, name).getSolarDay(),
  );
}

function remembered(
  key: string,
  year: number,
  find: () => { getYear(): number; getMonth(): number; getDay(): number },
): number | null {
  if (year < firstLunarYear || year > lastLunarYear) return null;
  const known = found.get(key);
  if (known !== undefined) return known;
  let day: number | null;
  try {
    const solar = find();
    day = dayNumber(solar.getYear(), solar.getMonth(), solar.getDay());
  } catch {
    // The library refuses dates that a month does not have.
    day = null;
  }
  if (found.size < mostKept) found.set(key, day);
  return day;
}
