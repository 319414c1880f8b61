import type { OpenboxTaskResult } from '../../../../contract/openbox.ts';
import type { Clock } from '../../../base/clock.ts';
import { askTask, type TaskServer } from './ask-task.ts';
import { checkAnswer } from './check-answer.ts';
import type { ChatAnswer } from './read-chat-answer.ts';
import { TaskError } from './task-error.ts';
import type { Task } from './task.ts';

export interface RunSuiteOptions {
  tasks: readonly Task[];
  server: TaskServer;
  /** How many requests are out at once. */
  concurrency: number;
  clock: Clock;
  /** Called after each task, in the order in which they end. */
  onResult: (result: OpenboxTaskResult) => void;
  signal: AbortSignal;
}

/** `results` in the order of the tasks; `complete` is false where the signal ended it early. */
export interface SuiteRun {
  results: OpenboxTaskResult[];
  complete: boolean;
  servedBy: ChatAnswer['servedBy'];
}

/** Asks every task once. When the signal aborts, what had been finished is kept and what was under way is not counted. */
export async function runSuite({
  tasks,
  server,
  concurrency,
  clock,
  onResult,
  signal,
}: RunSuiteOptions): Promise<SuiteRun> {
  const results = new Map<Task, OpenboxTaskResult>();
  let servedBy: SuiteRun['servedBy'] = { model: null, fingerprint: null };
  const waiting = tasks.values();
  const work = async () => {
    for (const task of waiting) {
      if (signal.aborted) return;
      const done = await runTask({ task, server, clock, signal });
      if (done === null) return;
      results.set(task, done.result);
      servedBy = {
        model: done.servedBy?.model ?? servedBy.model,
        fingerprint: done.servedBy?.fingerprint ?? servedBy.fingerprint,
      };
      onResult(done.result);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, work));
  return {
    results: tasks.flatMap((task) => results.get(task) ?? []),
    complete: results.size === tasks.length,
    servedBy,
  };
}

interface RunTaskOptions {
  task: Task;
  server: TaskServer;
  clock: Clock;
  signal: AbortSignal;
}

interface FinishedTask {
  result: OpenboxTaskResult;
  servedBy: ChatAnswer['servedBy'] | null;
}

/** Null where it was cut off. */
async function runTask({ task, server, clock, signal }: RunTaskOptions): Promise<FinishedTask | null> {
  const began = clock.monotonic();
  const { id: taskId, category, language } = task;
  const finish = (rest: Pick<OpenboxTaskResult, 'outcome' | 'reasons' | 'answer'>): OpenboxTaskResult => ({
    taskId,
    category,
    language,
    tookMs: Math.round(clock.monotonic() - began),
    ...rest,
  });
  try {
    const { answer, servedBy } = await askTask(task, server, signal);
    const reasons = checkAnswer(answer, task.checks)
      .slice(0, 20)
      .map((reason) => reason.slice(0, 500));
    const outcome = reasons.length === 0 ? 'passed' : 'wrong';
    return { result: finish({ outcome, reasons, answer: beginningOf(answer) }), servedBy };
  } catch (error) {
    if (signal.aborted) return null;
    if (!(error instanceof TaskError)) throw error;
    const reasons = [`${error.kind}: ${error.message}`.slice(0, 500)];
    return { result: finish({ outcome: 'error', reasons, answer: '' }), servedBy: null };
  }
}

const MOST_KEPT = 4000;

function beginningOf({ text, toolCalls, audio }: ChatAnswer['answer']): string {
  if (audio) return `${audio.contentType}, ${audio.bytes.length} bytes`;
  const calls = toolCalls.map((call) => `${call.name}(${call.arguments})`);
  return [text, ...calls]
    .filter((part) => part !== '')
    .join('\n')
    .slice(0, MOST_KEPT);
}
