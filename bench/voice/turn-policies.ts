import type { TakenTurn } from './take-turn.ts';
import type { TurnSample } from './turn-set.ts';

/** When a turn is over, in milliseconds of silence. */
export interface TurnPolicy {
  /** After what sounds complete; not before the detector has answered. */
  completeInMs: number;
  incompleteInMs: number;
  /** Above it, a turn sounds complete; 1 = the detector is not asked. */
  threshold: number;
}

export interface PolicyResult {
  /** Share of pauses in which the turn was ended. */
  cutoffs: number;
  /** Mean time from the last sound to the decision, milliseconds. */
  delayInMs: number;
}

const DETECTOR_MS = 46;

interface Heard {
  sample: TurnSample;
  taken: TakenTurn;
}

/** What a policy would have done with turns that were heard to their ends. */
export function judge(heard: readonly Heard[], policy: TurnPolicy): PolicyResult {
  const cut = heard.filter(({ sample, taken }) =>
    taken.silences.some((silence) => silence.to <= sample.end && decisionOf(silence, taken, policy) < silence.to),
  );
  const delays = heard.map(({ sample, taken }) => {
    const last = taken.silences.at(-1);
    return last ? decisionOf(last, taken, policy) - sample.end : policy.incompleteInMs;
  });
  return {
    cutoffs: cut.length / heard.length,
    delayInMs: delays.reduce((sum, value) => sum + value, 0) / heard.length,
  };
}

function decisionOf(silence: TakenTurn['silences'][number], taken: TakenTurn, policy: TurnPolicy): number {
  const complete = taken.asked.find(
    ({ at, probability }) => at >= silence.from && at < silence.to && probability > policy.threshold,
  );
  const patient = silence.from + policy.incompleteInMs;
  if (!complete) return patient;
  return Math.min(patient, Math.max(silence.from + policy.completeInMs, complete.at + DETECTOR_MS));
}

const steps = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

/** Silence alone, as the simplest systems do it. */
export const silenceOnly: readonly TurnPolicy[] = steps(100, 2400, 20).map((wait) => ({
  completeInMs: wait,
  incompleteInMs: wait,
  threshold: 1,
}));

export const LONGEST_WAIT_IN_MS = 3000;

/** What the detector's answers can be made of. */
export const withDetector: readonly TurnPolicy[] = [0.3, 0.5, 0.7, 0.9].flatMap((threshold) =>
  steps(200, 1000, 50).flatMap((completeInMs) =>
    steps(completeInMs, LONGEST_WAIT_IN_MS, 100).map((incompleteInMs) => ({ completeInMs, incompleteInMs, threshold })),
  ),
);

/** The fewest cutoffs at this mean delay. */
export function cutoffsAt(heard: readonly Heard[], policies: readonly TurnPolicy[], delayInMs: number): number {
  const fast = policies.map((policy) => judge(heard, policy)).filter((result) => result.delayInMs <= delayInMs);
  return Math.min(1, ...fast.map(({ cutoffs }) => cutoffs));
}

/** The shortest mean delay with this share of cutoffs. */
export function delayAt(heard: readonly Heard[], policies: readonly TurnPolicy[], cutoffs: number): number {
  const careful = policies.map((policy) => judge(heard, policy)).filter((result) => result.cutoffs <= cutoffs);
  return Math.min(...careful.map(({ delayInMs }) => delayInMs));
}
