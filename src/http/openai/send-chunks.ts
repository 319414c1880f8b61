import type { FastifyReply } from 'fastify';
import type { OpenAiError } from '../../../contract/openai/errors.ts';
import { AppError, isAbort } from '../../base/errors.ts';
import { statusOf, unknownError } from '../error-handler.ts';
import { toOpenAiError } from './openai-error.ts';
import { openAiHeaders } from './openai-headers.ts';
import { StalledReader } from './stalled-reader.ts';

/** How values, faults and the end of a stream are written. */
export interface StreamFrames {
  frame: (value: unknown) => string;
  fault: (error: OpenAiError, status: number) => string;
  end: string;
}

/** OpenAI's own: each value one `data:` line, `[DONE]` at the end. */
const CHUNKS: StreamFrames = {
  frame: (value) => `data: ${JSON.stringify(value)}\n\n`,
  fault: (error) => `data: ${JSON.stringify(error)}\n\n`,
  end: 'data: [DONE]\n\n',
};

/**
 * Answers with a stream, in OpenAI's form unless said: an error frame where it breaks. Waits for a slow reader; ends its
 * iterable when the reader has left.
 */
export async function sendChunks(
  reply: FastifyReply,
  chunks: AsyncIterable<unknown>,
  frames: StreamFrames = CHUNKS,
): Promise<void> {
  const response = reply.raw;
  openAiHeaders(reply.request, reply);
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) response.setHeader(name, value);
  }
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
  const reader = new StalledReader(response);
  try {
    for await (const chunk of chunks) {
      if (response.destroyed) return;
      if (!reader.write(frames.frame(chunk))) await reader.drained();
    }
    response.end(frames.end);
  } catch (error) {
    if (isAbort(error) || response.destroyed) return void response.end();
    const known = error instanceof AppError ? error : unknownError(error, reply.request);
    const status = statusOf(known);
    response.end(frames.fault(toOpenAiError(known, status), status));
  }
}
