import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { aboutSchema, healthSchema, readinessSchema } from '../../../contract/house.ts';
import type { Clock } from '../../base/clock.ts';
import { ForbiddenError } from '../../base/errors.ts';
import { isLoopback, type Config } from '../../config/config.ts';
import { localAddress } from '../house-address.ts';
import type { Area } from '../http-app.ts';
import { isWebBuilt } from '../web-files.ts';

/** What the house needs to serve, asked each time. */
export interface HouseChecks {
  storage(): Promise<boolean>;
  /** True when some model can answer. The app serves without one, so this alone does not make it unready. */
  model(): boolean | Promise<boolean>;
}

export interface OperationsOptions {
  config: Config;
  clock: Clock;
  version: string;
  checks: HouseChecks;
  webDirectory: string;
  registry: Registry;
}

/** Liveness, readiness, figures and facts, for machines that watch the house and for its own terminal. */
export function operationsArea({ config, clock, version, checks, webDirectory, registry }: OperationsOptions): Area {
  const startedAt = clock.monotonic();
  return (app) => {
    app.route({
      method: 'GET',
      url: '/healthz',
      schema: { summary: 'Says that the process lives', tags: ['operations'], response: { 200: healthSchema } },
      handler: () => ({ status: 'ok' as const, version, uptimeInSeconds: (clock.monotonic() - startedAt) / 1000 }),
    });
    app.route({
      method: 'GET',
      url: '/readyz',
      schema: {
        summary: 'Says whether the house can serve',
        tags: ['operations'],
        response: { 200: readinessSchema, 503: readinessSchema },
      },
      handler: async (_request, reply) => {
        const [storage, model] = await Promise.all([checks.storage(), checks.model()]);
        const web = isWebBuilt(webDirectory);
        const ready = storage && web;
        return reply.code(ready ? 200 : 503).send({ ready, checks: { storage, web, model } });
      },
    });
    app.route({
      method: 'GET',
      url: '/metrics',
      schema: { summary: 'Figures in the Prometheus text format', tags: ['operations'] },
      handler: async (request, reply) => {
        requireScraper(request, config.metricsToken);
        return reply.type(registry.contentType).send(await registry.metrics());
      },
    });
    app.route({
      method: 'GET',
      url: '/api/about',
      schema: { summary: 'Facts about the running house', tags: ['operations'], response: { 200: aboutSchema } },
      config: { access: 'owner' },
      handler: (request) => ({
        version,
        address: localAddress(config, request),
        dataDirectory: config.dataDirectory,
        storage: config.postgres ? ('postgres' as const) : ('sqlite' as const),
        roles: [...config.roles],
      }),
    });
  };
}

/** Peers on this machine may read; others need the token. What a proxy forwards is never a local peer. */
function requireScraper(request: FastifyRequest, token: string | null): void {
  const peer = request.socket.remoteAddress ?? '';
  const isLocal = isLoopback(peer.replace(/^::ffff:/, '')) && request.headers['x-forwarded-for'] === undefined;
  if (isLocal) return;
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token ?? ''}`);
  if (token !== null && given.length === wanted.length && timingSafeEqual(given, wanted)) return;
  throw new ForbiddenError('Figures are for this machine, or for whoever has the token “metricsToken” of config.json.');
}
