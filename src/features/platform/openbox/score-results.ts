import {
  openboxCategorySchema,
  openboxLanguageSchema,
  type OpenboxRun,
  type OpenboxScore,
  type OpenboxTaskResult,
} from '../../../../contract/openbox.ts';
import { wilsonInterval } from '../../../base/wilson-interval.ts';

/** What a score needs to know of a finished task. */
export type ScoredResult = Pick<OpenboxTaskResult, 'taskId' | 'category' | 'language' | 'outcome'>;

export function scoreOf(results: readonly ScoredResult[]): OpenboxScore {
  const count = (outcome: ScoredResult['outcome']) => results.filter((result) => result.outcome === outcome).length;
  const tasks = results.length;
  const passed = count('passed');
  return {
    tasks,
    passed,
    wrong: count('wrong'),
    errors: count('error'),
    pass: wilsonInterval(passed, tasks),
    errorRate: wilsonInterval(tasks - passed, tasks),
  };
}

/** By category and by language, in the order of the contract; only what was asked. */
export function scoresByKind(results: readonly ScoredResult[]): Pick<OpenboxRun, 'categories' | 'languages'> {
  return {
    categories: openboxCategorySchema.options
      .map((category) => ({ category, score: scoreOf(results.filter((result) => result.category === category)) }))
      .filter(({ score }) => score.tasks > 0),
    languages: openboxLanguageSchema.options
      .map((language) => ({ language, score: scoreOf(results.filter((result) => result.language === language)) }))
      .filter(({ score }) => score.tasks > 0),
  };
}
