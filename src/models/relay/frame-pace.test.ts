import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FramePace } from './frame-pace.ts';

let now = 0;
const clock = { now: () => now, monotonic: () => now };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('pieces of many streams share one timer, and a stream that has ended is not asked', () => {
  using pace = new FramePace(clock);
  const asked: string[] = [];
  const streams = ['a', 'b', 'c'].map((name) => ({ handOnPieces: () => void asked.push(name) }));
  for (const stream of streams) pace.add(stream);
  for (const stream of streams) pace.add(stream);
  expect(vi.getTimerCount()).toBe(1);
  pace.remove(streams[1]!);
  vi.advanceTimersByTime(10);
  expect(asked).toEqual(['a', 'c']);
  expect(vi.getTimerCount()).toBe(0);
});

test('a piece waits only where the one before it was handed on a moment ago', () => {
  using pace = new FramePace(clock);
  expect(pace.isSoon(Number.NEGATIVE_INFINITY)).toBe(false);
  now = 100;
  expect(pace.isSoon(98)).toBe(true);
  expect(pace.isSoon(90)).toBe(false);
});
