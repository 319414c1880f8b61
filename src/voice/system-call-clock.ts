import type { Clock } from '../base/clock.ts';
import type { CallClock } from './voice-ports.ts';

/** Real time. The only timers of a call; none keeps the process alive. */
export function systemCallClock(clock: Clock): CallClock {
  return {
    now: () => clock.monotonic(),
    after: (delayInMs, run) => {
      const timer = setTimeout(run, Math.max(delayInMs, 0)).unref();
      return () => clearTimeout(timer);
    },
  };
}
