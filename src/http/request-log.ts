import type { HttpApp } from './http-app.ts';

/**
 * One line per answered request: reading that went well at `debug`, since pages read all the time, our own
 * failures at `warn`, the rest at `info`. Paths are templates, and what points to a person is under `pii`.
 */
export function registerRequestLog(app: HttpApp): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { statusCode } = reply;
    request.log[levelOf(request.method, statusCode)](
      {
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: statusCode,
        durationInMs: Math.round(reply.elapsedTime * 10) / 10,
        via: request.visitor?.via ?? null,
        pii: {
          ip: request.ip,
          userId: request.visitor?.userId ?? null,
          userAgent: request.headers['user-agent'] ?? null,
        },
      },
      'request answered',
    );
    done();
  });
}

function levelOf(method: string, status: number): 'debug' | 'info' | 'warn' {
  if (status >= 500) return 'warn';
  return status < 400 && (method === 'GET' || method === 'HEAD') ? 'debug' : 'info';
}
