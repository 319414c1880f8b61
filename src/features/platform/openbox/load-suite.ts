import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { z } from 'zod';
import { UnavailableError } from '../../../base/errors.ts';
import { makeLongText } from './long-text.ts';
import { taskSchema, type Task } from './task.ts';

/** The tasks of a version, and the digest that says they are those. */
export interface Suite {
  version: string;
  digest: string;
  tasks: readonly Task[];
}

const frozenSchema = z.strictObject({
  version: z.string().regex(/^\d+\.\d+$/),
  digest: z.string().regex(/^[\da-f]{64}$/),
  /** Of how known answers are judged; the test of the tasks looks at it. */
  verdicts: z.string().regex(/^[\da-f]{64}$/),
  tasks: z.int().positive(),
});

const suiteFolder = new URL('../../../../evals/openbox/', import.meta.url);

/** Reads the frozen tasks; `version` is that of FROZEN.json, `digest` that of the tasks as they lie here. */
export async function loadSuite(folder: URL = suiteFolder): Promise<Suite> {
  const tasksFolder = new URL('tasks/', folder);
  try {
    const frozen = frozenSchema.parse(JSON.parse(await readFile(new URL('FROZEN.json', folder), 'utf8')));
    const names = (await readdir(tasksFolder)).filter((name) => name.endsWith('.jsonl')).toSorted();
    const files = await Promise.all(names.map((name) => readFile(new URL(name, tasksFolder), 'utf8')));
    const tasks = files.flatMap((text, index) => readTasks(text, names[index] ?? ''));
    return { version: frozen.version, digest: digestOf(tasks), tasks };
  } catch (error) {
    throw new UnavailableError(
      `The frozen tasks in evals/openbox cannot be read (${error instanceof Error ? error.message : String(error)}). Restore that folder from the release.`,
      { code: 'openbox-suite', retryable: false, cause: error },
    );
  }
}

function readTasks(text: string, name: string): Task[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) => {
      const parsed = taskSchema.safeParse(JSON.parse(line));
      if (parsed.success) return parsed.data;
      throw new Error(`${name}:${index + 1} ${z.prettifyError(parsed.error)}`);
    });
}

/** Over everything that decides what a model gets and what passes, the texts made from seeds included. */
function digestOf(tasks: readonly Task[]): string {
  const hash = createHash('sha256');
  for (const task of tasks.toSorted((one, other) => (one.id < other.id ? -1 : 1))) {
    hash.update(JSON.stringify(sorted({ ...task, request: requestOf(task) })));
    hash.update('\n');
  }
  return hash.digest('hex');
}

/** The request as it is sent, without the model: `{{long}}` is replaced by its text. */
export function requestOf({ request, long }: Pick<Task, 'request' | 'long'>): Record<string, unknown> {
  return long === undefined ? request : (replaced(request, makeLongText(long)) as Record<string, unknown>);
}

function replaced(value: unknown, text: string): unknown {
  if (typeof value === 'string') return value.replaceAll('{{long}}', () => text);
  if (Array.isArray(value)) return value.map((one) => replaced(one, text));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, replaced(one, text)]));
}

/** With the keys of every object in order, so that the digest does not depend on how a line was written. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, one]) => [name, sorted(one)]));
}
