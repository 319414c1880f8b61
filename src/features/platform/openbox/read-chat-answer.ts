import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import type { Answer } from './answer.ts';
import { TaskError } from './task-error.ts';

/** An answer, and what the server says it was made by. */
export interface ChatAnswer {
  answer: Answer;
  servedBy: { model: string | null; fingerprint: string | null };
}

const servedBySchema = { model: z.string().nullish(), system_fingerprint: z.string().nullish() };

const completionSchema = z.looseObject({
  ...servedBySchema,
  choices: z
    .array(
      z.looseObject({
        finish_reason: z.string().nullable(),
        message: z.looseObject({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z
            .array(z.looseObject({ function: z.looseObject({ name: z.string(), arguments: z.string() }) }))
            .nullish(),
        }),
      }),
    )
    .min(1),
});

const chunkSchema = z.looseObject({
  ...servedBySchema,
  choices: z.array(
    z.looseObject({
      finish_reason: z.string().nullish(),
      delta: z.looseObject({
        content: z.string().nullish(),
        refusal: z.string().nullish(),
        tool_calls: z
          .array(
            z.looseObject({
              index: z.int().nonnegative(),
              function: z.looseObject({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
            }),
          )
          .nullish(),
      }),
    }),
  ),
});
type Chunk = z.infer<typeof chunkSchema>;

const errorFrameSchema = z.looseObject({ error: z.looseObject({ message: z.string() }) });

/** Reads a chat completion that came whole. */
export function readCompletion(body: string): ChatAnswer {
  const parsed = completionSchema.safeParse(parsedJson(body));
  if (!parsed.success) throw malformed(`the completion: ${firstIssue(parsed.error)}`);
  const [choice] = parsed.data.choices;
  const { content, refusal, tool_calls: calls } = choice?.message ?? {};
  return {
    answer: {
      text: content ?? refusal ?? '',
      toolCalls: (calls ?? []).map((call) => call.function),
      finishReason: choice?.finish_reason ?? null,
      audio: null,
    },
    servedBy: { model: parsed.data.model ?? null, fingerprint: parsed.data.system_fingerprint ?? null },
  };
}

interface Growing {
  text: string;
  toolCalls: { name: string; arguments: string }[];
  finishReason: string | null;
  isDone: boolean;
  servedBy: ChatAnswer['servedBy'];
}

/** Reads a chat completion that comes as server-sent events, to its `[DONE]`. */
export async function readCompletionStream(body: ReadableStream<Uint8Array>): Promise<ChatAnswer> {
  const growing: Growing = {
    text: '',
    toolCalls: [],
    finishReason: null,
    isDone: false,
    servedBy: { model: null, fingerprint: null },
  };
  const parser = createParser({ onEvent: ({ data }) => addFrame(growing, data) });
  const decoder = new TextDecoder();
  for await (const bytes of body) parser.feed(decoder.decode(bytes, { stream: true }));
  if (!growing.isDone) throw malformed('the stream ended without [DONE]');
  if (growing.finishReason === null) throw malformed('the stream ended without a finish_reason');
  const { text, toolCalls, finishReason, servedBy } = growing;
  return { answer: { text, toolCalls, finishReason, audio: null }, servedBy };
}

function addFrame(growing: Growing, data: string): void {
  if (data === '[DONE]') {
    growing.isDone = true;
    return;
  }
  if (growing.isDone) throw malformed('the stream went on after [DONE]');
  const value = parsedJson(data);
  const failure = errorFrameSchema.safeParse(value);
  if (failure.success) throw new TaskError('status', `error in the stream: ${failure.data.error.message}`);
  const parsed = chunkSchema.safeParse(value);
  if (!parsed.success) throw malformed(`a chunk of the stream: ${firstIssue(parsed.error)}`);
  addChunk(growing, parsed.data);
}

function addChunk(growing: Growing, chunk: Chunk): void {
  growing.servedBy = {
    model: chunk.model ?? growing.servedBy.model,
    fingerprint: chunk.system_fingerprint ?? growing.servedBy.fingerprint,
  };
  const [choice] = chunk.choices;
  if (!choice) return;
  growing.text += choice.delta.content ?? choice.delta.refusal ?? '';
  for (const delta of choice.delta.tool_calls ?? []) {
    const call = (growing.toolCalls[delta.index] ??= { name: '', arguments: '' });
    call.name ||= delta.function?.name ?? '';
    call.arguments += delta.function?.arguments ?? '';
  }
  growing.finishReason = choice.finish_reason ?? growing.finishReason;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw malformed(`no JSON: ${text.slice(0, 80)}`, error);
  }
}

function malformed(what: string, cause?: unknown): TaskError {
  return new TaskError('malformed', what, { cause });
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim();
}
