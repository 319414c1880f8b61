import { expect, test } from 'vitest';
import { SliceSizer } from './slice-sizer.ts';

/** A machine where a pass costs a fixed time and each token a little more. */
function run(sizer: SliceSizer, slices: number, fixedInMs: number, perTokenInMs: number): number {
  let last = 0;
  for (let index = 0; index < slices; index++) {
    const tokens = sizer.next(false);
    last = fixedInMs + tokens * perTokenInMs;
    sizer.record(tokens, last);
  }
  return last;
}

test('slices settle at the promised time, on fast and slow machines', () => {
  expect(run(new SliceSizer(256), 10, 20, 2)).toBeCloseTo(100, 0);
  expect(run(new SliceSizer(256), 10, 40, 6)).toBeCloseTo(100, 0);
});

test('noise makes them small at once, and they find their way back', () => {
  const sizer = new SliceSizer(256);
  run(sizer, 10, 20, 1);
  sizer.record(80, 2000);
  expect(sizer.next(false)).toBe(8);
  expect(run(sizer, 10, 20, 1)).toBeCloseTo(100, 0);
});

test('never larger than a batch, half while others speak, and a short fast slice says nothing', () => {
  const sizer = new SliceSizer(64);
  for (let index = 0; index < 5; index++) sizer.record(sizer.next(false), 1);
  sizer.record(3, 30);
  expect(sizer.next(false)).toBe(64);
  expect(sizer.next(true)).toBe(32);
});
