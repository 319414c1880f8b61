import { z } from 'zod';

const millisecondsSchema = z.number().nonnegative().max(600_000);
const delaySchema = millisecondsSchema.default(0);
/** Which texts a rule is about; absent = all. */
const whenSchema = z
  .union([z.strictObject({ contains: z.string() }), z.strictObject({ equals: z.string() })])
  .optional();
const failureShape = {
  code: z.string().default('engine-lost'),
  message: z.string().default('The scripted engine failed.'),
  retryable: z.boolean().default(true),
};

/** How scripted voices speak and scripted ears hear. Times in milliseconds. */
export const speechScriptSchema = z.strictObject({
  /** Before the first chunk of an utterance, and before each later one. */
  firstChunkInMs: delaySchema,
  chunkDelayInMs: delaySchema,
  /** Sound in one chunk. */
  chunkInMs: z.number().positive().max(10_000).default(100),
  sampleRate: z.int().min(8000).max(48_000).default(24_000),
  /** The first rule that matches and is not spent decides how an utterance goes wrong, or slowly. */
  utterances: z
    .array(
      z.strictObject({
        when: whenSchema,
        times: z.int().positive().optional(),
        firstChunkInMs: millisecondsSchema.optional(),
        /** Fails after so many chunks: 0 = before a sound. */
        failAfterChunks: z.int().nonnegative().optional(),
        /** Says nothing more after so many chunks, until it is stopped. */
        hangAfterChunks: z.int().nonnegative().optional(),
        ...failureShape,
      }),
    )
    .default([]),
  /** Before a transcript. */
  transcriptInMs: delaySchema,
  /** The first rule that fits and is not spent answers; without one the ears understand what scripted voices said. */
  transcripts: z
    .array(
      z.strictObject({
        /** Sound at least so long, at most so long. */
        fromInMs: z.number().nonnegative().default(0),
        toInMs: z.number().positive().optional(),
        times: z.int().positive().optional(),
        text: z.string().default(''),
        language: z.string().nullable().default(null),
        fails: z.boolean().default(false),
        ...failureShape,
      }),
    )
    .default([]),
  /** Said one after the other whenever it is asked whether somebody has finished; then `turnOtherwise`. */
  turnProbabilities: z.array(z.number().min(0).max(1)).default([]),
  turnOtherwise: z.number().min(0).max(1).default(1),
  turnInMs: delaySchema,
  /** Level (RMS) from which on somebody speaks. */
  speechLevel: z.number().positive().max(1).default(0.01),
  /** False: there is no voice, or nothing that listens, as in a house that has not fetched them. */
  hasVoice: z.boolean().default(true),
  hasEars: z.boolean().default(true),
});
export type SpeechScript = z.infer<typeof speechScriptSchema>;
export type SpeechScriptInput = z.input<typeof speechScriptSchema>;
