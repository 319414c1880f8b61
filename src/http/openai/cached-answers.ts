import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AnswerCache } from '../../features/platform/cache/answer-cache.ts';
import { readCacheTtl } from '../../features/platform/cache/answer-cache.ts';
import { openAiHeaders } from './openai-headers.ts';
import { STREAM_HEADERS } from './send-relayed.ts';

const CACHE_HEADER = 'x-everwith-cache';

/** Keeps an answer once it is whole; null where its caller did not allow that. */
export type KeepAnswer = ((answer: { ref: string; text: string }) => void) | null;

/**
 * Where a request allows it: sends the answer that is kept of the same one, or hands out what keeps the coming one.
 * `sent` is true when nothing is left to do.
 */
export async function askCache(
  cache: AnswerCache,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<{ sent: boolean; keep: KeepAnswer }> {
  const ttlInSeconds = readCacheTtl(request.headers[CACHE_HEADER]);
  const body = request.body as Readonly<Record<string, unknown>>;
  if (ttlInSeconds === null || body['store'] === true) return { sent: false, keep: null };
  const asked = { actor: request.actor, body, requestId: request.id };
  const kept = await cache.find(asked);
  reply.header(CACHE_HEADER, kept ? 'hit' : 'miss');
  if (!kept) return { sent: false, keep: (answer) => cache.keep(asked, { ...answer, ttlInSeconds }) };
  if (body['stream'] !== true) {
    await reply.type('application/json').send(Buffer.from(kept.text, 'latin1'));
    return { sent: true, keep: null };
  }
  openAiHeaders(request, reply);
  reply.hijack();
  reply.raw.writeHead(200, { ...definedHeaders(reply), ...STREAM_HEADERS });
  reply.raw.end(kept.text, 'latin1');
  return { sent: true, keep: null };
}

function definedHeaders(reply: FastifyReply): Record<string, string | number | string[]> {
  return Object.fromEntries(
    Object.entries(reply.getHeaders()).filter(
      (entry): entry is [string, string | number | string[]] => entry[1] !== undefined,
    ),
  );
}
