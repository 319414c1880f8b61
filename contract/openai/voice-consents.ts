import { z } from 'zod';

/*
 * `/v1/audio/voice_consents` and `/v1/audio/voices` as OpenAI describes them (openai/openai-openapi,
 * `VoiceConsentResource`, `VoiceResource`).
 */

const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .refine((name) => !/[\p{Cc}\p{Cs}]/u.test(name), { message: 'A name holds no control characters.' });

/** `name`: of the person who reads the statement, as they say it. */
export const voiceConsentFieldsSchema = z.looseObject({
  name: nameSchema,
  /** BCP 47. */
  language: z.string().min(2).max(40),
});
export const voiceConsentFormSchema = voiceConsentFieldsSchema.extend({ recording: z.file() });
export const renameVoiceConsentSchema = z.looseObject({ name: nameSchema });

export const voiceFieldsSchema = z.looseObject({ name: nameSchema, consent: z.string().min(1).max(200) });
export const voiceFormSchema = voiceFieldsSchema.extend({ audio_sample: z.file() });

export const listVoiceConsentsQuerySchema = z.object({
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

export const voiceConsentSchema = z.object({
  object: z.literal('audio.voice_consent'),
  id: z.string(),
  name: z.string(),
  language: z.string(),
  created_at: z.int(),
});
export type VoiceConsent = z.infer<typeof voiceConsentSchema>;

export const voiceConsentListSchema = z.object({
  object: z.literal('list'),
  data: z.array(voiceConsentSchema),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
  has_more: z.boolean(),
});

export const voiceConsentDeletedSchema = z.object({
  id: z.string(),
  object: z.literal('audio.voice_consent'),
  deleted: z.literal(true),
});

/** Its id is what `voice` of `/v1/audio/speech` takes. */
export const createdVoiceSchema = z.object({
  object: z.literal('audio.voice'),
  id: z.string(),
  name: z.string(),
  created_at: z.int(),
});
export type CreatedVoice = z.infer<typeof createdVoiceSchema>;
