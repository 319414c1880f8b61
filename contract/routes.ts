import { z } from 'zod';

const millisecondsSchema = z.int().min(50).max(3_600_000);

/** A model that may answer under a route's name. */
export const routeTargetSchema = z.strictObject({
  /** As the models of the house are called: `<provider id>:<model>` or `local:<catalog id>`. */
  ref: z.string().min(3).max(400),
  /** Its share among those of the same priority. */
  weight: z.int().min(1).max(1000).default(1),
  /** Lower ones are tried first; higher ones stand in where those fail. */
  priority: z.int().min(0).max(99).default(0),
  /** Milliseconds. Absent = what suits its provider. */
  firstByteInMs: millisecondsSchema.optional(),
  silenceInMs: millisecondsSchema.optional(),
  totalInMs: millisecondsSchema.optional(),
  /** An answer that begins later counts as a fault. */
  slowInMs: millisecondsSchema.optional(),
});
export type RouteTarget = z.infer<typeof routeTargetSchema>;

/** One public name of a model and what answers under it. */
export const modelRouteSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\w.\-/]{1,200}$/, 'letters, digits and . _ - / only')
      .refine((name) => !name.startsWith('character/'), 'names below character/ belong to characters'),
    targets: z
      .array(routeTargetSchema)
      .min(1)
      .max(64)
      .refine((targets) => new Set(targets.map(({ ref }) => ref)).size === targets.length, 'each target only once'),
    /** Further tries at one target before the next is asked. */
    retries: z.int().min(0).max(5).default(1),
    /** At most this share of requests may be such tries. */
    retryShare: z.number().min(0).max(1).default(0.2),
    /** Which calls keep to one target, so that its cache of their beginning helps. */
    sticky: z.enum(['none', 'conversation', 'prefix']).default('prefix'),
    /** How much of a prompt's beginning counts, KiB. */
    prefixInKiB: z.int().min(1).max(64).default(4),
    /** A target is too busy above both: calls under way, and times the mean of all. */
    spill: z
      .strictObject({ most: z.int().min(1).max(100_000), factor: z.number().min(1).max(100) })
      .default({ most: 64, factor: 1.5 }),
  })
  .meta({ id: 'ModelRoute' });
export type ModelRoute = z.infer<typeof modelRouteSchema>;

/** `routes.yaml` in the data folder. */
export const routesFileSchema = z.strictObject({
  routes: z
    .array(modelRouteSchema)
    .max(500)
    .refine((routes) => new Set(routes.map(({ name }) => name)).size === routes.length, 'each name only once'),
});

export const targetHealthSchema = z.object({
  ref: z.string(),
  state: z.enum(['closed', 'open', 'probing']),
  consecutiveFaults: z.int(),
  /** Mean time to the first word, milliseconds. */
  firstByteInMs: z.number().nullable(),
  /** Until the next probe, milliseconds. */
  nextProbeInMs: z.number().nullable(),
  lastErrorCode: z.string().nullable(),
  /** Calls under way. */
  load: z.int(),
});
export type TargetHealth = z.infer<typeof targetHealthSchema>;

export const routesViewSchema = z
  .object({
    routes: z.array(
      z.object({
        route: modelRouteSchema,
        /** One from the file is changed there. */
        source: z.enum(['app', 'file']),
        targets: z.array(targetHealthSchema),
      }),
    ),
    /** What is wrong with the file; the last good one counts until it is mended. */
    fileError: z.string().nullable(),
  })
  .meta({ id: 'RoutesView' });
export type RoutesView = z.infer<typeof routesViewSchema>;
