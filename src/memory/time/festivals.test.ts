import { describe, expect, it } from 'vitest';
import { civilDate } from './civil-days.ts';
import { festivals, type FestivalName } from './festivals.ts';
import { lunarDay } from './lunar-days.ts';
import { minutesPerDay } from './time-span.ts';

function dayOf(name: FestivalName, year: number): string {
  const span = festivals[name](year);
  const { month, date } = civilDate((span?.from ?? 0) / minutesPerDay);
  return `${month}-${date}`;
}

/** Days as printed in public almanacs (Hong Kong Observatory for the Chinese ones). */
describe('feasts', () => {
  it.each([
    [
      'lunarNewYearDay',
      {
        1985: '2-20',
        2000: '2-5',
        2012: '1-23',
        2020: '1-25',
        2023: '1-22',
        2024: '2-10',
        2025: '1-29',
        2026: '2-17',
        2027: '2-6',
        2033: '1-31',
        2034: '2-19',
      },
    ],
    ['springFestivalEve', { 2022: '1-31', 2023: '1-21', 2024: '2-9' }],
    ['lanternFestival', { 2023: '2-5', 2024: '2-24' }],
    ['qingming', { 1999: '4-5', 2019: '4-5', 2020: '4-4', 2022: '4-5', 2023: '4-5', 2024: '4-4', 2025: '4-4' }],
    ['dragonBoat', { 2020: '6-25', 2022: '6-3', 2023: '6-22', 2024: '6-10', 2025: '5-31' }],
    ['qixi', { 2022: '8-4', 2023: '8-22', 2025: '8-29' }],
    ['midAutumn', { 2020: '10-1', 2022: '9-10', 2023: '9-29', 2024: '9-17', 2025: '10-6' }],
    ['doubleNinth', { 2022: '10-4', 2023: '10-23', 2024: '10-11' }],
    ['winterSolstice', { 1998: '12-22', 2021: '12-21', 2022: '12-22', 2023: '12-22', 2024: '12-21' }],
    ['laba', { 2023: '12-30', 2024: '1-18' }],
    [
      'easter',
      {
        1999: '4-4',
        2000: '4-23',
        2008: '3-23',
        2011: '4-24',
        2019: '4-21',
        2023: '4-9',
        2024: '3-31',
        2025: '4-20',
        2038: '4-25',
      },
    ],
    ['thanksgiving', { 2018: '11-22', 2022: '11-24', 2023: '11-23', 2024: '11-28' }],
    ['blackFriday', { 2019: '11-29', 2024: '11-29' }],
    ['mothersDay', { 2022: '5-8', 2023: '5-14', 2024: '5-12' }],
    ['fathersDay', { 2023: '6-18', 2024: '6-16' }],
    ['memorialDay', { 2021: '5-31', 2023: '5-29', 2024: '5-27' }],
    ['laborDay', { 2023: '9-4', 2024: '9-2' }],
  ] satisfies [FestivalName, Record<number, string>][])('%s', (name, days) => {
    const found = Object.fromEntries(Object.keys(days).map((year) => [year, dayOf(name, Number(year))]));
    expect(found).toEqual(days);
  });

  it('finds every day of the lunar calendar, beside leap months too', () => {
    const date = (year: number, month: number, day: number): string | null => {
      const found = lunarDay(year, month, day);
      return found === null ? null : new Date(found * 86_400_000).toISOString().slice(0, 10);
    };
    // 2020 has a second fourth month, 2023 a second second, 2025 a second sixth.
    expect(date(2020, 4, 8)).toBe('2020-04-30');
    expect(date(2020, 5, 1)).toBe('2020-06-21');
    expect(date(2023, 2, 2)).toBe('2023-02-21');
    expect(date(2023, 3, 3)).toBe('2023-04-22');
    expect(date(2025, 6, 1)).toBe('2025-06-25');
    expect(date(2025, 7, 1)).toBe('2025-08-23');
    expect(date(2023, 12, 30)).toBe('2024-02-09');
    expect(date(2024, 12, 30)).toBeNull();
    const days = new Set<number>();
    for (let year = 1950; year < 2050; year++)
      for (let month = 1; month <= 12; month++) {
        const day = lunarDay(year, month, 1);
        expect(day).not.toBeNull();
        days.add(day ?? 0);
      }
    expect(days.size).toBe(1_200);
  });
});
