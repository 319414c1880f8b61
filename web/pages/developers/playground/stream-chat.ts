import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { parseJson } from '../../../../client/api-error.ts';
import { callV1, readV1Error } from '../call-v1.ts';
import type { Measures, ToolCall } from './playground-types.ts';

const chunkSchema = z.object({
  choices: z.array(
    z.object({
      delta: z.object({
        content: z.string().nullish(),
        tool_calls: z
          .array(
            z.object({
              index: z.int(),
              id: z.string().optional(),
              function: z.object({ name: z.string().optional(), arguments: z.string().optional() }).optional(),
            }),
          )
          .optional(),
      }),
    }),
  ),
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int() }).nullish(),
});

/** An answer so far. */
export interface GrowingAnswer {
  text: string;
  toolCalls: ToolCall[];
  measures: Measures;
}

/** Before anything arrived. */
export const NO_ANSWER: GrowingAnswer = {
  text: '',
  toolCalls: [],
  measures: { firstWordsInMs: null, tookInMs: 0, inputTokens: null, outputTokens: null, requestId: null },
};

/** Asks for a streamed answer and yields it as it grows. Rejects with `ApiError`, also for one that breaks off. */
export async function* streamChat(
  body: Record<string, unknown>,
  signal: AbortSignal,
): AsyncGenerator<GrowingAnswer, void> {
  const began = performance.now();
  const request = { ...body, stream: true, stream_options: { include_usage: true } };
  const response = await callV1({ path: '/chat/completions', body: request, signal });
  const measures = { ...NO_ANSWER.measures, requestId: response.headers.get('x-request-id') };
  const answer: GrowingAnswer = { text: '', toolCalls: [], measures };
  const frames: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => frames.push(data) });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done = true, value } = (await reader?.read()) ?? {};
    if (done || value === undefined) return;
    parser.feed(value);
    for (const frame of frames.splice(0)) if (frame !== '[DONE]') addFrame(answer, frame, performance.now() - began);
    answer.measures = { ...answer.measures, tookInMs: performance.now() - began };
    yield { ...answer, toolCalls: [...answer.toolCalls] };
  }
}

function addFrame(answer: GrowingAnswer, frame: string, now: number): void {
  const { data } = chunkSchema.safeParse(parseJson(frame));
  if (data === undefined) throw readV1Error(frame, 200);
  const delta = data.choices[0]?.delta;
  answer.text += delta?.content ?? '';
  for (const { index, id, function: part } of delta?.tool_calls ?? []) {
    const before = answer.toolCalls[index] ?? { id: '', name: '', input: '' };
    answer.toolCalls[index] = {
      id: id ?? before.id,
      name: part?.name ?? before.name,
      input: before.input + (part?.arguments ?? ''),
    };
  }
  const hasWords = (delta?.content ?? '') !== '' || delta?.tool_calls !== undefined;
  if (hasWords && answer.measures.firstWordsInMs === null) {
    answer.measures = { ...answer.measures, firstWordsInMs: now };
  }
  if (!data.usage) return;
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = data.usage;
  answer.measures = { ...answer.measures, inputTokens, outputTokens };
}
