import { wilsonInterval, type WilsonInterval } from '../../../src/base/wilson-interval.ts';

/** A share with its 95 % interval and the number of trials; null without trials. */
export type Share = WilsonInterval & { of: number };

export function shareOf(successes: number, trials: number): Share | null {
  const interval = wilsonInterval(successes, trials);
  return interval && { ...interval, of: trials };
}
