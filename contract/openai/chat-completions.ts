import { z } from 'zod';
import { idSchema } from '../common.ts';
import { listPageSchema } from './list-page.ts';

/*
 * `POST /v1/chat/completions` as OpenAI describes it (openai/openai-openapi, `CreateChatCompletionRequest`). Unknown
 * fields are tolerated, as OpenAI's clients send what is newer than their server.
 */

/** Where a provider's cache of prompts may end. */
const cacheMarkSchema = z.looseObject({ mode: z.string().optional() }).nullish();
const textPartSchema = z.looseObject({
  type: z.literal('text'),
  text: z.string(),
  prompt_cache_breakpoint: cacheMarkSchema,
});
const imagePartSchema = z.looseObject({
  type: z.literal('image_url'),
  image_url: z.looseObject({ url: z.string(), detail: z.enum(['auto', 'low', 'high']).optional() }),
});
const audioPartSchema = z.looseObject({
  type: z.literal('input_audio'),
  input_audio: z.looseObject({ data: z.string(), format: z.enum(['wav', 'mp3']) }),
});
const filePartSchema = z.looseObject({
  type: z.literal('file'),
  file: z.looseObject({
    file_data: z.string().optional(),
    file_id: z.string().optional(),
    filename: z.string().optional(),
  }),
});
const refusalPartSchema = z.looseObject({ type: z.literal('refusal'), refusal: z.string() });

const textContentSchema = z.union([z.string(), z.array(textPartSchema).min(1)]);
const toolCallSchema = z.discriminatedUnion('type', [
  z.looseObject({
    id: z.string(),
    type: z.literal('function'),
    function: z.looseObject({ name: z.string(), arguments: z.string() }),
  }),
  z.looseObject({
    id: z.string(),
    type: z.literal('custom'),
    custom: z.looseObject({ name: z.string(), input: z.string() }),
  }),
]);

export const chatMessageSchema = z.discriminatedUnion('role', [
  z.looseObject({ role: z.literal('developer'), content: textContentSchema, name: z.string().optional() }),
  z.looseObject({ role: z.literal('system'), content: textContentSchema, name: z.string().optional() }),
  z.looseObject({
    role: z.literal('user'),
    content: z.union([
      z.string(),
      z.array(z.discriminatedUnion('type', [textPartSchema, imagePartSchema, audioPartSchema, filePartSchema])).min(1),
    ]),
    name: z.string().optional(),
  }),
  z.looseObject({
    role: z.literal('assistant'),
    content: z
      .union([z.string(), z.array(z.discriminatedUnion('type', [textPartSchema, refusalPartSchema])).min(1)])
      .nullish(),
    refusal: z.string().nullish(),
    /** What it thought before it said so, where it is to see it again. */
    reasoning_content: z.string().nullish(),
    tool_calls: z.array(toolCallSchema).optional(),
    audio: z.looseObject({ id: z.string() }).nullish(),
    function_call: z.looseObject({ name: z.string(), arguments: z.string() }).nullish(),
    name: z.string().optional(),
  }),
  z.looseObject({ role: z.literal('tool'), content: textContentSchema, tool_call_id: z.string() }),
  z.looseObject({ role: z.literal('function'), content: z.string().nullable(), name: z.string() }),
]);
export type ChatMessage = z.infer<typeof chatMessageSchema>;

const functionToolSchema = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject({
    name: z.string().min(1).max(64),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
    strict: z.boolean().nullish(),
  }),
});
const customToolSchema = z.looseObject({
  type: z.literal('custom'),
  custom: z.looseObject({
    name: z.string(),
    description: z.string().optional(),
    format: z
      .looseObject({
        type: z.enum(['text', 'grammar']),
        grammar: z.looseObject({ definition: z.string(), syntax: z.enum(['lark', 'regex']) }).optional(),
      })
      .optional(),
  }),
});

const namedFunctionSchema = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject({ name: z.string() }),
});
const toolChoiceSchema = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    namedFunctionSchema,
    z.looseObject({
      type: z.literal('allowed_tools'),
      allowed_tools: z.looseObject({
        mode: z.enum(['auto', 'required']),
        tools: z.array(z.record(z.string(), z.unknown())).min(1),
      }),
    }),
    z.looseObject({ type: z.literal('custom'), custom: z.looseObject({ name: z.string() }) }),
  ]),
]);

const responseFormatSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    json_schema: z.looseObject({
      name: z.string().min(1).max(64),
      description: z.string().optional(),
      schema: z.record(z.string(), z.unknown()).optional(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

const moderationModeSchema = z.looseObject({ mode: z.string().optional() }).nullish();

/** At most 16 pairs that are kept with what is stored. */
export const openAiMetadataSchema = z
  .record(z.string().max(64), z.string().max(512))
  .refine((pairs) => Object.keys(pairs).length <= 16, { message: 'There may be at most 16 pairs.' });

/** How long a model may think before it answers. */
export const reasoningEffortSchema = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);

export const chatCompletionRequestSchema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(chatMessageSchema).min(1),
  stream: z.boolean().nullish(),
  stream_options: z
    .looseObject({ include_usage: z.boolean().optional(), include_obfuscation: z.boolean().optional() })
    .nullish(),
  max_tokens: z.int().positive().nullish(),
  max_completion_tokens: z.int().positive().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  n: z.int().min(1).max(128).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  seed: z.int().nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  logit_bias: z.record(z.string(), z.number().min(-100).max(100)).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  tools: z.array(z.discriminatedUnion('type', [functionToolSchema, customToolSchema])).nullish(),
  tool_choice: toolChoiceSchema.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  functions: z
    .array(
      z.looseObject({
        name: z.string(),
        description: z.string().optional(),
        parameters: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .nullish(),
  function_call: z.union([z.enum(['none', 'auto']), z.looseObject({ name: z.string() })]).nullish(),
  response_format: responseFormatSchema.nullish(),
  reasoning_effort: reasoningEffortSchema.nullish(),
  verbosity: z.enum(['low', 'medium', 'high']).nullish(),
  modalities: z.array(z.enum(['text', 'audio'])).nullish(),
  /** How an answer in sound sounds. A name of OpenAI's, a voice of this house, or `character/<slug>`. */
  audio: z
    .looseObject({
      format: z.enum(['wav', 'aac', 'mp3', 'flac', 'opus', 'pcm16']),
      voice: z.union([z.string().min(1).max(400), z.looseObject({ id: z.string().min(1).max(400) })]),
    })
    .nullish(),
  prediction: z.looseObject({ type: z.literal('content'), content: textContentSchema }).nullish(),
  web_search_options: z
    .looseObject({
      user_location: z
        .looseObject({
          type: z.literal('approximate'),
          approximate: z.looseObject({
            country: z.string().optional(),
            region: z.string().optional(),
            city: z.string().optional(),
            timezone: z.string().optional(),
          }),
        })
        .nullish(),
      search_context_size: z.enum(['low', 'medium', 'high']).optional(),
    })
    .nullish(),
  moderation: z
    .looseObject({
      model: z.string().optional(),
      policy: z.looseObject({ input: moderationModeSchema, output: moderationModeSchema }).nullish(),
    })
    .nullish(),
  service_tier: z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast']).nullish(),
  store: z.boolean().nullish(),
  /** Beyond OpenAI: where a character goes on (`POST /v1/conversations`); what follows its last words is said there. */
  conversation: z.union([idSchema, z.looseObject({ id: idSchema })]).nullish(),
  metadata: openAiMetadataSchema.nullish(),
  prompt_cache_key: z.string().nullish(),
  prompt_cache_retention: z.string().nullish(),
  prompt_cache_options: z.looseObject({ ttl: z.string().optional(), mode: z.string().optional() }).nullish(),
  safety_identifier: z.string().nullish(),
  user: z.string().nullish(),
});
export type ChatCompletionRequest = z.infer<typeof chatCompletionRequestSchema>;

/*
 * What is answered. The code that writes it is held to these types; the schemas describe it, with what only providers
 * answer, whose words are handed on as they are.
 */

const finishReasonSchema = z.enum(['stop', 'length', 'tool_calls', 'content_filter']);
export type ChatFinishReason = z.infer<typeof finishReasonSchema>;

/** `CompletionUsage`. */
const completionUsageSchema = z.object({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
  prompt_tokens_details: z.object({
    cached_tokens: z.int(),
    audio_tokens: z.int(),
    text_tokens: z.int().optional(),
    image_tokens: z.int().optional(),
    cache_write_tokens: z.int().optional(),
  }),
  completion_tokens_details: z.object({
    reasoning_tokens: z.int(),
    audio_tokens: z.int(),
    accepted_prediction_tokens: z.int(),
    rejected_prediction_tokens: z.int(),
    text_tokens: z.int().optional(),
  }),
});
export type CompletionUsage = z.infer<typeof completionUsageSchema>;

const chatToolCallSchema = z.object({
  id: z.string(),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

/** UTF-8. */
const bytesSchema = z.array(z.int()).nullable();
/** `ChatCompletionTokenLogprob`. */
const tokenLogprobSchema = z.object({
  token: z.string(),
  logprob: z.number(),
  bytes: bytesSchema,
  top_logprobs: z.array(z.object({ token: z.string(), logprob: z.number(), bytes: bytesSchema })),
});
export type TokenLogprob = z.infer<typeof tokenLogprobSchema>;

const chatLogprobsSchema = z
  .object({ content: z.array(tokenLogprobSchema).nullable(), refusal: z.array(tokenLogprobSchema).nullable() })
  .nullable();

/** What is the same in a whole answer and in each of its chunks. */
const headShape = {
  id: z.string(),
  /** Seconds since the epoch. */
  created: z.int(),
  model: z.string(),
  service_tier: z.literal('default'),
  system_fingerprint: z.string(),
};

const customToolCallSchema = z.object({
  id: z.string(),
  type: z.literal('custom'),
  custom: z.object({ name: z.string(), input: z.string() }),
});
export type ChatToolCall = z.infer<typeof chatToolCallSchema> | z.infer<typeof customToolCallSchema>;
const annotationSchema = z.object({
  type: z.literal('url_citation'),
  url_citation: z.object({ start_index: z.int(), end_index: z.int(), url: z.string(), title: z.string() }),
});
const moderatedSchema = z
  .object({
    type: z.string(),
    model: z.string().optional(),
    results: z
      .array(
        z.object({
          type: z.string(),
          model: z.string(),
          flagged: z.boolean(),
          categories: z.record(z.string(), z.boolean()),
          category_scores: z.record(z.string(), z.number()),
          category_applied_input_types: z.record(z.string(), z.array(z.string())),
        }),
      )
      .optional(),
    code: z.string().optional(),
    message: z.string().optional(),
  })
  .nullish();

const moderationSchema = z.object({ input: moderatedSchema, output: moderatedSchema }).nullish();

/** `CreateChatCompletionResponse`. */
export const chatCompletionSchema = z.object({
  ...headShape,
  object: z.literal('chat.completion'),
  choices: z.array(
    z.object({
      index: z.int(),
      message: z.object({
        role: z.literal('assistant'),
        content: z.string().nullable(),
        refusal: z.string().nullable(),
        /** What the model thought, as open servers tell it; absent where it did not. */
        reasoning_content: z.string().optional(),
        tool_calls: z.array(z.union([chatToolCallSchema, customToolCallSchema])).optional(),
        annotations: z.array(annotationSchema),
        function_call: z.object({ name: z.string(), arguments: z.string() }).nullish(),
        audio: z.object({ id: z.string(), expires_at: z.int(), data: z.string(), transcript: z.string() }).nullish(),
      }),
      logprobs: chatLogprobsSchema,
      finish_reason: finishReasonSchema,
    }),
  ),
  usage: completionUsageSchema,
  moderation: moderationSchema,
  /** Only of what is kept. */
  metadata: z.record(z.string(), z.string()).nullish(),
});
export type ChatCompletion = z.infer<typeof chatCompletionSchema>;

const chatDeltaSchema = z.object({
  role: z.literal('assistant').optional(),
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  reasoning_content: z.string().optional(),
  tool_calls: z
    .array(
      z.object({
        index: z.int(),
        id: z.string().optional(),
        type: z.enum(['function', 'custom']).optional(),
        function: z.object({ name: z.string().optional(), arguments: z.string() }).optional(),
        /** Of tools that take a text: told whole. */
        custom: z.object({ name: z.string(), input: z.string() }).optional(),
      }),
    )
    .optional(),
  function_call: z.object({ name: z.string().optional(), arguments: z.string().optional() }).optional(),
  /** Of an answer in sound: its id once, then words and PCM16 in base64 as they come, and at the end its time. */
  audio: z
    .object({
      id: z.string().optional(),
      transcript: z.string().optional(),
      data: z.string().optional(),
      expires_at: z.int().optional(),
    })
    .optional(),
});
export type ChatDelta = z.infer<typeof chatDeltaSchema>;

/** `CreateChatCompletionStreamResponse`. */
export const chatCompletionChunkSchema = z.object({
  ...headShape,
  object: z.literal('chat.completion.chunk'),
  choices: z.array(
    z.object({
      index: z.int(),
      delta: chatDeltaSchema,
      logprobs: chatLogprobsSchema,
      finish_reason: finishReasonSchema.nullable(),
    }),
  ),
  usage: completionUsageSchema.nullish(),
  moderation: moderationSchema,
  /** Letters that mean nothing, so that chunks are of one length. */
  obfuscation: z.string().optional(),
});
export type ChatCompletionChunk = z.infer<typeof chatCompletionChunkSchema>;

export const chatCompletionListSchema = listPageSchema(chatCompletionSchema);
export const chatCompletionMessageListSchema = listPageSchema(
  z.looseObject({
    id: z.string(),
    role: z.string(),
    content: z.unknown(),
    refusal: z.string().nullable(),
    tool_calls: z.array(toolCallSchema).optional(),
    function_call: z.looseObject({ name: z.string(), arguments: z.string() }).nullish(),
    /** As an earlier answer that was sent again. */
    audio: z.looseObject({ id: z.string() }).nullish(),
    annotations: z.array(annotationSchema).nullish(),
    content_parts: z.array(z.union([textPartSchema, imagePartSchema])).nullable(),
  }),
);
export const chatCompletionDeletedSchema = z.object({
  object: z.literal('chat.completion.deleted'),
  id: z.string(),
  deleted: z.boolean(),
});
