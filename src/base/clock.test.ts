import { expect, test } from 'vitest';
import { createSteadyClock } from './clock.ts';
import { createIdGenerator } from './ids.ts';

test('a steady clock follows the real one, but never back', () => {
  let time = 1000;
  const clock = createSteadyClock({ now: () => time, monotonic: () => time }, 500);
  expect(clock.now()).toBe(1000);
  expect(clock.now()).toBe(1000);
  time = 200;
  expect([clock.now(), clock.now()]).toEqual([1001, 1002]);
  expect(clock.monotonic()).toBe(200);
  time = 1003;
  expect(clock.now()).toBe(1003);
});

test('a steady clock begins where it is told', () => {
  let time = 100;
  const clock = createSteadyClock({ now: () => time, monotonic: () => 0 }, 500);
  expect(clock.now()).toBe(501);
  time = 600;
  expect(clock.now()).toBe(600);
});

test('ids grow although the clock goes back, and within one millisecond', () => {
  let time = 5_000_000;
  const newId = createIdGenerator({ now: () => time, monotonic: () => 0 });
  const ids = Array.from({ length: 10_000 }, (_, index) => {
    if (index % 100 === 0) time -= 1000;
    return newId();
  });
  expect(ids).toEqual([...new Set(ids)].toSorted());
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
