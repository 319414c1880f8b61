import { z } from 'zod';
import { idSchema, timeSchema } from './common.ts';

/** What a call used. Counts; milliseconds for `…InMs`. `cachedInputTokens` are among `inputTokens`. */
export const usageSchema = z
  .object({
    inputTokens: z.int().nonnegative(),
    cachedInputTokens: z.int().nonnegative(),
    outputTokens: z.int().nonnegative(),
    characters: z.int().nonnegative(),
    audioInMs: z.int().nonnegative(),
    images: z.int().nonnegative(),
    videoInMs: z.int().nonnegative(),
  })
  .meta({ id: 'Usage' });
export type Usage = z.infer<typeof usageSchema>;
export type UsageUnit = keyof Usage;

/** Who counted: the provider said so, a model's own tokenizer did, or it is reckoned from the length. */
export const usageSourceSchema = z.enum(['provider', 'tokenizer', 'estimate']);
export type UsageSource = z.infer<typeof usageSourceSchema>;

/** Where a call came in. */
export const meteredDoorSchema = z.enum(['conversation', 'call', 'background', 'api']);
export type MeteredDoor = z.infer<typeof meteredDoorSchema>;

/**
 * What it was done for: a reply, or a request of a program; else work that the house does around what people say.
 * `recall` finds memories and keeps them findable, `document` does it for files; `writing` helps a person with their own
 * words, `drafting` with a character; `direction` is whose turn it is in a room; `sample` tries a voice or makes one.
 */
export const meteredPurposeSchema = z.enum([
  'reply',
  'request',
  'memory',
  'recall',
  'document',
  'title',
  'direction',
  'translation',
  'writing',
  'drafting',
  'world',
  'dictation',
  'reading',
  'sample',
]);
export type MeteredPurpose = z.infer<typeof meteredPurposeSchema>;

/** What kind of model answered. */
export const meteredKindSchema = z.enum([
  'text',
  'embedding',
  'speech',
  'transcription',
  'image',
  'video',
  'music',
  'moderation',
]);
export type MeteredKind = z.infer<typeof meteredKindSchema>;

/** `held`: money is set aside. Ends as `settled` (billed), `void` (nothing owed) or `expired` (nobody came back). */
export const meteredStateSchema = z.enum(['held', 'settled', 'void', 'expired']);
export type MeteredState = z.infer<typeof meteredStateSchema>;

/** How the work itself ended. */
export const meteredOutcomeSchema = z.enum(['done', 'stopped', 'failed']);
export type MeteredOutcome = z.infer<typeof meteredOutcomeSchema>;

/**
 * Prices of a model in nano-units of the house's currency (1 unit = 1,000,000,000): tokens and characters for a
 * million of them, sound and video for a minute, images for each. Absent = free.
 */
export const pricesSchema = z
  .strictObject({
    inputPerMillion: z.int().nonnegative().optional(),
    /** Absent = as `inputPerMillion`. */
    cachedInputPerMillion: z.int().nonnegative().optional(),
    outputPerMillion: z.int().nonnegative().optional(),
    charactersPerMillion: z.int().nonnegative().optional(),
    audioPerMinute: z.int().nonnegative().optional(),
    image: z.int().nonnegative().optional(),
    videoPerMinute: z.int().nonnegative().optional(),
    /** What of these prices a line of a batch costs, in percent. Absent = all of it. */
    batchPercent: z.int().min(0).max(100).optional(),
  })
  .meta({ id: 'Prices' });
export type Prices = z.infer<typeof pricesSchema>;

/** One metered call, as usage pages and logs show it. Money in nano-units. */
export const meteredCallSchema = z
  .object({
    id: idSchema,
    state: meteredStateSchema,
    outcome: meteredOutcomeSchema.nullable(),
    door: meteredDoorSchema,
    purpose: meteredPurposeSchema,
    kind: meteredKindSchema,
    userId: idSchema,
    keyId: idSchema.nullable(),
    teamId: idSchema.nullable(),
    /** The name that was asked for, and what answered. */
    model: z.string(),
    ref: z.string().nullable(),
    characterId: idSchema.nullable(),
    conversationId: idSchema.nullable(),
    usage: usageSchema,
    /** Tries at targets, the one that answered included. */
    attempts: z.int(),
    usageSource: usageSourceSchema.nullable(),
    cost: z.int(),
    requestId: z.string().nullable(),
    errorCode: z.string().nullable(),
    firstTokenInMs: z.number().nonnegative().nullable(),
    durationInMs: z.number().nonnegative().nullable(),
    startedAt: timeSchema,
    endedAt: timeSchema.nullable(),
  })
  .meta({ id: 'MeteredCall' });
export type MeteredCallView = z.infer<typeof meteredCallSchema>;
