import { z } from 'zod';
import { idSchema, localeSchema, textSchema, timeSchema } from './common.ts';

export const downloadStateSchema = z.enum(['absent', 'queued', 'downloading', 'verifying', 'installed', 'failed']);

/** A model of the catalog, as it stands on this machine. Bytes; bytes per second; seconds. */
export const catalogModelSchema = z
  .object({
    id: idSchema,
    ref: z.string(),
    label: z.string(),
    family: z.string(),
    use: z.enum(['starter', 'recommended', 'test', 'own-file']),
    fallback: z.boolean(),
    licence: z.string(),
    languages: z.array(z.string()),
    sizeBytes: z.int().nonnegative(),
    contextLength: z.int().positive(),
    recommendedRamGiB: z.number().nonnegative(),
    /** True for the one this machine is best served by. */
    recommendedHere: z.boolean(),
    state: downloadStateSchema,
    receivedBytes: z.int().nonnegative(),
    bytesPerSecond: z.number().nonnegative().nullable(),
    etaInSeconds: z.number().nonnegative().nullable(),
    source: z.string().nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'CatalogModel' });
export type CatalogModel = z.infer<typeof catalogModelSchema>;

export const engineStateSchema = z.enum(['none', 'unloaded', 'loading', 'ready', 'failed']);

export const modelsOverviewSchema = z
  .object({
    models: z.array(catalogModelSchema),
    /** The house default; null until a first one is there. */
    defaultModel: z.string().nullable(),
    /** The model a new conversation would use now, and whether it only stands in for a better one. */
    active: z.object({ ref: z.string(), label: z.string(), fallback: z.boolean(), place: z.string() }).nullable(),
    engine: z.object({ state: engineStateSchema, ref: z.string().nullable(), error: z.string().nullable() }),
    machine: z.object({
      ramGiB: z.number(),
      cores: z.int(),
      cpu: z.string(),
      freeDiskGiB: z.number(),
    }),
    /** What the first start is doing: looking for a starter, fetching it, ready, or stuck with the reason. */
    start: z.object({
      phase: z.enum(['probing', 'fetching', 'ready', 'stuck']),
      modelId: z.string().nullable(),
      error: z.object({ code: z.string(), message: z.string() }).nullable(),
    }),
  })
  .meta({ id: 'ModelsOverview' });
export type ModelsOverview = z.infer<typeof modelsOverviewSchema>;

export const chooseModelSchema = z.strictObject({ ref: z.string().min(1).max(300) }).meta({ id: 'ChooseModel' });
export const addModelFileSchema = z.strictObject({ path: z.string().min(1).max(4096) }).meta({ id: 'AddModelFile' });

export const providerKindSchema = z.enum([
  'openai',
  'anthropic',
  'google',
  'deepseek',
  'minimax',
  'ollama',
  'openai-compatible',
]);
export type ProviderKind = z.infer<typeof providerKindSchema>;

/** A provider's key is never sent back; `hasKey` says whether one is stored. */
export const providerSchema = z
  .object({
    id: idSchema,
    kind: providerKindSchema,
    name: z.string(),
    baseUrl: z.string().nullable(),
    hasKey: z.boolean(),
    models: z.array(z.string()),
    createdAt: timeSchema,
  })
  .meta({ id: 'Provider' });
export type Provider = z.infer<typeof providerSchema>;

export const baseUrlSchema = z.url({ protocol: /^https?$/ }).max(500);
export const saveProviderSchema = z
  .strictObject({
    kind: providerKindSchema,
    name: textSchema(80),
    baseUrl: baseUrlSchema.nullable().default(null),
    /** Absent keeps the stored one. */
    apiKey: z.string().trim().min(1).max(1000).optional(),
    /** Models to offer; empty asks the provider for its list. */
    models: z.array(z.string().trim().min(1).max(200)).max(200).default([]),
  })
  .meta({ id: 'SaveProvider' });
export type SaveProvider = z.input<typeof saveProviderSchema>;
export const testProviderSchema = z
  .strictObject({
    kind: providerKindSchema,
    baseUrl: baseUrlSchema.nullable().default(null),
    apiKey: z.string().trim().max(1000).optional(),
    /** Uses this provider's stored key when none is given. */
    providerId: idSchema.optional(),
  })
  .meta({ id: 'TestProvider' });
export const providerVerdictSchema = z
  .object({
    ok: z.boolean(),
    models: z.array(z.string()),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'ProviderVerdict' });
export type ProviderVerdict = z.infer<typeof providerVerdictSchema>;
export const detectedProvidersSchema = z
  .object({
    found: z.array(
      z.object({ kind: providerKindSchema, name: z.string(), baseUrl: z.string(), models: z.array(z.string()) }),
    ),
  })
  .meta({ id: 'DetectedProviders' });

export const localeQuerySchema = z.object({ locale: localeSchema.optional() });

/** Everything that can be talked with now. */
export const modelChoicesSchema = z
  .object({
    choices: z.array(
      z.object({
        ref: z.string(),
        label: z.string(),
        place: z.string(),
        fallback: z.boolean(),
        /** Whether it looks at pictures, as far as the house knows. */
        seesPictures: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'ModelChoices' });
export type ModelChoice = z.infer<typeof modelChoicesSchema>['choices'][number];
