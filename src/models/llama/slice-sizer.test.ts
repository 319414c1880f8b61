import { expect, test } from 'vitest';
import { SliceSizer } from './slice-sizer.ts';

test('slices fit the promised time at the measured speed', () => {
  const sizer = new SliceSizer(256);
  sizer.record(24, 48);
  expect(sizer.next(false)).toBe(48);
  expect(sizer.next(true)).toBe(24);
});

test('a slower machine counts at once, a faster one gradually', () => {
  const sizer = new SliceSizer(256);
  sizer.record(24, 24);
  sizer.record(96, 960);
  expect(sizer.next(false)).toBe(8);
  sizer.record(8, 8);
  expect(sizer.next(false)).toBe(16);
});

test('never larger than a batch, and a tiny slice says nothing', () => {
  const sizer = new SliceSizer(64);
  sizer.record(1, 1000);
  sizer.record(24, 0.1);
  expect(sizer.next(false)).toBe(64);
});
