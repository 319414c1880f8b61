import { z } from 'zod';
import { listPageSchema, type ListPage } from './list-page.ts';

/*
 * Items of `/v1/responses` and `/v1/conversations` (openai/openai-openapi, `OutputItem`, `ItemResource`): what a model
 * said, to whose types the code is held, and what was sent, which is kept and told again as it came.
 */

const itemStatusSchema = z.enum(['in_progress', 'completed', 'incomplete']);

/** Nothing here quotes a source; tokens' probabilities are told in chat completions. */
const none = z.array(z.never()).max(0);

export const outputTextSchema = z.object({
  type: z.literal('output_text'),
  text: z.string(),
  annotations: none,
  logprobs: none,
});
export type OutputText = z.infer<typeof outputTextSchema>;

export const reasoningTextSchema = z.object({ type: z.literal('reasoning_text'), text: z.string() });
export type ReasoningText = z.infer<typeof reasoningTextSchema>;

const outputMessageItemSchema = z.object({
  id: z.string(),
  type: z.literal('message'),
  role: z.literal('assistant'),
  status: itemStatusSchema,
  content: z.array(outputTextSchema),
});
export type OutputMessageItem = z.infer<typeof outputMessageItemSchema>;

const functionCallItemSchema = z.object({
  id: z.string(),
  type: z.literal('function_call'),
  call_id: z.string(),
  name: z.string(),
  arguments: z.string(),
  status: itemStatusSchema,
});
export type FunctionCallItem = z.infer<typeof functionCallItemSchema>;

const reasoningItemSchema = z.object({
  id: z.string(),
  type: z.literal('reasoning'),
  summary: none,
  content: z.array(reasoningTextSchema),
  status: itemStatusSchema,
});
export type ReasoningItem = z.infer<typeof reasoningItemSchema>;

export const outputItemSchema = z.discriminatedUnion('type', [
  outputMessageItemSchema,
  functionCallItemSchema,
  reasoningItemSchema,
]);
export type OutputItem = z.infer<typeof outputItemSchema>;

const cacheMark = { prompt_cache_breakpoint: z.looseObject({ mode: z.string().optional() }).nullish() };
const annotationSchema = z.looseObject({
  type: z.string(),
  url: z.string().optional(),
  title: z.string().optional(),
  start_index: z.int().optional(),
  end_index: z.int().optional(),
  file_id: z.string().optional(),
  filename: z.string().optional(),
  container_id: z.string().optional(),
  index: z.int().optional(),
});
const tokenShape = { token: z.string(), logprob: z.number(), bytes: z.array(z.int()) };
const logprobSchema = z.looseObject({ ...tokenShape, top_logprobs: z.array(z.looseObject(tokenShape)) });
const text = z.string();
const partSchema = z.union([
  z.looseObject({ type: z.literal('input_text'), text, ...cacheMark }),
  z.looseObject({
    type: z.literal('output_text'),
    text,
    annotations: z.array(annotationSchema).optional(),
    logprobs: z.array(logprobSchema).optional(),
  }),
  z.looseObject({ type: z.literal('text'), text }),
  z.looseObject({ type: z.literal('refusal'), refusal: z.string() }),
  z.looseObject({
    type: z.literal('input_image'),
    image_url: z.string().nullish(),
    file_id: z.string().nullish(),
    detail: z.string().nullish(),
    ...cacheMark,
  }),
  z.looseObject({
    type: z.literal('input_file'),
    file_data: z.string().nullish(),
    file_id: z.string().nullish(),
    /** Refused: this house fetches no addresses. */
    file_url: z.string().nullish(),
    filename: z.string().nullish(),
    ...cacheMark,
  }),
  z.looseObject({
    type: z.literal('input_audio'),
    input_audio: z.looseObject({ data: z.string(), format: z.enum(['wav', 'mp3']) }),
  }),
]);

/** The kinds of items, with what each may hold. */
function itemsOf<Id extends z.ZodType, Content extends z.ZodType>(id: Id, content: Content) {
  const shape = { id, status: itemStatusSchema.optional() };
  const call = {
    call_id: z.string(),
    caller: z.looseObject({ type: z.string(), caller_id: z.string().optional() }).nullish(),
  };
  return z.union([
    z.looseObject({
      ...shape,
      type: z.literal('message'),
      role: z.enum(['user', 'assistant', 'system', 'developer']),
      content,
      phase: z.string().nullish(),
    }),
    z.looseObject({
      ...shape,
      ...call,
      type: z.literal('function_call'),
      name: z.string(),
      namespace: z.string().optional(),
      arguments: z.string(),
    }),
    z.looseObject({
      ...shape,
      ...call,
      type: z.literal('function_call_output'),
      output: z.union([text, z.array(partSchema)]),
    }),
    z.looseObject({
      ...shape,
      type: z.literal('reasoning'),
      summary: z.array(z.looseObject({ type: z.literal('summary_text'), text })).optional(),
      content: z.array(z.looseObject({ type: z.literal('reasoning_text'), text })).optional(),
      encrypted_content: z.string().nullish(),
    }),
  ]);
}

/** An item as it may be sent, for the description: what stands in it beside what is read is kept with it. */
export const sentItemSchema = itemsOf(z.string().nullish(), z.union([text, z.array(partSchema)]));

/** An item of input or output under its id, for the description. */
export const storedItemSchema = itemsOf(z.string(), z.array(partSchema));

export interface StoredItem {
  id: string;
  type: string;
  [field: string]: unknown;
}

/** `ResponseItemList`, `ConversationItemList`. */
export const itemPageSchema = listPageSchema(storedItemSchema);
export type ItemPage = ListPage<StoredItem>;
