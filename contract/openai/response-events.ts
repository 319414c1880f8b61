import { z } from 'zod';
import {
  outputItemSchema,
  outputLogprobSchema,
  outputTextSchema,
  reasoningTextSchema,
  refusalPartSchema,
  summaryTextSchema,
} from './response-items.ts';
import { responseSchema } from './response-object.ts';

/* `ResponseStreamEvent` of OpenAI's description. */

const numbered = { sequence_number: z.int() };
const ofItem = { ...numbered, output_index: z.int() };
const ofCall = { ...ofItem, item_id: z.string() };
const ofPart = { ...ofCall, content_index: z.int() };
const ofSummary = { ...ofCall, summary_index: z.int() };
const logprobs = z.array(outputLogprobSchema);
/** A delta, and where it was asked for, noise that hides how long its words are. */
const delta = { delta: z.string(), obfuscation: z.string().optional() };

export const responseEventSchema = z.discriminatedUnion('type', [
  z.object({
    ...numbered,
    type: z.enum([
      'response.created',
      'response.queued',
      'response.in_progress',
      'response.completed',
      'response.incomplete',
      'response.failed',
    ]),
    response: responseSchema,
  }),
  z.object({
    ...ofItem,
    type: z.enum(['response.output_item.added', 'response.output_item.done']),
    item: outputItemSchema,
  }),
  z.object({
    ...ofPart,
    type: z.enum(['response.content_part.added', 'response.content_part.done']),
    part: z.discriminatedUnion('type', [outputTextSchema, refusalPartSchema, reasoningTextSchema]),
  }),
  z.object({ ...ofPart, type: z.literal('response.output_text.delta'), ...delta, logprobs }),
  z.object({ ...ofPart, type: z.literal('response.output_text.done'), text: z.string(), logprobs }),
  z.object({ ...ofPart, type: z.literal('response.reasoning_text.delta'), ...delta }),
  z.object({ ...ofPart, type: z.literal('response.reasoning_text.done'), text: z.string() }),
  z.object({ ...ofCall, type: z.literal('response.function_call_arguments.delta'), ...delta }),
  z.object({
    ...ofCall,
    type: z.literal('response.function_call_arguments.done'),
    name: z.string(),
    arguments: z.string(),
  }),
  z.object({ ...ofPart, type: z.literal('response.refusal.delta'), ...delta }),
  z.object({ ...ofPart, type: z.literal('response.refusal.done'), refusal: z.string() }),
  z.object({ ...ofSummary, type: z.literal('response.reasoning_summary_part.added'), part: summaryTextSchema }),
  z.object({
    ...ofSummary,
    type: z.literal('response.reasoning_summary_part.done'),
    part: summaryTextSchema,
    /** Only where its thought was cut off. */
    status: z.literal('incomplete').optional(),
  }),
  z.object({ ...ofSummary, type: z.literal('response.reasoning_summary_text.delta'), ...delta }),
  z.object({ ...ofSummary, type: z.literal('response.reasoning_summary_text.done'), text: z.string() }),
  z.object({ ...ofCall, type: z.literal('response.custom_tool_call_input.delta'), ...delta }),
  z.object({ ...ofCall, type: z.literal('response.custom_tool_call_input.done'), input: z.string() }),
  z.object({
    ...numbered,
    type: z.literal('error'),
    code: z.string().nullable(),
    message: z.string(),
    param: z.string().nullable(),
  }),
]);
export type ResponseEvent = z.infer<typeof responseEventSchema>;

/** Before it has its number. */
export type ResponseEventBody = Unnumbered<ResponseEvent>;
type Unnumbered<Event> = Event extends unknown ? Omit<Event, 'sequence_number'> : never;
