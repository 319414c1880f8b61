import type { FastifyRequest } from 'fastify';

/** Aborts when the caller goes away before it has an answer. */
export function readerSignal(request: FastifyRequest): AbortSignal {
  const controller = new AbortController();
  request.raw.once('close', () => {
    if (request.raw.destroyed && !request.raw.complete) controller.abort();
  });
  request.raw.socket.once('close', () => controller.abort());
  return controller.signal;
}
