import { setTimeout as sleep } from 'node:timers/promises';
import type { TestClock } from '../../src/voice/testing/virtual-clock.ts';

/** Real time in the hands of a simulated caller. `advance` keeps to a steady beat: late ticks are made up for. */
export function realClock(): TestClock {
  const begun = performance.now();
  let beat = 0;
  return {
    now: () => performance.now() - begun,
    after: (delayInMs, run) => {
      const timer = setTimeout(run, Math.max(delayInMs, 0));
      return () => clearTimeout(timer);
    },
    sleep: (delayInMs, signal) => sleep(delayInMs, undefined, signal ? { signal } : {}),
    advance: async (byInMs) => {
      beat = Math.max(beat + byInMs, performance.now() - begun - 100);
      await sleep(Math.max(beat - (performance.now() - begun), 0));
    },
  };
}
