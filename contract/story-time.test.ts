import { expect, test } from 'vitest';
import { advanceStoryClock, readStoryClock, tellStoryTime, writeStoryClock } from './story-time.ts';

test.each([
  ['3 18:30', { day: 3, minute: 1110 }],
  ['1 00:00', { day: 1, minute: 0 }],
  ['0 10:00', null],
  ['3 24:00', null],
  ['the third evening', null],
  ['', null],
])('%s is read as %o', (time, clock) => {
  expect(readStoryClock(time)).toEqual(clock);
});

test.each([
  ['3 18:30', { day: 3, minute: 1110 }],
  ['1 00:00', { day: 1, minute: 0 }],
])('%s is written from what it is read as', (time, clock) => {
  expect(writeStoryClock(clock)).toBe(time);
});

test('a clock goes on over midnight, and back to the first morning at most', () => {
  expect(writeStoryClock(advanceStoryClock({ day: 3, minute: 1110 }, 6 * 60))).toBe('4 00:30');
  expect(writeStoryClock(advanceStoryClock({ day: 1, minute: 30 }, -999_999))).toBe('1 00:00');
});

test('people read a clock in their language, and words as they are', () => {
  expect(tellStoryTime('3 18:30', 'en')).toBe('Day 3, 18:30');
  expect(tellStoryTime('3 18:30', 'zh-CN')).toBe('第 3 天 18:30');
  expect(tellStoryTime(' after the flood ', 'en')).toBe('after the flood');
});
