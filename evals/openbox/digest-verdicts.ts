import { createHash } from 'node:crypto';
import { checkAnswer } from '../../src/features/platform/openbox/check-answer.ts';
import type { Task } from '../../src/features/platform/openbox/task.ts';
import { makeAnswer } from './make-answer.ts';

/** How many of the tasks after it lend a task their answers: near misses, of the same kind and language. */
const NEIGHBOURS = 2;

/** What every task's checks make of its own written answers and of its neighbours': changes with a checker's judgement. */
export function digestVerdicts(tasks: readonly Task[]): string {
  const hash = createHash('sha256');
  const ordered = tasks.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  for (const [index, { id, checks }] of ordered.entries()) {
    const answers = ordered
      .slice(index, index + 1 + NEIGHBOURS)
      .flatMap(({ reference, wrong }) => [reference, ...wrong])
      .map(makeAnswer);
    const verdicts = answers.map((answer) => checkAnswer(answer, checks).length);
    hash.update(`${id} ${verdicts.join(' ')}\n`);
  }
  return hash.digest('hex');
}
