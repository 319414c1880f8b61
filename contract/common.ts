import { z } from 'zod';

/** Locales the app speaks. */
export const localeSchema = z.enum(['en', 'zh-CN']);
export type Locale = z.infer<typeof localeSchema>;

/** An opaque id: letters, digits, `-`, `_`, `:`, `.`; at most 128 characters. */
export const idSchema = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\w:.-]+$/);

/** Milliseconds since the epoch, as far as calendars go (ECMA-262, time values). */
export const timeSchema = z.int().nonnegative().max(8_640_000_000_000_000);

/** The one error shape of the API. `error.id` is present on unknown errors and stands in the log. */
export const errorSchema = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      retryable: z.boolean(),
      field: z.string().optional(),
      id: z.string().optional(),
      details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
    }),
  })
  .meta({ id: 'Error' });
export type ErrorBody = z.infer<typeof errorSchema>;

export const okSchema = z.object({ ok: z.literal(true) }).meta({ id: 'Ok' });

/** Removes what no store or model can carry: unpaired surrogates and control characters except tab and newline. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}]/gu, (character) => (character === '\n' || character === '\t' ? character : ''));
}

/** Text a person wrote: cleaned, then held to `max` UTF-16 units and not blank. */
export function textSchema(max: number): z.ZodType<string, string> {
  return z
    .string()
    .max(max)
    .transform(cleanText)
    .refine((text) => text.trim() !== '', { message: 'The text is empty.' });
}

/** Like `textSchema`, but may be empty. */
export function optionalTextSchema(max: number): z.ZodType<string, string> {
  return z.string().max(max).transform(cleanText);
}
