import { once } from 'node:events';
import type { FastifyReply } from 'fastify';
import { AppError, isAbort } from '../../base/errors.ts';
import { statusOf, unknownError } from '../error-handler.ts';
import { toOpenAiError } from './openai-error.ts';

/**
 * Answers with OpenAI's stream: each value one `data:` line, an error frame where the stream breaks, `[DONE]` at its
 * end. Waits for a slow reader; ends its iterable when the reader has left.
 */
export async function sendChunks(reply: FastifyReply, chunks: AsyncIterable<unknown>): Promise<void> {
  const response = reply.raw;
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) response.setHeader(name, value);
  }
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
  try {
    for await (const chunk of chunks) {
      if (response.destroyed) return;
      if (!response.write(`data: ${JSON.stringify(chunk)}\n\n`))
        await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    response.end('data: [DONE]\n\n');
  } catch (error) {
    if (isAbort(error) || response.destroyed) return void response.end();
    const known = error instanceof AppError ? error : unknownError(error, reply.request);
    response.end(`data: ${JSON.stringify(toOpenAiError(known, statusOf(known)))}\n\n`);
  }
}
