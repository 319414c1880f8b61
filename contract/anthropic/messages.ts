import { z } from 'zod';
import { idSchema } from '../common.ts';

/*
 * `POST /v1/messages` as Anthropic's clients send and read it (anthropics/anthropic-sdk-typescript,
 * `src/resources/messages`). Unknown fields are tolerated: `cache_control` and what is newer than this server.
 */

const textBlockSchema = z.looseObject({ type: z.literal('text'), text: z.string() });
const sourceSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('base64'), media_type: z.string(), data: z.string() }),
  z.looseObject({ type: z.literal('url'), url: z.string() }),
  z.looseObject({ type: z.literal('text'), media_type: z.string().optional(), data: z.string() }),
  z.looseObject({ type: z.literal('file'), file_id: z.string() }),
]);
const imageBlockSchema = z.looseObject({ type: z.literal('image'), source: sourceSchema });
const documentBlockSchema = z.looseObject({
  type: z.literal('document'),
  source: sourceSchema,
  title: z.string().nullish(),
});
const toolResultSchema = z.looseObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textBlockSchema, imageBlockSchema]))]).optional(),
  is_error: z.boolean().optional(),
});
const toolUseSchema = z.looseObject({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
});
const thinkingSchema = z.looseObject({ type: z.literal('thinking'), thinking: z.string() });
const hiddenThinkingSchema = z.looseObject({ type: z.literal('redacted_thinking'), data: z.string() });

export const anthropicMessageSchema = z.discriminatedUnion('role', [
  z.looseObject({
    role: z.literal('user'),
    content: z.union([
      z.string(),
      z
        .array(z.discriminatedUnion('type', [textBlockSchema, imageBlockSchema, documentBlockSchema, toolResultSchema]))
        .min(1),
    ]),
  }),
  z.looseObject({
    role: z.literal('assistant'),
    content: z.union([
      z.string(),
      z
        .array(z.discriminatedUnion('type', [textBlockSchema, toolUseSchema, thinkingSchema, hiddenThinkingSchema]))
        .min(1),
    ]),
  }),
]);
export type AnthropicMessage = z.infer<typeof anthropicMessageSchema>;

const toolSchema = z.looseObject({
  type: z.string().nullish(),
  name: z.string().min(1).max(64),
  description: z.string().optional(),
  input_schema: z.record(z.string(), z.unknown()).optional(),
  strict: z.boolean().optional(),
});

const parallelField = { disable_parallel_tool_use: z.boolean().optional() };
const promptFields = {
  model: z.string().min(1),
  messages: z.array(anthropicMessageSchema).min(1),
  system: z.union([z.string(), z.array(textBlockSchema)]).optional(),
  tools: z.array(toolSchema).optional(),
  tool_choice: z
    .discriminatedUnion('type', [
      z.looseObject({ type: z.literal('auto'), ...parallelField }),
      z.looseObject({ type: z.literal('any'), ...parallelField }),
      z.looseObject({ type: z.literal('tool'), name: z.string(), ...parallelField }),
      z.looseObject({ type: z.literal('none') }),
    ])
    .optional(),
  thinking: z
    .discriminatedUnion('type', [
      z.looseObject({ type: z.literal('enabled'), budget_tokens: z.int().positive().optional() }),
      z.looseObject({ type: z.literal('adaptive') }),
      z.looseObject({ type: z.literal('disabled') }),
    ])
    .optional(),
  output_config: z
    .looseObject({
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      format: z.looseObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) }).nullish(),
    })
    .nullish(),
};

export const messagesRequestSchema = z.looseObject({
  ...promptFields,
  max_tokens: z.int().positive(),
  stream: z.boolean().optional(),
  stop_sequences: z.array(z.string()).optional(),
  temperature: z.number().min(0).max(1).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.int().min(0).nullish(),
  /** Beyond Anthropic: where a character goes on (`POST /v1/conversations`). */
  conversation: idSchema.nullish(),
  metadata: z.looseObject({ user_id: z.string().nullish() }).optional(),
});
export type MessagesRequest = z.infer<typeof messagesRequestSchema>;

export const countTokensRequestSchema = z.looseObject(promptFields);
export type CountTokensRequest = z.infer<typeof countTokensRequestSchema>;

export interface TextBlock {
  type: 'text';
  text: string;
  citations: null;
}

export interface ThinkingBlock {
  type: 'thinking';
  thinking: string;
  signature: string;
}

export interface ToolUseBlock {
  type: 'tool_use';
  id: string;
  name: string;
  input: unknown;
}

export type AnswerBlock = TextBlock | ThinkingBlock | ToolUseBlock;

export type StopReason = 'end_turn' | 'max_tokens' | 'stop_sequence' | 'tool_use' | 'refusal';

/** `input_tokens` are those that were neither read from a cache nor written to one. */
export interface MessageUsage {
  input_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
  output_tokens: number;
}

export interface AnthropicAnswer {
  id: string;
  type: 'message';
  role: 'assistant';
  model: string;
  content: AnswerBlock[];
  stop_reason: StopReason | null;
  stop_sequence: string | null;
  usage: MessageUsage;
}

export type MessageStreamEvent =
  | { type: 'message_start'; message: AnthropicAnswer }
  | { type: 'content_block_start'; index: number; content_block: AnswerBlock }
  | {
      type: 'content_block_delta';
      index: number;
      delta:
        | { type: 'text_delta'; text: string }
        | { type: 'thinking_delta'; thinking: string }
        | { type: 'input_json_delta'; partial_json: string };
    }
  | { type: 'content_block_stop'; index: number }
  | {
      type: 'message_delta';
      delta: { stop_reason: StopReason; stop_sequence: string | null };
      usage: MessageUsage;
    }
  | { type: 'message_stop' }
  | { type: 'ping' };

/** Anthropic's error; `request_id` is the header `request-id`. */
export const anthropicErrorSchema = z
  .object({
    type: z.literal('error'),
    error: z.object({ type: z.string(), message: z.string() }),
    request_id: z.string(),
  })
  .meta({ id: 'AnthropicError' });
export type AnthropicError = z.infer<typeof anthropicErrorSchema>;
