import { describe, expect, test } from 'vitest';
import type { Stretch } from './cover.ts';
import { closesAt, missingScenes, missingSessions, SESSION_GAP } from './plan-layers.ts';

const MINUTE = 60_000;
/** Messages a minute apart, with a day between runs. */
const timesOf = (...runs: number[]): number[] =>
  runs.flatMap((length, day) => Array.from({ length }, (_, index) => day * 24 * 60 * MINUTE + index * MINUTE));
const plan = (times: number[], more: { settled?: number; later?: number } = {}) => ({
  times,
  settled: more.settled ?? times.length,
  now: (times.at(-1) ?? 0) + (more.later ?? 0),
});
const stretches = (...pairs: [number, number][]): Stretch[] => pairs.map(([from, to]) => ({ from, to }));

describe('scenes', () => {
  test('of 24 settled messages while people talk; what is left waits', () => {
    expect(missingScenes(plan(timesOf(60)), [])).toEqual(stretches([0, 23], [24, 47]));
    expect(missingScenes(plan(timesOf(48), { settled: 47 }), [])).toEqual(stretches([0, 23]));
    expect(missingScenes(plan(timesOf(20)), [])).toEqual([]);
  });

  test('end with a silence of four hours, and a short rest joins the one before', () => {
    expect(missingScenes(plan(timesOf(30), { later: SESSION_GAP }), [])).toEqual(stretches([0, 29]));
    expect(missingScenes(plan(timesOf(40), { later: SESSION_GAP }), [])).toEqual(stretches([0, 23], [24, 39]));
    expect(missingScenes(plan(timesOf(10, 6)), [])).toEqual(stretches([0, 9]));
    expect(missingScenes(plan(timesOf(3, 6)), [])).toEqual([]);
  });

  test('that hold stay where they are: a change costs the one it is in', () => {
    // The second of three lost a message.
    const times = timesOf(71);
    expect(missingScenes(plan(times), stretches([0, 23], [47, 70]))).toEqual(stretches([24, 46]));
    expect(missingScenes(plan(times), stretches([24, 47]))).toEqual(stretches([0, 23]));
  });
});

describe('sessions', () => {
  const sessions = (times: number[], scenes: Stretch[], told: Stretch[] = [], later = 0) =>
    missingSessions(plan(times, { later }), { scenes, sessions: told });

  test('close with three scenes or with a silence', () => {
    const times = timesOf(80);
    const scenes = stretches([0, 23], [24, 47], [48, 71]);
    expect(sessions(times, scenes)).toEqual(stretches([0, 71]));
    expect(sessions(times, scenes.slice(0, 2))).toEqual([]);
    expect(sessions(times, scenes.slice(0, 2), [], SESSION_GAP)).toEqual(stretches([0, 47]));
    expect(sessions(timesOf(24, 24, 3), stretches([0, 23], [24, 47]))).toEqual(stretches([0, 23], [24, 47]));
  });

  test('close over leftovers too short for a scene', () => {
    expect(sessions(timesOf(26, 8), stretches([0, 23]))).toEqual(stretches([0, 23]));
  });

  test('that hold keep their scenes', () => {
    const scenes = stretches([0, 23], [24, 47], [48, 71], [72, 95]);
    expect(sessions(timesOf(96), scenes, stretches([0, 71]))).toEqual([]);
    expect(sessions(timesOf(96), scenes, stretches([0, 71]), SESSION_GAP)).toEqual(stretches([72, 95]));
  });
});

test('says when a sitting will have closed', () => {
  const times = timesOf(5);
  expect(closesAt(plan(times))).toBe(times.at(-1)! + SESSION_GAP);
  expect(closesAt(plan(times, { later: SESSION_GAP }))).toBeNull();
  expect(closesAt(plan([]))).toBeNull();
});
