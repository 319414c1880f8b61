/** Time is injected so that tests can move it. Milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Milliseconds from an arbitrary origin; never goes backwards. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/**
 * A clock that never goes back behind a time it has shown, or behind `notBefore`: what is written later is dated later,
 * also when somebody sets the machine's clock back. While the real time is behind, each look is a millisecond later than
 * the one before. Not for what expires.
 */
export function createSteadyClock(clock: Clock, notBefore: number): Clock {
  let latest = notBefore;
  return {
    now: () => {
      const time = clock.now();
      latest = time >= latest ? time : latest + 1;
      return latest;
    },
    monotonic: () => clock.monotonic(),
  };
}
