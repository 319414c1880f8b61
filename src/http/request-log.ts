import type { FastifyBaseLogger } from 'fastify';
import type { HttpApp } from './http-app.ts';

/** What is kept of an answered request. */
export interface AnsweredRequest {
  method: string;
  /** The template of its path. */
  route: string;
  status: number;
  durationInMs: number;
  via: string | null;
  ip: string;
  userId: string | null;
  userAgent: string | null;
  /** Where the log itself does not know it. */
  requestId?: string;
}

/**
 * One line per answered request: reading that went well at `debug`, since pages read all the time, our own
 * failures at `warn`, the rest at `info`. Paths are templates, and what points to a person is under `pii`.
 */
export function registerRequestLog(app: HttpApp): void {
  app.addHook('onResponse', (request, reply, done) => {
    logAnswered(request.log, {
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      durationInMs: reply.elapsedTime,
      via: request.visitor?.via ?? null,
      ip: request.ip,
      userId: request.visitor?.userId ?? null,
      userAgent: request.headers['user-agent'] ?? null,
    });
    done();
  });
}

export function logAnswered(log: FastifyBaseLogger, { ip, userId, userAgent, ...answered }: AnsweredRequest): void {
  const level = levelOf(answered);
  if (level === 'debug' && log.level !== 'debug' && log.level !== 'trace') return;
  const durationInMs = Math.round(answered.durationInMs * 10) / 10;
  log[level]({ ...answered, durationInMs, pii: { ip, userId, userAgent } }, 'request answered');
}

function levelOf({
  method,
  route,
  status,
}: Pick<AnsweredRequest, 'method' | 'route' | 'status'>): 'debug' | 'info' | 'warn' {
  if (status >= 500) return 'warn';
  // Every call of the platform has its row in the books already.
  const isRecorded = method === 'GET' || method === 'HEAD' || route.startsWith('/v1/');
  return status < 400 && isRecorded ? 'debug' : 'info';
}
