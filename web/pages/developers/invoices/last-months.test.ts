import { expect, test } from 'vitest';
import { lastMonths } from './last-months.ts';

test('months are those of the house, over the turn of the year', () => {
  const newYear = Date.parse('2026-12-31T23:30:00Z');
  expect(lastMonths(newYear, 'UTC').slice(0, 2)).toEqual(['2026-12', '2026-11']);
  expect(lastMonths(newYear, 'Asia/Shanghai').slice(0, 3)).toEqual(['2027-01', '2026-12', '2026-11']);
});
