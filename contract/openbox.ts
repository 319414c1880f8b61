import { z } from 'zod';
import { idSchema, timeSchema } from './common.ts';

/** What developers try first. `speech` asks `/v1/audio/speech` and listens to the bytes; the others ask for a chat. */
export const openboxCategorySchema = z.enum([
  'tools',
  'schemas',
  'long-context',
  'personas',
  'scripts',
  'refusals',
  'extraction',
  'planning',
  'voice',
  'speech',
  'instructions',
]);
export type OpenboxCategory = z.infer<typeof openboxCategorySchema>;

export const openboxLanguageSchema = z.enum(['en', 'zh']);

/** `error`: no answer came that could be judged (status, time box, malformed stream); `wrong`: one came and failed. */
export const openboxOutcomeSchema = z.enum(['passed', 'wrong', 'error']);

/** A share with its 95 % Wilson interval; null where nothing was asked. */
export const openboxShareSchema = z
  .object({ share: z.number(), low: z.number(), high: z.number() })
  .nullable()
  .meta({ id: 'OpenboxShare' });

/** Tasks by outcome; `pass` counts errors as not passed, so that 1 - pass is the error rate a developer meets. */
export const openboxScoreSchema = z
  .object({
    tasks: z.int().nonnegative(),
    passed: z.int().nonnegative(),
    wrong: z.int().nonnegative(),
    errors: z.int().nonnegative(),
    pass: openboxShareSchema,
    errorRate: openboxShareSchema,
  })
  .meta({ id: 'OpenboxScore' });
export type OpenboxScore = z.infer<typeof openboxScoreSchema>;

/**
 * The full score as a stratified tenth of the tasks foretells it. After a full run `error` is foretold - real, and
 * `typicalError` and `largeError` are the mean and the 95th percentile of |foretold - real| over many such tenths;
 * after a sample they are null, and the interval says how far off the full score may be.
 */
export const openboxPredictionSchema = z
  .object({
    predicted: z.number(),
    low: z.number(),
    high: z.number(),
    tasks: z.int().positive(),
    error: z.number().nullable(),
    typicalError: z.number().nullable(),
    largeError: z.number().nullable(),
  })
  .meta({ id: 'OpenboxPrediction' });
export type OpenboxPrediction = z.infer<typeof openboxPredictionSchema>;

const shortText = z.string().min(1).max(300);

/** What a run was made with. */
const openboxRunFacts = {
  /** As a request names it. */
  model: shortText,
  /** The weights or the provider behind the name, as exactly as can be known; a house knows its own better. */
  modelVersion: shortText,
  /** `house`, or the address of another server. */
  target: shortText,
  suiteVersion: shortText,
  suiteDigest: z.string().regex(/^[\da-f]{64}$/),
  /** The share of the tasks that was drawn, and the seed it was drawn with. */
  sample: z.number().positive().max(1),
  seed: z.int().nonnegative(),
  startedAt: timeSchema,
  endedAt: timeSchema,
  /** False where somebody stopped it: what was finished counts. */
  complete: z.boolean(),
};

export const openboxTaskResultSchema = z
  .object({
    taskId: idSchema,
    category: openboxCategorySchema,
    language: openboxLanguageSchema,
    outcome: openboxOutcomeSchema,
    /** What the check missed or the request met; empty when it passed. */
    reasons: z.array(z.string().max(500)).max(20),
    tookMs: z.int().nonnegative(),
    /** The beginning of what came. */
    answer: z.string().max(4000),
  })
  .meta({ id: 'OpenboxTaskResult' });
export type OpenboxTaskResult = z.infer<typeof openboxTaskResultSchema>;

export const saveOpenboxRunSchema = z
  .strictObject({ ...openboxRunFacts, results: z.array(openboxTaskResultSchema).min(1).max(2000) })
  .meta({ id: 'SaveOpenboxRun' });
export type SaveOpenboxRun = z.infer<typeof saveOpenboxRunSchema>;

export const openboxRunSchema = z
  .object({
    id: idSchema,
    ...openboxRunFacts,
    houseVersion: z.string(),
    score: openboxScoreSchema,
    categories: z.array(z.object({ category: openboxCategorySchema, score: openboxScoreSchema })),
    languages: z.array(z.object({ language: openboxLanguageSchema, score: openboxScoreSchema })),
    prediction: openboxPredictionSchema.nullable(),
  })
  .meta({ id: 'OpenboxRun' });
export type OpenboxRun = z.infer<typeof openboxRunSchema>;

/** The frozen tasks as they lie in this house, and every run that was kept, the newest first. */
export const openboxOverviewSchema = z
  .object({
    suite: z.object({
      version: z.string(),
      digest: z.string(),
      tasks: z.int().nonnegative(),
      categories: z.array(z.object({ category: openboxCategorySchema, tasks: z.int().positive() })),
    }),
    runs: z.array(openboxRunSchema),
  })
  .meta({ id: 'OpenboxOverview' });
export type OpenboxOverview = z.infer<typeof openboxOverviewSchema>;

export const openboxRunDetailsSchema = z
  .object({ run: openboxRunSchema, results: z.array(openboxTaskResultSchema) })
  .meta({ id: 'OpenboxRunDetails' });
export type OpenboxRunDetails = z.infer<typeof openboxRunDetailsSchema>;
