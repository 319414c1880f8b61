import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestRecorder } from '../../features/platform/request-log/request-log.ts';
import type { HttpApp } from '../http-app.ts';

/** Bytes of an answer that are kept for the log. */
const MOST_BYTES = 512 * 1024;

/** Tells a recorder of requests with their bodies and what was answered, streams too. Costs nothing while it is off. */
export function recordRequests(app: HttpApp, recorder: RequestRecorder): void {
  app.addHook('preValidation', (request, reply, done) => {
    if (recorder.enabled && request.visitor && request.method === 'POST') follow(request, reply, recorder);
    done();
  });
}

function follow(request: FastifyRequest, reply: FastifyReply, recorder: RequestRecorder): void {
  const { body, visitor: actor, id, method, url } = request;
  if (actor === null) return;
  const response = reply.raw;
  const kept = new KeptBytes();
  const write = response.write.bind(response) as (...given: unknown[]) => boolean;
  const end = response.end.bind(response) as (...given: unknown[]) => typeof response;
  response.write = (...given: unknown[]) => {
    kept.add(given[0]);
    return write(...given);
  };
  response.end = (...given: unknown[]) => {
    kept.add(given[0]);
    return end(...given);
  };
  const began = performance.now();
  response.once('close', () => {
    const contentType = String(response.getHeader('content-type') ?? '');
    recorder.record({
      id,
      actor,
      method,
      path: url.split('?', 1)[0] ?? url,
      status: response.statusCode,
      requestBody: typeof body === 'object' && body !== null && !Buffer.isBuffer(body) ? body : undefined,
      response: { contentType, ...kept.read() },
      durationInMs: performance.now() - began,
    });
  });
}

/** The beginning of what was sent. */
class KeptBytes {
  readonly #pieces: Buffer[] = [];
  #size = 0;
  #cut = false;

  add(chunk: unknown): void {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return;
    if (this.#size >= MOST_BYTES) {
      this.#cut = true;
      return;
    }
    const piece = Buffer.from(chunk);
    this.#pieces.push(piece);
    this.#size += piece.length;
  }

  read(): { text: string; cut: boolean } {
    return { text: Buffer.concat(this.#pieces).toString('utf8'), cut: this.#cut };
  }
}
