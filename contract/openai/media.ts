import { z } from 'zod';

/*
 * Pictures, films and moderations as OpenAI describes them (openai/openai-openapi, `CreateImageRequest`,
 * `CreateVideoJsonBody`, `CreateModerationRequest`). Providers know their own fields: they are handed on as they are.
 */

const count = z.coerce.number().int().min(1).max(10);

export const imageRequestSchema = z.looseObject({
  model: z.string().min(1).max(400).default('gpt-image-1'),
  prompt: z.string().min(1).max(32_000),
  n: count.nullish(),
  stream: z.boolean().nullish(),
});

/** Of an edit or a variation; the pictures are files of the form. */
export const imageFieldsSchema = z.looseObject({
  model: z.string().min(1).max(400).default('gpt-image-1'),
  n: count.nullish(),
});

export const moderationRequestSchema = z.looseObject({
  model: z.string().min(1).max(400).default('omni-moderation-latest'),
  input: z.union([z.string(), z.array(z.unknown()).min(1)]),
});

export const videoFieldsSchema = z.looseObject({
  model: z.string().min(1).max(400).default('sora-2'),
  prompt: z.string().min(1).max(32_000),
  seconds: z.coerce.number().int().min(1).max(60).default(4),
});

const filmPromptSchema = z.string().min(1).max(32_000);
/** A film that is there; a form may hold one instead. */
const filmReferenceSchema = z.looseObject({ id: z.string().min(1).max(1000) });

export const remixVideoSchema = z.looseObject({ prompt: filmPromptSchema });
export const editVideoSchema = z.looseObject({
  video: filmReferenceSchema.optional(),
  prompt: filmPromptSchema,
  /** For a film that is sent: who makes it. */
  model: z.string().min(1).max(400).default('sora-2'),
});
export const extendVideoSchema = editVideoSchema.extend({ seconds: z.coerce.number().int().min(1).max(60) });
export type EditVideo = z.infer<typeof editVideoSchema> & { seconds?: number };

export const listFilmsQuerySchema = z.object({
  after: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
});
export type ListFilmsQuery = z.infer<typeof listFilmsQuerySchema>;
