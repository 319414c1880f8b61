import type { HttpApp } from './http-app.ts';

/** One line per answered request. Paths are templates, and what points to a person is under `pii`. */
export function registerRequestLog(app: HttpApp): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { statusCode } = reply;
    request.log[statusCode >= 500 ? 'warn' : 'debug'](
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
