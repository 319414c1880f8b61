import { z } from 'zod';
import { idSchema } from './common.ts';
import { downloadStateSchema } from './models.ts';

/** `local:<catalog id>`, `provider:<provider id>/<model name>` or `scripted:<name>`. */
export const embeddingRefSchema = z
  .string()
  .min(3)
  .max(300)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u);

/**
 * A model that could give memory its vectors, as it stands here. Bytes; bytes per second; seconds. What a provider
 * serves is always `installed`.
 */
export const embeddingOfferSchema = z
  .object({
    ref: embeddingRefSchema,
    label: z.string(),
    place: z.enum(['local', 'provider', 'scripted']),
    /** The catalog entry to fetch; null for a provider's. */
    modelId: idSchema.nullable(),
    /** Null for a model of this computer. */
    providerName: z.string().nullable(),
    /** BCP 47 primary tags it was made for; empty = any. */
    languages: z.array(z.string()),
    licence: z.string().nullable(),
    /** The one to take where nobody has a reason for another. */
    recommended: z.boolean(),
    /** Memory uses it, or will when it is here. */
    chosen: z.boolean(),
    /** What comes over the network. */
    sizeBytes: z.int().nonnegative(),
    state: downloadStateSchema,
    receivedBytes: z.int().nonnegative(),
    bytesPerSecond: z.number().nonnegative().nullable(),
    etaInSeconds: z.number().nonnegative().nullable(),
    source: z.string().nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'EmbeddingOffer' });
export type EmbeddingOffer = z.infer<typeof embeddingOfferSchema>;

export const embeddingListSchema = z
  .object({
    models: z.array(embeddingOfferSchema),
    /** What memory uses now; null = recall is by words only. */
    inUse: embeddingRefSchema.nullable(),
  })
  .meta({ id: 'EmbeddingList' });
export type EmbeddingList = z.infer<typeof embeddingListSchema>;

/** Null: none, recall stays by words only. */
export const chooseEmbeddingSchema = z
  .strictObject({ ref: embeddingRefSchema.nullable() })
  .meta({ id: 'ChooseEmbedding' });
