import { z } from 'zod';
import { idSchema as storedIdSchema } from '../common.ts';
import { reasoningEffortSchema } from './chat-completions.ts';
import { moderationParamSchema } from './moderated.ts';
import { sentItemSchema } from './response-items.ts';

/*
 * `/v1/responses` as OpenAI describes it (openai/openai-openapi, `CreateResponse`).
 * Unknown fields are tolerated, as OpenAI's clients send what is newer than their server.
 */

const inputPartSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('input_text'), text: z.string() }),
  z.looseObject({ type: z.literal('output_text'), text: z.string() }),
  z.looseObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({ type: z.literal('refusal'), refusal: z.string() }),
  z.looseObject({
    type: z.literal('input_image'),
    image_url: z.string().nullish(),
    file_id: z.string().nullish(),
    detail: z.string().nullish(),
  }),
  z.looseObject({
    type: z.literal('input_file'),
    file_data: z.string().nullish(),
    file_id: z.string().nullish(),
    file_url: z.string().nullish(),
    filename: z.string().nullish(),
  }),
  z.looseObject({
    type: z.literal('input_audio'),
    input_audio: z.looseObject({ data: z.string(), format: z.enum(['wav', 'mp3']) }),
  }),
]);

const contentSchema = z.union([z.string(), z.array(inputPartSchema)]);
const idSchema = z.string().nullish();

const messageItemSchema = z.looseObject({
  type: z.literal('message').optional(),
  id: idSchema,
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: contentSchema,
});
const functionCallItemSchema = z.looseObject({
  type: z.literal('function_call'),
  id: idSchema,
  call_id: z.string(),
  name: z.string(),
  arguments: z.string(),
});
const functionOutputItemSchema = z.looseObject({
  type: z.literal('function_call_output'),
  id: idSchema,
  call_id: z.string(),
  output: contentSchema,
});
const customCallItemSchema = z.looseObject({
  type: z.literal('custom_tool_call'),
  id: idSchema,
  call_id: z.string(),
  name: z.string(),
  input: z.string(),
});
const customOutputItemSchema = z.looseObject({
  type: z.literal('custom_tool_call_output'),
  id: idSchema,
  call_id: z.string(),
  output: contentSchema,
});
const reasoningItemSchema = z.looseObject({ type: z.literal('reasoning'), id: idSchema });
const compactionItemSchema = z.looseObject({
  type: z.literal('compaction'),
  id: idSchema,
  encrypted_content: z.string().max(20_971_520),
});
const referenceItemSchema = z.looseObject({ type: z.literal('item_reference').nullish(), id: z.string() });

/** The last one takes what this server does not know, so that it can be named in the refusal. */
export const responseInputItemSchema = z.union([
  messageItemSchema,
  functionCallItemSchema,
  functionOutputItemSchema,
  customCallItemSchema,
  customOutputItemSchema,
  reasoningItemSchema,
  compactionItemSchema,
  referenceItemSchema,
  z.looseObject({ type: z.string() }),
]);
export type ResponseInputItem = z.infer<typeof responseInputItemSchema>;

const toolSchema = z.looseObject({
  type: z.string(),
  name: z.string().min(1).max(64).optional(),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
  /** Of custom tools. */
  format: z
    .looseObject({ type: z.string(), syntax: z.string().optional(), definition: z.string().optional() })
    .nullish(),
});

export const responseFormatSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    name: z.string(),
    description: z.string().nullish(),
    schema: z.record(z.string(), z.unknown()),
    strict: z.boolean().nullish(),
  }),
]);

export const allowedToolsSchema = z.looseObject({
  type: z.literal('allowed_tools'),
  mode: z.enum(['auto', 'required']),
  tools: z.array(z.looseObject({ type: z.enum(['function', 'custom']), name: z.string() })).min(1),
});

export const responseToolChoiceSchema = z.union([
  z.enum(['none', 'auto', 'required']),
  z.looseObject({ type: z.enum(['function', 'custom']), name: z.string() }),
  allowedToolsSchema,
  z.looseObject({ type: z.string() }),
]);

export const metadataSchema = z.record(z.string().max(64), z.string().max(512));

