import { z } from 'zod';

/* `POST /v1/embeddings` as OpenAI describes it (openai/openai-openapi, `CreateEmbeddingRequest`). */

const tokensSchema = z.array(z.int()).min(1).max(2048);

export const embeddingRequestSchema = z.looseObject({
  model: z.string().min(1),
  input: z.union([
    z.string(),
    z.array(z.string()).min(1).max(2048),
    tokensSchema,
    z.array(tokensSchema).min(1).max(2048),
  ]),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.int().positive().nullish(),
  /** Whether the texts are looked for or look; models that tell them apart find better. Not of OpenAI; others have it. */
  input_type: z.enum(['query', 'passage', 'document']).nullish(),
  user: z.string().nullish(),
});
export type EmbeddingRequest = z.infer<typeof embeddingRequestSchema>;

export const embeddingResponseSchema = z.object({
  object: z.literal('list'),
  data: z.array(
    z.object({
      object: z.literal('embedding'),
      index: z.int(),
      /** Numbers, or 32-bit floats, little-endian, in base64. */
      embedding: z.union([z.array(z.number()), z.string()]),
    }),
  ),
  model: z.string(),
  usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
});
export type EmbeddingResponse = z.infer<typeof embeddingResponseSchema>;
