import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MOST_UNKEPT_IN_MS, UnkeptWindow } from './unkept-window.ts';

/** A stream that obeys its window, on a computer that stands still and a disk that takes its time as the steps say. */
function play(steps: readonly { waits: number; writes: number }[], tokensAtOnce: number) {
  const window = new UnkeptWindow(0);
  let now = 0;
  let used = 0;
  let writingUntil: number | null = null;
  let unkept: { at: number; isBeingKept: boolean }[] = [];
  const seen = { mostSpan: 0, mostTokens: 0, waits: 0 };
  const write = (writes: number): void => {
    window.keep();
    for (const one of unkept) one.isBeingKept = true;
    writingUntil = now + writes;
  };
  const arrive = (): void => {
    if (writingUntil === null || writingUntil > now) return;
    writingUntil = null;
    window.kept();
    unkept = unkept.filter(({ isBeingKept }) => !isBeingKept);
  };
  for (const { waits, writes } of steps) {
    now += waits;
    arrive();
    for (let index = 0; index < tokensAtOnce; index += 1) {
      used += 1;
      window.use(used, now);
      const isLate = window.isFull(now);
      unkept.push({ at: now, isBeingKept: false });
      while (window.isFull(now)) {
        if (writingUntil === null) write(writes);
        now = Math.max(now, writingUntil ?? now);
        arrive();
      }
      if (isLate) seen.waits += 1;
      else if (writingUntil === null && window.isNear(now)) write(writes);
      const first = unkept[0];
      if (first) seen.mostSpan = Math.max(seen.mostSpan, unkept.at(-1)!.at - first.at);
      const least = (used / Math.max(now, MOST_UNKEPT_IN_MS)) * MOST_UNKEPT_IN_MS;
      seen.mostTokens = Math.max(seen.mostTokens, unkept.length - Math.max(8, least));
    }
  }
  return seen;
}

const step = fc.record({ waits: fc.nat({ max: 3000 }), writes: fc.nat({ max: 5000 }) });

test('however long the computer stands still and the disk takes, less than a second of a stream is not on disk', () => {
  const run = fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (steps, atOnce) => {
    const { mostSpan, mostTokens } = play(steps, atOnce);
    expect(mostSpan).toBeLessThan(MOST_UNKEPT_IN_MS);
    expect(mostTokens).toBeLessThanOrEqual(1);
  });
  fc.assert(run, { numRuns: 300 });
});

test('a stream whose notes arrive in time waits for none of them', () => {
  const steady = Array.from({ length: 500 }, () => ({ waits: 20, writes: 30 }));
  expect(play(steady, 1).waits).toBe(0);
});

test('what comes at once after a pause is handed on by what the stream hands on in a second', () => {
  const window = new UnkeptWindow(0);
  for (let token = 1; token <= 100; token += 1) {
    window.use(token, token * 40);
    window.keep();
    window.kept();
  }
  for (let token = 101; token <= 118; token += 1) {
    window.use(token, 5000);
    expect(window.isFull(5000), `token ${token}`).toBe(token > 100 + 17);
  }
});
