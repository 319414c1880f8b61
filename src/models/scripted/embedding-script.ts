import { z } from 'zod';

/** How a scripted model embeds texts: by their words. Times in milliseconds. */
export const embeddingScriptSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.-]+$/)
    .default('words'),
  dimensions: z.int().min(8).max(4096).default(256),
  maxTokens: z.int().positive().default(512),
  /** BCP 47 primary tags; empty = any. */
  languages: z.array(z.string()).default([]),
  /** Words and phrases of a group mean the same, in any language. */
  synonyms: z.array(z.array(z.string().min(1)).min(2)).default([]),
  /** Before each text. */
  delayInMs: z.number().nonnegative().max(600_000).default(0),
  /** The first that matches and is not spent fails the call. */
  failures: z
    .array(
      z.strictObject({
        /** Only calls with a text that contains this. */
        contains: z.string().default(''),
        times: z.int().positive().optional(),
        code: z.string().default('engine-lost'),
        message: z.string().default('The scripted embedding model failed.'),
        retryable: z.boolean().default(true),
      }),
    )
    .default([]),
});
export type EmbeddingScript = z.infer<typeof embeddingScriptSchema>;
