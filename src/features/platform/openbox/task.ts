import { z } from 'zod';
import { openboxCategorySchema, openboxLanguageSchema } from '../../../../contract/openbox.ts';
import { checkSchema } from './check-answer.ts';
import { longTextSchema } from './long-text.ts';
import { audioFormatSchema } from './measure-audio.ts';

/** An answer written by hand: words, calls of tools, or the facts of a sound from which its bytes are made. */
export const writtenAnswerSchema = z.strictObject({
  text: z.string().optional(),
  toolCalls: z.array(z.strictObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()) })).optional(),
  finishReason: z.string().optional(),
  audio: z.strictObject({ format: audioFormatSchema, seconds: z.number(), level: z.number() }).optional(),
});
export type WrittenAnswer = z.infer<typeof writtenAnswerSchema>;

/**
 * One first attempt of a developer: the request as it would be sent (without the model), what the answer has to be,
 * and how many seconds it may take. `{{long}}` in a message stands for the text that `long` makes. `reference` passes
 * every check; each of `wrong` is plausible and fails one.
 */
export const taskSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{4,60}$/),
  category: openboxCategorySchema,
  language: openboxLanguageSchema,
  endpoint: z.enum(['chat', 'speech']),
  request: z.record(z.string(), z.unknown()),
  long: longTextSchema.optional(),
  checks: z.array(checkSchema).min(1),
  reference: writtenAnswerSchema,
  wrong: z.array(writtenAnswerSchema).min(1),
  seconds: z.int().min(5).max(600),
});
export type Task = z.infer<typeof taskSchema>;
