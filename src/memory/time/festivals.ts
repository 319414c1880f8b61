import { civilDate, dateSpan, dayNumber } from './civil-days.ts';
import { lunarDay, lunarYearEnd, solarTermDay } from './lunar-days.ts';
import { daySpan, type TimeSpan } from './time-span.ts';

/** A feast in one Gregorian year: its day or days; null in a year without it or beyond what is known of it. */
export type Festival = (year: number) => TimeSpan | null;

const fixed =
  (month: number, date: number, days = 1): Festival =>
  (year) => {
    const span = dateSpan(year, month, date);
    return span && spread(span.from / 1_440, days);
  };

/** The nth weekday of a month (1 Monday … 7 Sunday); a negative count is from its end. */
const nthWeekday =
  (month: number, weekday: number, nth: number, shift = 0): Festival =>
  (year) => {
    if (nth > 0) {
      const first = dayNumber(year, month, 1);
      return daySpan(first + ((weekday - civilDate(first).weekday + 7) % 7) + (nth - 1) * 7 + shift);
    }
    const last = dayNumber(year, month + 1, 0);
    return daySpan(last - ((civilDate(last).weekday - weekday + 7) % 7) + (nth + 1) * 7 + shift);
  };

const lunar =
  (month: number, date: number, days = 1, before = 0): Festival =>
  (year) => {
    // The last month of a lunar year lies in the next Gregorian one.
    const day = lunarDay(month === 12 ? year - 1 : year, month, date);
    return day === null ? null : spread(day - before, days);
  };

/** Western Easter by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, chapter 8). */
const easter =
  (shift: number): Festival =>
  (year) => {
    const a = year % 19;
    const b = Math.floor(year / 100);
    const c = year % 100;
    const d = b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3);
    const h = (19 * a + d + 15) % 30;
    const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
    const m = Math.floor((a + 11 * h + 22 * l) / 451);
    const n = h + l - 7 * m + 114;
    return daySpan(dayNumber(year, Math.floor(n / 31), (n % 31) + 1) + shift);
  };

const solarTerm =
  (name: '清明' | '冬至'): Festival =>
  (year) => {
    const day = solarTermDay(year, name);
    return day === null ? null : daySpan(day);
  };

const newYearsEveLunar: Festival = (year) => {
  const day = lunarYearEnd(year - 1);
  return day === null ? null : daySpan(day);
};

const spread = (day: number, days: number): TimeSpan => daySpan(day, days, days === 1 ? 'day' : 'range');

/**
 * Feasts by name. Where countries differ it is the commonest reading: Thanksgiving, Mother's and Father's Day as in the
 * United States; 春节 is the eve and the seven days after it, 国庆 the first week of October.
 */
export const festivals = {
  newYear: fixed(1, 1),
  newYearsEve: fixed(12, 31),
  epiphany: fixed(1, 6),
  valentine: fixed(2, 14),
  womensDay: fixed(3, 8),
  stPatrick: fixed(3, 17),
  aprilFools: fixed(4, 1),
  earthDay: fixed(4, 22),
  goodFriday: easter(-2),
  easter: easter(0),
  easterMonday: easter(1),
  labourDay: fixed(5, 1, 5),
  mothersDay: nthWeekday(5, 7, 2),
  memorialDay: nthWeekday(5, 1, -1),
  childrensDay: fixed(6, 1),
  fathersDay: nthWeekday(6, 7, 3),
  juneteenth: fixed(6, 19),
  independenceDay: fixed(7, 4),
  laborDay: nthWeekday(9, 1, 1),
  teachersDay: fixed(9, 10),
  nationalDay: fixed(10, 1, 7),
  halloween: fixed(10, 31),
  bonfireNight: fixed(11, 5),
  veteransDay: fixed(11, 11),
  thanksgiving: nthWeekday(11, 4, 4),
  blackFriday: nthWeekday(11, 4, 4, 1),
  christmasEve: fixed(12, 24),
  christmas: fixed(12, 25),
  boxingDay: fixed(12, 26),
  springFestivalEve: newYearsEveLunar,
  springFestival: lunar(1, 1, 8, 1),
  lunarNewYearDay: lunar(1, 1),
  lanternFestival: lunar(1, 15),
  qingming: solarTerm('清明'),
  dragonBoat: lunar(5, 5),
  qixi: lunar(7, 7),
  ghostFestival: lunar(7, 15),
  midAutumn: lunar(8, 15),
  doubleNinth: lunar(9, 9),
  winterSolstice: solarTerm('冬至'),
  laba: lunar(12, 8),
  littleNewYear: lunar(12, 23),
} satisfies Record<string, Festival>;

export type FestivalName = keyof typeof festivals;
