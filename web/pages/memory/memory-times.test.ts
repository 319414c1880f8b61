import i18next from 'i18next';
import { expect, test } from 'vitest';
import '../../testing/english.ts';
import { formatAgo, formatBound, formatDay, startOfDay } from './memory-times.ts';

const at = (year: number, month: number, day: number, hour = 12) => new Date(year, month - 1, day, hour).getTime();
const now = at(2026, 11, 25);

test('says how long ago in the unit people would use', async () => {
  expect(formatAgo(at(2026, 11, 25, 1), now)).toBe('today');
  expect(formatAgo(at(2026, 11, 24, 23), now)).toBe('yesterday');
  expect(formatAgo(at(2026, 11, 15), now)).toBe('10 days ago');
  expect(formatAgo(at(2026, 11, 4), now)).toBe('3 weeks ago');
  expect(formatAgo(at(2026, 7, 25), now)).toBe('4 months ago');
  expect(formatAgo(at(2023, 11, 25), now)).toBe('3 years ago');
  expect(formatAgo(at(2026, 11, 28), now)).toBe('in 3 days');
  await i18next.changeLanguage('zh-CN');
  expect(formatAgo(at(2026, 11, 24, 23), now)).toBe('昨天');
  await i18next.changeLanguage('en');
});

test('says no more of a day than is known, and its year only where it is another', () => {
  expect(formatDay(at(2026, 5, 3), now)).toBe('May 3');
  expect(formatDay(at(2025, 5, 3), now)).toBe('May 3, 2025');
  expect(formatDay(at(2025, 5, 3), now, 'month')).toBe('May 2025');
  expect(formatDay(at(2026, 5, 3), now, 'year')).toBe('2026');
  expect(formatBound(at(2026, 5, 1), now)).toBe('May');
  expect(formatBound(at(2026, 5, 31), now)).toBe('May');
  expect(formatBound(at(2026, 5, 14), now)).toBe('May 14');
});

test('knows days of the calendar, not spans of 24 hours', () => {
  expect(startOfDay(at(2026, 11, 25, 0))).toBe(startOfDay(at(2026, 11, 25, 23)));
  expect(startOfDay(at(2026, 11, 26, 0)) - startOfDay(at(2026, 11, 25, 23))).toBe(86_400_000);
});
