import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../base/errors.ts';
import {
  AnswerRecorder,
  type FirstRun,
  type IdempotentRequests,
} from '../../features/platform/idempotency/idempotent-requests.ts';

/** Seconds; what is in flight is asked for again after that. */
const IN_FLIGHT_RETRY = 1;

/** Answers every request with an `Idempotency-Key` once; whoever sends it again gets the same bytes, streams too. */
export function idempotencyHook(idempotent: IdempotentRequests) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || typeof key !== 'string' || !request.visitor) return undefined;
    const { userId } = request.visitor;
    const known = await begin(idempotent, { userId, key, asked: askedOf(request) }, reply);
    if ('status' in known) {
      reply.header('idempotency-replayed', 'true');
      return reply.code(known.status).type(known.contentType).send(known.body);
    }
    record(reply, known);
    return undefined;
  };
}

async function begin(
  idempotent: IdempotentRequests,
  asking: { userId: string; key: string; asked: string },
  reply: FastifyReply,
) {
  try {
    return await idempotent.begin(asking);
  } catch (error) {
    if (error instanceof AppError && error.code === 'idempotency-in-flight')
      reply.header('retry-after', IN_FLIGHT_RETRY);
    throw error;
  }
}

/** What makes two requests the same. The parts of a form are not read yet; their length and their address count. */
function askedOf({ method, url, body, headers }: FastifyRequest): string {
  const said = body === undefined ? (headers['content-length'] ?? '') : JSON.stringify(body);
  return `${method} ${url}\n${said}`;
}

/** Keeps the bytes as they are sent, whoever sends them; the last goes out when they are kept. */
function record(reply: FastifyReply, run: FirstRun): void {
  const response = reply.raw;
  const recorder = new AnswerRecorder();
  const write = response.write.bind(response) as Write;
  const end = response.end.bind(response) as (...parameters: unknown[]) => ServerResponse;
  const warn = (error: unknown) => reply.log.warn({ err: error }, 'an idempotent answer could not be kept');
  response.once('close', () => void run.break().catch(warn));
  response.write = ((chunk: unknown, ...rest: unknown[]) => {
    recorder.push(toBuffer(chunk, rest[0]));
    return write(chunk, ...rest);
  }) as ServerResponse['write'];
  response.end = ((...parameters: unknown[]) => {
    const [chunk, encoding] = parameters;
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) recorder.push(toBuffer(chunk, encoding));
    const contentType = String(response.getHeader('content-type') ?? reply.getHeader('content-type') ?? '');
    const { statusCode: status } = response;
    const kept = status < 300 ? run.finish({ status, contentType, body: recorder.body }) : run.forget();
    void kept.catch(warn).finally(() => {
      response.write = write as ServerResponse['write'];
      end(...parameters);
    });
    return response;
  }) as ServerResponse['end'];
}

type Write = (chunk: unknown, ...rest: unknown[]) => boolean;

function toBuffer(chunk: unknown, encoding: unknown): Buffer {
  if (typeof chunk !== 'string') return Buffer.from(chunk as Uint8Array);
  return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
}
