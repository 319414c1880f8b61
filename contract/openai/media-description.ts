import { z } from 'zod';
import {
  editVideoSchema,
  extendVideoSchema,
  imageFieldsSchema,
  imageRequestSchema,
  moderationRequestSchema,
  videoFieldsSchema,
} from './media.ts';

/*
 * What providers that make pictures and films, or judge, take and answer (openai/openai-openapi, `CreateImageRequest`,
 * `ImagesResponse`, `VideoResource`, `CreateModerationResponse`). It is handed on as it comes: this describes it alone.
 */

const text = z.string().nullish();
const whole = z.int().nullish();

const pictureWishes = {
  size: text,
  response_format: text,
  user: text,
};
const newPictureWishes = {
  ...pictureWishes,
  quality: text,
  background: text,
  output_format: text,
  output_compression: whole,
  moderation: text,
  partial_images: whole,
};
export const sentImageSchema = imageRequestSchema.extend({ ...newPictureWishes, style: text });
export const imageEditFormSchema = imageFieldsSchema.extend({
  ...newPictureWishes,
  image: z.union([z.file(), z.array(z.file())]),
  mask: z.file().optional(),
  prompt: z.string(),
  input_fidelity: text,
  stream: z.boolean().nullish(),
});
export const imageVariationFormSchema = imageFieldsSchema.extend({ ...pictureWishes, image: z.file() });

const ofKindsSchema = z.looseObject({ text_tokens: z.int(), image_tokens: z.int() });
const imageUsageSchema = z.looseObject({
  input_tokens: z.int(),
  input_tokens_details: ofKindsSchema,
  output_tokens: z.int(),
  output_tokens_details: ofKindsSchema.optional(),
  total_tokens: z.int(),
});
const look = {
  background: z.string().optional(),
  output_format: z.string().optional(),
  size: z.string().optional(),
  quality: z.string().optional(),
};

export const imagesAnswerSchema = z.looseObject({
  ...look,
  created: z.int(),
  data: z.array(z.looseObject({ b64_json: text, url: text, revised_prompt: text })).optional(),
  usage: imageUsageSchema.optional(),
});

export const imageEventSchema = z.looseObject({
  ...look,
  type: z.string(),
  b64_json: z.string(),
  created_at: z.int(),
  /** Of one that is not whole yet. */
  partial_image_index: z.int().optional(),
  /** Of the last one. */
  usage: imageUsageSchema.optional(),
});

export const sentVideoSchema = videoFieldsSchema.extend({
  size: text,
  /** A picture to begin with: a file of the form, or where it lies at the provider. */
  input_reference: z.union([z.file(), z.looseObject({ image_url: text, file_id: text })]).optional(),
});

export const videoSchema = z.looseObject({
  /** Sealed: it reaches whoever began the film, and nobody else. */
  id: z.string(),
  object: z.literal('video'),
  model: z.string(),
  status: z.enum(['queued', 'in_progress', 'completed', 'failed']),
  progress: z.number(),
  created_at: z.int(),
  completed_at: whole,
  expires_at: whole,
  prompt: text,
  size: z.string(),
  seconds: z.string(),
  remixed_from_video_id: text,
  error: z.looseObject({ code: z.string(), message: z.string() }).nullish(),
});
export const videoListSchema = z.looseObject({
  object: z.literal('list'),
  data: z.array(videoSchema),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
  has_more: z.boolean(),
});
/** A film of one's own by its id, or the file of one. */
const sentFilm = { video: z.union([z.file(), z.looseObject({ id: z.string() })]) };
export const sentVideoEditSchema = editVideoSchema.extend(sentFilm);
export const sentVideoExtensionSchema = extendVideoSchema.extend(sentFilm);

export const videoDeletedSchema = z.looseObject({
  id: z.string(),
  object: z.literal('video.deleted'),
  deleted: z.boolean(),
});

export const sentModerationSchema = moderationRequestSchema.extend({
  input: z.union([
    z.string(),
    z.array(z.string()),
    z.array(
      z.union([
        z.looseObject({ type: z.literal('text'), text: z.string() }),
        z.looseObject({ type: z.literal('image_url'), image_url: z.looseObject({ url: z.string() }) }),
      ]),
    ),
  ]),
});

const CATEGORIES = [
  'hate',
  'hate/threatening',
  'harassment',
  'harassment/threatening',
  'illicit',
  'illicit/violent',
  'self-harm',
  'self-harm/intent',
  'self-harm/instructions',
  'sexual',
  'sexual/minors',
  'violence',
  'violence/graphic',
] as const;

/** One value for each category; models that know fewer leave some out. */
function byCategory<T extends z.ZodType>(value: T) {
  return z.looseObject(Object.fromEntries(CATEGORIES.map((category) => [category, value.nullish()])));
}

export const moderationSchema = z.looseObject({
  id: z.string(),
  model: z.string(),
  results: z.array(
    z.looseObject({
      flagged: z.boolean(),
      categories: byCategory(z.boolean()),
      category_scores: byCategory(z.number()),
      category_applied_input_types: byCategory(z.array(z.string())).optional(),
    }),
  ),
});
