import { parseArgs } from 'node:util';
import { z } from 'zod';
import { InvalidInputError } from '../../src/base/errors.ts';

export const usage = `./everwith eval memory --format locomo|longmemeval|own --path FILE_OR_FOLDER [options]

Measures what recall finds, by the evidence that each question names. LoCoMo (locomo10.json) and LongMemEval
(longmemeval_s.json and its like) are read as they were published, from wherever you keep them.

  --format FORMAT   locomo, longmemeval or own (evals/memory/README.md)
  --path PATH       a file, or for own a folder too
  --mode MODE       lexical (default); hybrid: with the embedding model in use; rerank: with a reranker as well,
                    and as hybrid where there is none
  --model ID        the embedding model for hybrid, by its id; the first that is installed where none is named
  --part PERCENT    only a share of the questions, drawn by lot
  --seed N          which lot (1)
  --ablate          what each signal adds: everything again without it
  --questions FILE  every question with its ranks, one JSON object a line
  --json            one JSON object on standard output

./everwith eval memory --facts measures what is distilled from conversations instead; --facts --help says how.`;

const optionsSchema = z.object({
  format: z.enum(['locomo', 'longmemeval', 'own'], { message: '--format is locomo, longmemeval or own' }),
  path: z.string({ message: '--path names the file or folder to read' }).min(1),
  mode: z.enum(['lexical', 'hybrid', 'rerank'], { message: '--mode is lexical, hybrid or rerank' }).default('lexical'),
  model: z.string().min(1).optional(),
  part: z.coerce.number({ message: '--part is a percentage' }).gt(0).max(100).default(100),
  seed: z.coerce.number({ message: '--seed is a whole number' }).int().default(1),
  ablate: z.boolean().default(false),
  questions: z.string().min(1).optional(),
  json: z.boolean().default(false),
});
export type EvalOptions = z.output<typeof optionsSchema>;

/** Throws an `InvalidInputError` that names the option. */
export function readEvalOptions(args: readonly string[]): EvalOptions | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  const parsed = optionsSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(
    `${parsed.error.issues.map(({ message, path }) => (message.startsWith('--') ? message : `--${path.join('.')}: ${message}`)).join('; ')}.`,
  );
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        format: { type: 'string' },
        path: { type: 'string' },
        mode: { type: 'string' },
        model: { type: 'string' },
        part: { type: 'string' },
        seed: { type: 'string' },
        ablate: { type: 'boolean' },
        questions: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new InvalidInputError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
