import { expect, test } from 'vitest';
import { nearestYearly, nextYearly } from './yearly.ts';

const timeZone = 'Europe/Lisbon';
const at = (text: string): number => Date.parse(text);

test('comes back on the same day and hour of the calendar, over the change of clocks', () => {
  // Midnight in Lisbon is 23:00 UTC in summer and 00:00 UTC in winter.
  const birthday = at('2020-05-02T23:00:00Z');
  expect(nextYearly(birthday, { after: at('2026-01-10T12:00:00Z'), timeZone })).toBe(at('2026-05-02T23:00:00Z'));
  expect(nextYearly(birthday, { after: at('2026-05-02T23:00:00Z'), timeZone })).toBe(at('2027-05-02T23:00:00Z'));
  const winter = at('2020-12-24T00:00:00Z');
  expect(nextYearly(winter, { after: at('2026-06-01T00:00:00Z'), timeZone })).toBe(at('2026-12-24T00:00:00Z'));
});

test('a leap day is kept in every year', () => {
  const leap = at('2024-02-29T10:00:00Z');
  expect(nextYearly(leap, { after: at('2025-01-01T00:00:00Z'), timeZone })).toBe(at('2025-02-28T10:00:00Z'));
  expect(nextYearly(leap, { after: at('2027-03-01T00:00:00Z'), timeZone })).toBe(at('2028-02-29T10:00:00Z'));
});

test('the nearest return may lie behind', () => {
  const day = at('2020-05-03T10:00:00Z');
  expect(nearestYearly(day, { now: at('2026-05-04T10:00:00Z'), timeZone })).toBe(
    at('2026-05-03T09:00:00Z') + 3_600_000,
  );
  expect(nearestYearly(day, { now: at('2026-05-01T10:00:00Z'), timeZone })).toBe(at('2026-05-03T10:00:00Z'));
});
