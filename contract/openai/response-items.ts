import { z } from 'zod';
import { listPageSchema, type ListPage } from './list-page.ts';

/*
 * Items of `/v1/responses` and `/v1/conversations` (openai/openai-openapi, `OutputItem`, `ItemResource`): what a model
 * said, to whose types the code is held, and what was sent, which is kept and told again as it came.
 */

const itemStatusSchema = z.enum(['in_progress', 'completed', 'incomplete']);

const tokenShape = { token: z.string(), logprob: z.number(), bytes: z.array(z.int()).nullable() };
/** How probable a token was, and which others were. */
export const outputLogprobSchema = z.object({ ...tokenShape, top_logprobs: z.array(z.object(tokenShape)) });
export type OutputLogprob = z.infer<typeof outputLogprobSchema>;

export const outputTextSchema = z.object({
  type: z.literal('output_text'),
  text: z.string(),
  /** Nothing here quotes a source. */
  annotations: z.array(z.never()).max(0),
  /** Where they were asked for. */
  logprobs: z.array(outputLogprobSchema),
});
export type OutputText = z.infer<typeof outputTextSchema>;

export const refusalPartSchema = z.object({ type: z.literal('refusal'), refusal: z.string() });
export type RefusalPart = z.infer<typeof refusalPartSchema>;

export const reasoningTextSchema = z.object({ type: z.literal('reasoning_text'), text: z.string() });
export type ReasoningText = z.infer<typeof reasoningTextSchema>;

export const summaryTextSchema = z.object({ type: z.literal('summary_text'), text: z.string() });
export type SummaryText = z.infer<typeof summaryTextSchema>;

const outputMessageItemSchema = z.object({
  id: z.string(),
  type: z.literal('message'),
  role: z.literal('assistant'),
  status: itemStatusSchema,
  content: z.array(z.discriminatedUnion('type', [outputTextSchema, refusalPartSchema])),
  /** Known once it has ended: words before calls are a commentary. */
  phase: z.enum(['commentary', 'final_answer']).optional(),
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

/** A call of a tool that takes one text in no form of its own. */
const customCallItemSchema = z.object({
  id: z.string(),
  type: z.literal('custom_tool_call'),
  call_id: z.string(),
  name: z.string(),
  input: z.string(),
  status: itemStatusSchema,
});
export type CustomCallItem = z.infer<typeof customCallItemSchema>;

const reasoningItemSchema = z.object({
  id: z.string(),
  type: z.literal('reasoning'),
  /** Where one was asked for. */
  summary: z.array(summaryTextSchema),
  content: z.array(reasoningTextSchema),
  /** Where it was asked for: the same, sealed, to be sent again by who keeps nothing here. */
  encrypted_content: z.string().optional(),
  status: itemStatusSchema,
});
export type ReasoningItem = z.infer<typeof reasoningItemSchema>;

/** Stands for everything that was said before it. */
export const compactionItemSchema = z.object({
  id: z.string(),
  type: z.literal('compaction'),
  /** A sealed summary. */
  encrypted_content: z.string(),
  created_by: z.string().optional(),
});
export type CompactionItem = z.infer<typeof compactionItemSchema>;

export const outputItemSchema = z.discriminatedUnion('type', [
  outputMessageItemSchema,
  functionCallItemSchema,
  customCallItemSchema,
  reasoningItemSchema,
  compactionItemSchema,
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
function itemsOf<Id extends z.ZodType, Content extends z.ZodType, More extends z.ZodRawShape>(
  id: Id,
  content: Content,
  more: More,
) {
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
      type: z.literal('custom_tool_call'),
      name: z.string(),
      namespace: z.string().optional(),
      input: z.string(),
    }),
    z.looseObject({
      ...shape,
      ...call,
      type: z.enum(['function_call_output', 'custom_tool_call_output']),
      output: z.union([text, z.array(partSchema)]),
      ...more,
    }),
    z.looseObject({ id, type: z.literal('compaction'), encrypted_content: z.string(), ...more }),
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
export const sentItemSchema = itemsOf(z.string().nullish(), z.union([text, z.array(partSchema)]), {});

/** An item of input or output under its id, for the description. */
export const storedItemSchema = itemsOf(z.string(), z.array(partSchema), {
  /** Whose request brought it. */
  created_by: z.string().optional(),
});

export interface StoredItem {
  id: string;
  type: string;
  [field: string]: unknown;
}

/** `ResponseItemList`, `ConversationItemList`. */
export const itemPageSchema = listPageSchema(storedItemSchema);
export type ItemPage = ListPage<StoredItem>;
