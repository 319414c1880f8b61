import { z } from 'zod';
import { moderatedSchema } from './moderated.ts';
import { outputItemSchema, storedItemSchema } from './response-items.ts';
import { promptCacheRetentionSchema, responseToolChoiceSchema } from './responses.ts';

/* `Response` of OpenAI's description. Times in seconds since the epoch. */

const statusSchema = z.enum(['queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled']);
export type ResponseStatus = z.infer<typeof statusSchema>;

const usageSchema = z.object({
  input_tokens: z.int(),
  input_tokens_details: z.object({ cached_tokens: z.int(), cache_write_tokens: z.int() }),
  output_tokens: z.int(),
  output_tokens_details: z.object({ reasoning_tokens: z.int() }),
  total_tokens: z.int(),
});
export type ResponseUsage = z.infer<typeof usageSchema>;

/** As it was asked for. */
const toolSchema = z.looseObject({
  type: z.string(),
  name: z.string().optional(),
  description: z.string().nullish(),
  /** Of functions. */
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().optional(),
  /** Of custom tools. */
  format: z.looseObject({ type: z.string() }).optional(),
  output_schema: z.unknown().optional(),
  defer_loading: z.unknown().optional(),
  allowed_callers: z.unknown().optional(),
});

const formatSchema = z.union([
  z.object({ type: z.enum(['text', 'json_object']) }),
  z.looseObject({
    type: z.literal('json_schema'),
    name: z.string(),
    description: z.string().nullish(),
    schema: z.record(z.string(), z.unknown()),
    strict: z.boolean(),
  }),
]);

export const responseSchema = z.object({
  id: z.string(),
  object: z.literal('response'),
  created_at: z.int(),
  completed_at: z.int().nullable(),
  status: statusSchema,
  background: z.boolean(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  incomplete_details: z.object({ reason: z.enum(['max_output_tokens', 'content_filter']) }).nullable(),
  instructions: z.string().nullable(),
  max_output_tokens: z.int().nullable(),
  max_tool_calls: z.int().nullable(),
  model: z.string(),
  output: z.array(outputItemSchema),
  parallel_tool_calls: z.boolean(),
  previous_response_id: z.string().nullable(),
  conversation: z.object({ id: z.string() }).nullable(),
  reasoning: z
    .object({
      effort: z.string().nullable(),
      summary: z.string().nullable(),
      mode: z.string().optional(),
      context: z.string().nullish(),
      generate_summary: z.string().nullish(),
    })
    .nullable(),
  store: z.boolean(),
  temperature: z.number(),
  text: z.object({ format: formatSchema, verbosity: z.string() }),
  tool_choice: responseToolChoiceSchema,
  tools: z.array(toolSchema),
  top_logprobs: z.int(),
  top_p: z.number(),
  truncation: z.enum(['auto', 'disabled']),
  /** Absent until it is known. */
  usage: usageSchema.optional(),
  user: z.string().optional(),
  safety_identifier: z.string().nullish(),
  prompt_cache_key: z.string().nullish(),
  prompt_cache_retention: promptCacheRetentionSchema.nullish(),
  prompt_cache_options: z.object({ ttl: z.string(), mode: z.string() }).optional(),
  /** Where it was asked for. */
  moderation: z.object({ input: moderatedSchema, output: moderatedSchema }).nullish(),
  /** All words of the answer, once it has ended. */
  output_text: z.string().nullish(),
  metadata: z.record(z.string(), z.string()),
  service_tier: z.string(),
});
export type ResponseObject = z.infer<typeof responseSchema>;

export const responseDeletedSchema = z.object({
  id: z.string(),
  object: z.literal('response'),
  deleted: z.literal(true),
});

export const inputTokensSchema = z.object({ object: z.literal('response.input_tokens'), input_tokens: z.int() });
export type InputTokens = z.infer<typeof inputTokensSchema>;

/** `CompactResource`. */
export const compactedSchema = z.object({
  id: z.string(),
  object: z.literal('response.compaction'),
  created_at: z.int(),
  output: z.array(storedItemSchema),
  usage: usageSchema,
});