export const promptCacheRetentionSchema = z.enum(['in_memory', '24h']);
const promptCache = {
  prompt_cache_key: z.string().max(1024).nullish(),
  prompt_cache_retention: promptCacheRetentionSchema.nullish(),
  prompt_cache_options: z
    .looseObject({ ttl: z.enum(['30m']).optional(), mode: z.enum(['implicit', 'explicit']).optional() })
    .optional(),
};
const summarySchema = z.enum(['auto', 'concise', 'detailed']).nullish();

const inputFields = {
  input: z.union([z.string(), z.array(responseInputItemSchema)]).nullish(),
  instructions: z.string().nullish(),
  previous_response_id: storedIdSchema.nullish(),
  conversation: z.union([storedIdSchema, z.looseObject({ id: storedIdSchema })]).nullish(),
  tools: z.array(toolSchema).nullish(),
  tool_choice: responseToolChoiceSchema.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  text: z
    .looseObject({ format: responseFormatSchema.nullish(), verbosity: z.enum(['low', 'medium', 'high']).nullish() })
    .nullish(),
  reasoning: z
    .looseObject({
      effort: reasoningEffortSchema.nullish(),
      summary: summarySchema,
      /** The old name of it. */
      generate_summary: summarySchema,
      mode: z.string().max(40).optional(),
      /** Which earlier thoughts the model sees again. */
      context: z.enum(['auto', 'current_turn', 'all_turns']).nullish(),
    })
    .nullish(),
  truncation: z.enum(['auto', 'disabled']).nullish(),
};

export const responseRequestSchema = z.looseObject({
  ...inputFields,
  model: z.string().min(1),
  stream: z.boolean().nullish(),
  store: z.boolean().nullish(),
  background: z.boolean().nullish(),
  include: z.array(z.string()).nullish(),
  max_output_tokens: z.int().positive().nullish(),
  max_tool_calls: z.int().positive().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  metadata: metadataSchema.nullish(),
  prompt: z.unknown().optional(),
  service_tier: z.string().nullish(),
  user: z.string().nullish(),
  safety_identifier: z.string().nullish(),
  ...promptCache,
  moderation: moderationParamSchema.nullish(),
  stream_options: z.looseObject({ include_obfuscation: z.boolean().optional() }).nullish(),
  context_management: z
    .array(z.looseObject({ type: z.string(), compact_threshold: z.int().min(1000).nullish() }))
    .min(1)
    .nullish(),
});
export type ResponseRequest = z.infer<typeof responseRequestSchema>;

export const inputTokensRequestSchema = z.looseObject({ ...inputFields, model: z.string().min(1) });
export type InputTokensRequest = z.infer<typeof inputTokensRequestSchema>;

/** `CompactResponseMethodPublicBody`. */
export const compactRequestSchema = z.looseObject({
  model: z.string().min(1),
  input: inputFields.input,
  instructions: inputFields.instructions,
  previous_response_id: inputFields.previous_response_id,
  ...promptCache,
  service_tier: z.string().nullish(),
});
export type CompactRequest = z.infer<typeof compactRequestSchema>;

/** A function as it may be sent, for the description: what is not read is told again with the response. */
const sentToolSchema = toolSchema.extend({
  output_schema: z.record(z.string(), z.unknown()).nullish(),
  defer_loading: z.boolean().optional(),
  allowed_callers: z.array(z.string()).nullish(),
});
const sent = {
  input: z.union([z.string(), z.array(sentItemSchema)]).nullish(),
  tools: z.array(sentToolSchema).nullish(),
};
export const sentResponseSchema = responseRequestSchema.extend(sent);
export const sentInputTokensSchema = inputTokensRequestSchema.extend(sent);
export const sentCompactSchema = compactRequestSchema.extend({ input: sent.input });

/** What else to tell; whatever was kept is told anyway. */
export const includeQuery = {
  include: z.union([z.string(), z.array(z.string())]).optional(),
  'include[]': z.union([z.string(), z.array(z.string())]).optional(),
};

export const listItemsQuerySchema = z.object({
  after: z.string().optional(),
  before: z.string().optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  ...includeQuery,
});
export type ListItemsQuery = z.infer<typeof listItemsQuerySchema>;
