import type { FastifyReply } from 'fastify';

/** Aborts when the caller goes away before it has its answer. */
export function readerSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
