import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { isAbort, type AppError } from '../../base/errors.ts';
import type { RelayedAnswer } from '../../features/platform/relay/relayed-answers.ts';
import type { RelayedStream } from '../../features/platform/relay/relayed-stream.ts';
import { frameOf } from '../../models/relay/relay-exchange.ts';
import { statusOf } from '../error-handler.ts';
import { toOpenAiError } from './openai-error.ts';
import type { KeepAnswer } from './cached-answers.ts';
import { openAiHeaders } from './openai-headers.ts';
import { ownChunks } from './own-chunks.ts';
import { StalledReader } from './stalled-reader.ts';

export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
};

/** Sends what a provider answered, with who it was and how many tries it took. */
export async function sendRelayed(
  reply: FastifyReply,
  answer: RelayedAnswer,
  keep: KeepAnswer = null,
): Promise<FastifyReply> {
  const headers = relayHeaders(answer);
  if (answer.type === 'whole') {
    keep?.({ ref: answer.ref, text: answer.body.toString('latin1') });
    return reply.headers(headers).type('application/json').send(answer.body);
  }
  openAiHeaders(reply.request, reply);
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.raw.writeHead(200, { ...STREAM_HEADERS, ...headers });
  await pipeRelayed(reply.raw, answer.stream, keep && ((text) => keep({ ref: answer.ref, text })));
  return reply;
}

/** What answers, and how many tries it took. */
export function relayHeaders({ ref, attempts = 1 }: { ref: string; attempts?: number }): Record<string, string> {
  return { 'x-everwith-target': encodeURI(ref), 'x-everwith-attempts': String(attempts) };
}

/** After its head: frames as they come, an error frame where the stream breaks, `[DONE]` at its end. */
export async function pipeRelayed(
  response: ServerResponse,
  stream: RelayedStream,
  keep: ((text: string) => void) | null = null,
): Promise<void> {
  const reader = new StalledReader(response);
  const chunks = ownChunks(response);
  response.on('drain', () => stream.resume());
  let sent = '';
  const fault = await stream.pipe({
    write: (text) => {
      if (keep) sent += text;
      return reader.write(chunks.of(text), 'latin1');
    },
  });
  const end = endOf(fault);
  if (fault === null) keep?.(sent + end);
  response.end(chunks.of(end) + chunks.last, 'latin1');
}

function endOf(fault: AppError | null): string {
  if (fault === null) return 'data: [DONE]\n\n';
  return isAbort(fault) ? '' : frameOf(toOpenAiError(fault, statusOf(fault)));
}
