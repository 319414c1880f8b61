import { z } from 'zod';
import { idSchema, timeSchema } from './common.ts';

/** A call of a conversation. */
export const callRecordSchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    startedAt: timeSchema,
    /** Null while it is under way. */
    endedAt: timeSchema.nullable(),
    /** Why it ended; `house-gone` where the server went away under it. */
    endReason: z.string().nullable(),
    turns: z.int().nonnegative(),
    /** Milliseconds that somebody was on the line. */
    durationInMs: z.number().nonnegative(),
  })
  .meta({ id: 'CallRecord' });
export type CallRecord = z.infer<typeof callRecordSchema>;
/** Newest first. */
export const callListSchema = z.object({ calls: z.array(callRecordSchema) }).meta({ id: 'CallList' });
export type CallList = z.infer<typeof callListSchema>;

/** What was understood of a recording. `language`: ISO 639-1, where the engine says. */
export const transcriptionSchema = z
  .object({ text: z.string(), language: z.string().nullable() })
  .meta({ id: 'Transcription' });
