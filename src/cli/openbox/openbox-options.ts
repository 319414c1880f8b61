import { openboxCategorySchema, type OpenboxCategory } from '../../../contract/openbox.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { Suite } from '../../features/platform/openbox/load-suite.ts';
import { sampleTasks } from '../../features/platform/openbox/sample-tasks.ts';
import type { Task } from '../../features/platform/openbox/task.ts';
import type { CliContext } from '../cli-context.ts';

export interface OpenboxFlags {
  model: string;
  baseUrl?: string;
  key?: string;
  speechModel?: string;
  sample?: string;
  seed?: string;
  categories?: string;
  concurrency?: string;
  why?: boolean;
  keep?: boolean;
  json?: boolean;
}

export interface OpenboxOptions {
  model: string;
  speechModel: string;
  /** Null: the house. */
  baseUrl: string | null;
  key: string | null;
  sample: number;
  seed: number;
  /** Null: all. */
  categories: ReadonlySet<OpenboxCategory> | null;
  concurrency: number;
  why: boolean;
  keep: boolean;
  json: boolean;
}

const MOST_AT_ONCE = 64;
const MOST_SEED = 999_999_999;

/** The word's options, or `InvalidInputError` that names the one at fault. */
export function readOpenboxOptions(context: CliContext, flags: OpenboxFlags): OpenboxOptions {
  const { environment } = context;
  const baseUrl = flags.baseUrl ?? null;
  if (baseUrl !== null && !URL.canParse(baseUrl)) {
    throw new InvalidInputError(context.texts.openbox.wrongAddress(baseUrl), { field: 'base-url' });
  }
  const number = (option: 'seed' | 'concurrency', { least, most }: { least: number; most: number }) =>
    readNumber(context, { option, value: flags[option] ?? '1', least, most });
  return {
    model: flags.model,
    speechModel: flags.speechModel ?? 'tts-1',
    baseUrl,
    key: flags.key ?? environment['OPENAI_API_KEY'] ?? null,
    sample: readShare(context, flags.sample ?? '100%'),
    seed: number('seed', { least: 0, most: MOST_SEED }),
    categories: flags.categories === undefined ? null : readCategories(context, flags.categories),
    concurrency: number('concurrency', { least: 1, most: MOST_AT_ONCE }),
    why: flags.why ?? false,
    keep: flags.keep ?? true,
    json: flags.json ?? false,
  };
}

/** The tasks that were asked for, in the order of the suite. */
export function drawTasks(
  { texts }: CliContext,
  { tasks }: Suite,
  { categories, sample, seed }: OpenboxOptions,
): readonly Task[] {
  const wanted = categories === null ? tasks : tasks.filter(({ category }) => categories.has(category));
  const drawn = sampleTasks(wanted, { share: sample, seed });
  if (drawn.length === 0) throw new InvalidInputError(texts.openbox.nothingDrawn, { field: 'categories' });
  return drawn;
}

function readShare({ texts }: CliContext, text: string): number {
  const [, digits = '', percent] = /^(\d{1,3}(?:\.\d{1,6})?)(%?)$/.exec(text.trim()) ?? [];
  const share = Number(digits) / (percent === '%' ? 100 : 1);
  if (digits === '' || share <= 0 || share > 1) {
    throw new InvalidInputError(texts.openbox.wrongSample(text), { field: 'sample' });
  }
  return share;
}

function readNumber(
  { texts }: CliContext,
  { option, value, least, most }: { option: string; value: string; least: number; most: number },
): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (number >= least && number <= most) return number;
  throw new InvalidInputError(texts.openbox.wrongNumber(option, value, least, most), { field: option });
}

function readCategories({ texts }: CliContext, text: string): Set<OpenboxCategory> {
  return new Set(
    text.split(',').map((name) => {
      const category = openboxCategorySchema.safeParse(name.trim());
      if (category.success) return category.data;
      const known = openboxCategorySchema.options.join(', ');
      throw new InvalidInputError(texts.openbox.wrongCategory(name.trim(), known), { field: 'categories' });
    }),
  );
}
