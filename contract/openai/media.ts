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
