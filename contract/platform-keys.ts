import { z } from 'zod';
import { keySchema, keyScopeSchema } from './accounts.ts';
import { idSchema, textSchema, timeSchema } from './common.ts';

/** Calls or tokens a minute; null = only the limits of the house. */
const perMinuteSchema = z.int().min(1).max(10_000_000).nullable();
/** Names of models as `GET /v1/models` lists them; null = all. */
const allowedModelsSchema = z.array(z.string().min(1).max(200)).max(100).nullable();

/** A key as its person and those who manage its team see it. */
export const platformKeySchema = keySchema
  .extend({
    /** Whom it speaks for. */
    userId: idSchema,
    userName: z.string(),
    /** The team that pays; null = its person. */
    teamId: idSchema.nullable(),
    models: z.array(z.string()).nullable(),
    requestsPerMinute: z.int().nullable(),
    tokensPerMinute: z.int().nullable(),
    expiresAt: timeSchema.nullable(),
    /** Until then the secret before the last rotation opens as well. */
    previousUntil: timeSchema.nullable(),
    /** Whether the reader may change, rotate and revoke it. */
    manageable: z.boolean(),
  })
  .meta({ id: 'PlatformKey' });
export type PlatformKey = z.infer<typeof platformKeySchema>;

export const createPlatformKeySchema = z
  .strictObject({
    name: textSchema(80),
    scopes: z.array(keyScopeSchema).min(1).default(['models']),
    teamId: idSchema.nullable().default(null),
    models: allowedModelsSchema.default(null),
    requestsPerMinute: perMinuteSchema.default(null),
    tokensPerMinute: perMinuteSchema.default(null),
    expiresAt: timeSchema.nullable().default(null),
  })
  .meta({ id: 'CreatePlatformKey' });
export type CreatePlatformKey = z.infer<typeof createPlatformKeySchema>;

export const changePlatformKeySchema = z
  .strictObject({
    name: textSchema(80),
    models: allowedModelsSchema,
    requestsPerMinute: perMinuteSchema,
    tokensPerMinute: perMinuteSchema,
    expiresAt: timeSchema.nullable(),
  })
  .partial()
  .meta({ id: 'ChangePlatformKey' });
export type ChangePlatformKey = z.infer<typeof changePlatformKeySchema>;

/** A week: whoever still needs the old secret then has forgotten it somewhere. */
export const LONGEST_OVERLAP_IN_MS = 7 * 86_400_000;

export const rotatePlatformKeySchema = z
  .strictObject({
    /** How long the old secret opens as well; 0 ends it at once. */
    overlapInMs: z.int().min(0).max(LONGEST_OVERLAP_IN_MS).default(86_400_000),
  })
  .meta({ id: 'RotatePlatformKey' });

/** The only answer that has the secret in it. */
export const shownKeySchema = z.object({ key: z.string(), entry: platformKeySchema }).meta({ id: 'ShownKey' });
export type ShownKey = z.infer<typeof shownKeySchema>;
