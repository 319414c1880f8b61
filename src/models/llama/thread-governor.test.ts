import { expect, test } from 'vitest';
import { ThreadGovernor } from './thread-governor.ts';

function governor(threads = 4): { record: ThreadGovernor['record']; applied: number[]; wait: (ms: number) => void } {
  let time = 0;
  const applied: number[] = [];
  const made = new ThreadGovernor({
    measurement: { threads, tokensPerSecond: 50, promptMsPerToken: 5, measuredAt: 0 },
    apply: (count) => applied.push(count),
    now: () => time,
  });
  return { record: made.record.bind(made), applied, wait: (ms) => (time += ms) };
}

test('a machine as fast as measured keeps its threads, a long context too', () => {
  const { record, applied } = governor();
  for (let index = 0; index < 100; index++) record(1, 22);
  for (let index = 0; index < 20; index++) record(32, 300);
  expect(applied).toEqual([]);
});

test('a collapse halves the threads for a while, and again for longer when it returns', () => {
  const { record, applied, wait } = governor();
  for (let index = 0; index < 6; index++) record(1, 100);
  expect(applied).toEqual([2]);
  wait(9_000);
  record(1, 100);
  expect(applied).toEqual([2]);
  wait(2_000);
  record(1, 100);
  expect(applied).toEqual([2, 4]);
  record(32, 2000);
  expect(applied).toEqual([2, 4, 2]);
  wait(11_000);
  record(1, 20);
  expect(applied).toEqual([2, 4, 2]);
});

test('one slow moment is not a collapse, and one thread has nothing to give', () => {
  const { record, applied } = governor();
  record(1, 300);
  for (let index = 0; index < 10; index++) record(1, 20);
  expect(applied).toEqual([]);
  const single = governor(1);
  for (let index = 0; index < 10; index++) single.record(1, 1000);
  expect(single.applied).toEqual([]);
});
