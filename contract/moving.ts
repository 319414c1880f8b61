import { z } from 'zod';
import { idSchema, timeSchema } from './common.ts';

export const moveKindSchema = z.enum(['character', 'chat', 'lorebook', 'persona', 'preset', 'settings']);
export type MoveKind = z.infer<typeof moveKindSchema>;

/**
 * What a dry run found of one kind. `here`: already in the house. `grown`: a chat that is here and has more messages
 * now. `deleted`: was moved in before and then deleted here. `broken`: cannot be read.
 */
export const moveCountSchema = z.object({
  kind: moveKindSchema,
  new: z.int().nonnegative(),
  grown: z.int().nonnegative(),
  here: z.int().nonnegative(),
  deleted: z.int().nonnegative(),
  broken: z.int().nonnegative(),
});
export type MoveCount = z.infer<typeof moveCountSchema>;

/** Something that could not be read: a whole file, or a line of one. */
export const moveProblemSchema = z.object({
  path: z.string(),
  /** Counted from 1; null = the whole file. */
  line: z.int().positive().nullable(),
  /** A stable word, translated by the page. */
  reason: z.string(),
  /** More in English, where the reason is not all. */
  message: z.string(),
});
export type MoveProblem = z.infer<typeof moveProblemSchema>;

/** Something to know beforehand: `placeholder` characters, `left-out` folders, `secrets` not taken. */
export const moveNoteSchema = z.object({ code: z.string(), name: z.string(), count: z.int().nonnegative() });
export type MoveNote = z.infer<typeof moveNoteSchema>;

export const moveReportSchema = z.object({
  files: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  counts: z.array(moveCountSchema),
  messages: z.int().nonnegative(),
  groupChats: z.int().nonnegative(),
  /** The first of them; `problemCount` counts all. */
  problems: z.array(moveProblemSchema),
  problemCount: z.int().nonnegative(),
  notes: z.array(moveNoteSchema),
});
export type MoveReport = z.infer<typeof moveReportSchema>;

export const moveResultSchema = z.object({
  /** What arrived, by kind; `chat` counts conversations. */
  arrived: z.array(z.object({ kind: moveKindSchema, count: z.int().nonnegative() })),
  messages: z.int().nonnegative(),
  /** Some of what arrived, to go to. */
  conversations: z.array(z.object({ id: idSchema, title: z.string() })),
  characters: z.array(z.object({ id: idSchema, name: z.string() })),
  problems: z.array(moveProblemSchema),
  problemCount: z.int().nonnegative(),
});
export type MoveResult = z.infer<typeof moveResultSchema>;

/**
 * `collecting` (files arrive) → `surveying` (the dry run) → `ready` (a report waits) → `importing` → `done`; from each
 * of them `cancelled` or `failed`. A failed or cancelled import leaves what had arrived whole, and can be run again.
 */
export const moveStateSchema = z.enum(['collecting', 'surveying', 'ready', 'importing', 'done', 'cancelled', 'failed']);
export type MoveState = z.infer<typeof moveStateSchema>;

export const moveStatusSchema = z
  .object({
    id: idSchema,
    state: moveStateSchema,
    /** Files of the dry run, or things of the import. `total` is 0 while it is not known. */
    progress: z.object({ done: z.int().nonnegative(), total: z.int().nonnegative(), current: z.string() }),
    received: z.object({ files: z.int().nonnegative(), bytes: z.int().nonnegative() }),
    report: moveReportSchema.nullable(),
    result: moveResultSchema.nullable(),
    failure: z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }).nullable(),
    createdAt: timeSchema,
  })
  .meta({ id: 'MoveStatus' });
export type MoveStatus = z.infer<typeof moveStatusSchema>;

/** A directory of the machine the house runs on: for its owner only. Absent = what was uploaded. */
export const surveyMoveSchema = z
  .strictObject({ directory: z.string().min(1).max(4096).optional() })
  .meta({ id: 'SurveyMove' });

export const startMoveSchema = z
  .strictObject({
    kinds: z.array(moveKindSchema).max(10).optional(),
    /** Brings back what was moved in before and deleted here. */
    restoreDeleted: z.boolean().default(false),
  })
  .meta({ id: 'StartMove' });
export type StartMove = z.input<typeof startMoveSchema>;

/** Bytes of files that one upload of a bundle may carry, and of a single larger file. */
export const BUNDLE_LIMIT = 1024 * 1024 * 1024;
export const exportFormatSchema = z.enum(['everwith', 'sillytavern', 'markdown', 'html', 'text']);
export type ExportFormat = z.infer<typeof exportFormatSchema>;
/** Forms that have a place for more than one branch. */
export const WHOLE_TREE_FORMATS: readonly ExportFormat[] = ['everwith', 'sillytavern'];

/**
 * One branch: the active path; or the one `through` a message, down to where it was left; or the path that ends `at` a
 * message; or the one that a `mark` names. Or all of them (`scope`), in forms that have a place for them.
 */
export const exportConversationQuerySchema = z
  .object({
    format: exportFormatSchema.default('sillytavern'),
    scope: z.enum(['branch', 'all']).default('branch'),
    through: idSchema.optional(),
    at: idSchema.optional(),
    mark: idSchema.optional(),
    /** Everwith's own form brings the bytes of files along. */
    files: z.stringbool().default(false),
  })
  .refine(({ scope, through, at, mark }) => [through, at, mark].filter(Boolean).length <= (scope === 'all' ? 0 : 1), {
    path: ['scope'],
    message: 'Name one branch, or all of them: at most one of `through`, `at`, `mark` and `scope=all`.',
  });
export type ExportConversationQuery = z.output<typeof exportConversationQuerySchema>;

/**
 * The head of a file in a bundle, one line of JSON followed by exactly `size` bytes. A bundle
 * (`application/x-everwith-bundle`) is any number of such files, so that thousands of small ones travel at once.
 */
export const bundleHeadSchema = z.strictObject({ path: z.string().min(1).max(1000), size: z.int().nonnegative() });

/** What a watcher of a move receives (server-sent events); the first is always a status. */
export const moveEventSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('move-change'), status: moveStatusSchema }),
    z.object({ type: z.literal('move-progress'), progress: moveStatusSchema.shape.progress }),
  ])
  .meta({ id: 'MoveEvent' });
export type MoveEvent = z.infer<typeof moveEventSchema>;
