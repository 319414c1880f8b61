import type { OpenboxRun, SaveOpenboxRun } from '../../../../contract/openbox.ts';
import type { Suite } from './load-suite.ts';
import { predictScore } from './predict-score.ts';
import { scoreOf, scoresByKind } from './score-results.ts';

/** A run with everything that can be reckoned from its results; only tasks that lie here foretell anything. */
export function scoreRun(
  { results, ...facts }: SaveOpenboxRun,
  { suite, houseVersion }: { suite: Suite; houseVersion: string },
): Omit<OpenboxRun, 'id'> {
  return {
    ...facts,
    houseVersion,
    score: scoreOf(results),
    ...scoresByKind(results),
    prediction: suite.digest === facts.suiteDigest ? predictScore(results, sizesOf(suite.tasks)) : null,
  };
}

/** How many tasks each category has. */
export function sizesOf(tasks: Suite['tasks']): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { category } of tasks) sizes.set(category, (sizes.get(category) ?? 0) + 1);
  return sizes;
}
