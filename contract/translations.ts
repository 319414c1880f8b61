import { z } from 'zod';
import { idSchema, timeSchema } from './common.ts';

/** Languages that messages are translated into, as BCP 47 tags. */
export const TRANSLATION_LANGUAGES = [
  'en',
  'zh-Hans',
  'zh-Hant',
  'ja',
  'ko',
  'es',
  'fr',
  'de',
  'it',
  'pt',
  'nl',
  'sv',
  'pl',
  'cs',
  'uk',
  'ru',
  'tr',
  'el',
  'ar',
  'he',
  'fa',
  'hi',
  'bn',
  'th',
  'vi',
  'id',
] as const;
export const translationLanguageSchema = z.enum(TRANSLATION_LANGUAGES);
export type TranslationLanguage = z.infer<typeof translationLanguageSchema>;

/** What a message says in another language; shown to people, never sent to a model. */
export const translationSchema = z
  .object({
    messageId: idSchema,
    language: translationLanguageSchema,
    text: z.string(),
    /** The model that made it, as people know it. */
    model: z.string(),
    createdAt: timeSchema,
  })
  .meta({ id: 'Translation' });
export type Translation = z.infer<typeof translationSchema>;
export const translationListSchema = z
  .object({ translations: z.array(translationSchema) })
  .meta({ id: 'TranslationList' });

export const translateMessageSchema = z
  .strictObject({
    language: translationLanguageSchema,
    /** Makes it anew where one is kept. */
    again: z.boolean().default(false),
  })
  .meta({ id: 'TranslateMessage' });

/** `translation-end` is always the last part. */
export const translationPartSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('translation-start'), model: z.object({ label: z.string(), fallback: z.boolean() }) }),
  z.object({ type: z.literal('translation-delta'), text: z.string() }),
  z.object({
    type: z.literal('translation-end'),
    state: z.enum(['done', 'stopped', 'failed']),
    failure: z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }).nullable(),
    /** What is kept; null where it was not finished. */
    translation: translationSchema.nullable(),
  }),
]);
export type TranslationPart = z.infer<typeof translationPartSchema>;
