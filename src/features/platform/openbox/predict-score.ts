import type { OpenboxPrediction } from '../../../../contract/openbox.ts';
import { wilsonInterval } from '../../../base/wilson-interval.ts';
import { sampleTasks } from './sample-tasks.ts';
import type { ScoredResult } from './score-results.ts';

/** How many tasks each category of the full suite has. */
export type SuiteSizes = ReadonlyMap<string, number>;

const TENTH = 0.1;
/** Enough for a percentile that moves by less than a point. */
const TENTHS_TRIED = 400;

/**
 * The pass share of the full suite, foretold from a part of it: the part's share in each category, weighted with the
 * category's size. After a full run a tenth is drawn, and how far tenths miss is measured on the results themselves.
 * Null where a category was left out, which nothing could speak for.
 */
export function predictScore(results: readonly ScoredResult[], sizes: SuiteSizes): OpenboxPrediction | null {
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (results.length === 0 || new Set(results.map(({ category }) => category)).size < sizes.size) return null;
  if (results.length < total) {
    return { ...foretold(results, sizes), error: null, typicalError: null, largeError: null };
  }
  const real = results.filter(({ outcome }) => outcome === 'passed').length / total;
  const tasks = results.map((result) => ({ ...result, id: result.taskId }));
  const tenth = (seed: number) => foretold(sampleTasks(tasks, { share: TENTH, seed }), sizes);
  const misses = Array.from({ length: TENTHS_TRIED }, (_, seed) => Math.abs(tenth(seed).predicted - real)).toSorted(
    (one, other) => one - other,
  );
  const first = tenth(1);
  return {
    ...first,
    error: first.predicted - real,
    typicalError: misses.reduce((sum, miss) => sum + miss, 0) / misses.length,
    largeError: misses[Math.floor(misses.length * 0.95)] ?? 0,
  };
}

type Foretold = Pick<OpenboxPrediction, 'predicted' | 'low' | 'high' | 'tasks'>;

function foretold(part: readonly ScoredResult[], sizes: SuiteSizes): Foretold {
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  let predicted = 0;
  for (const [category, size] of sizes) {
    const mine = part.filter((result) => result.category === category);
    const passed = mine.filter(({ outcome }) => outcome === 'passed').length;
    predicted += (size / total) * (passed / Math.max(1, mine.length));
  }
  // Drawn without putting back: what was asked is no longer uncertain, which counts like more trials.
  const left = Math.max((total - part.length) / Math.max(1, total - 1), 1 / total);
  const trials = part.length / left;
  const interval = wilsonInterval(predicted * trials, trials);
  return { predicted, low: interval?.low ?? 0, high: interval?.high ?? 1, tasks: part.length };
}
