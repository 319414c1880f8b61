import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import fastify, { LogController, type FastifyHttpOptions } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Registry } from 'prom-client';
import type { Accounts } from '../accounts/accounts.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { isLoopback, type Config } from '../config/config.ts';
import { createAuthHook } from './auth-hook.ts';
import type { EarlyDoor } from './early-door.ts';
import { handleError } from './error-handler.ts';
import { registerGracefulClose } from './graceful-close.ts';
import { createHostGuard } from './host-guard.ts';
import type { Area, HttpApp } from './http-app.ts';
import { registerMetrics } from './metrics.ts';
import { registerOpenApi } from './open-api.ts';
import { rateLimitsFor, registerRateLimits, type RateLimits } from './rate-limits.ts';
import { decorateActor } from './request-actor.ts';
import { registerRequestLog } from './request-log.ts';
import { accountArea } from './routes/account.ts';
import { registerWebSockets } from './realtime/register-web-sockets.ts';
import { doorArea } from './routes/door.ts';
import { houseArea } from './routes/house.ts';
import { keysArea } from './routes/keys.ts';
import { operationsArea, type HouseChecks } from './routes/operations.ts';
import { registerSecurityHeaders } from './security-headers.ts';
import { EventStreams } from './sockets/event-streams.ts';
import { registerWebFiles } from './web-files.ts';

/** Bytes; routes that take files raise it for themselves with `bodyLimit`. */
const DEFAULT_BODY_LIMIT = 1024 * 1024;
/** Characters of one part of a path; names of model files are the longest. */
const MAX_PARAMETER_LENGTH = 512;

export interface HttpAppOptions {
  config: Config;
  logger: Logger;
  clock: Clock;
  version: string;
  accounts: Accounts;
  checks: HouseChecks;
  areas: readonly Area[];
  /** Where the built browser app lies. */
  webDirectory: string;
  /** Other rooms add their own figures to it. */
  registry: Registry;
  limits?: Partial<RateLimits>;
  /** Listens already; without one the app makes a server of its own. */
  door?: EarlyDoor;
}

/**
 * The door of the house: a Fastify app with every guard in front of the areas. A request passes, in
 * this order: id, security headers, host, limit, who asks, limit of that person, validation, handler.
 */
export async function createHttpApp(options: HttpAppOptions): Promise<HttpApp> {
  const { config, accounts } = options;
  const limits = { ...rateLimitsFor(config.callsPerMinute), ...options.limits };
  const app = createFastify(options);
  registerMetrics(app, options.registry);
  registerRequestLog(app);
  registerGracefulClose(app);
  // Before the guards: it cuts the connections of handshakes that they refuse.
  await registerWebSockets(app);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    // What is personal is not kept by browsers; routes that serve immutable things say so themselves.
    if (request.routeOptions.config.access !== undefined) reply.header('cache-control', 'no-store');
    done();
  });
  await registerSecurityHeaders(app);
  app.addHook('onRequest', createHostGuard(config));
  await registerRateLimits(app);
  const countAddress = app.limitCalls({ max: limits.perAddress, key: (request) => request.ip });
  const countActor = app.limitCalls({ max: limits.perActor, key: (request) => request.actor.userId });
  app.addHook('onRequest', countAddress);
  app.addHook('onRequest', createAuthHook(accounts));
  app.addHook('onRequest', async (request) => {
    if (request.visitor) await countActor(request);
  });
  await registerOpenApi(app, options.version);
  const ownAreas = [
    operationsArea(options),
    doorArea({ accounts, limits }),
    accountArea({ accounts, config, limits }),
    keysArea(accounts),
    houseArea({ accounts, config }),
  ];
  for (const area of [...ownAreas, ...options.areas]) await app.register(async (scope: HttpApp) => area(scope));
  await registerWebFiles(app, options.webDirectory);
  // Last, so that its close waits before anything else is taken away.
  options.door?.attach(app);
  return app;
}

function createFastify({ config, logger, door }: HttpAppOptions): HttpApp {
  const serverOptions: FastifyHttpOptions<Server> = {
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    // Ids from outside could be forged or hold personal data.
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    bodyLimit: DEFAULT_BODY_LIMIT,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    // A house that answers to other names stands behind a proxy on this machine, whose word counts.
    trustProxy: config.allowedHosts.length > 0 ? (address) => isLoopback(address.replace(/^::ffff:/, '')) : false,
    forceCloseConnections: 'idle',
    // Offers of other protocols (`h2c`) are for whoever understands them: the request is answered as it is.
    http: { shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket' },
    ...(door ? { serverFactory: (handler) => door.lead(handler) } : {}),
    frameworkErrors: (error, request, reply) => void handleError(error, request, reply),
  };
  const app = fastify(serverOptions).withTypeProvider<ZodTypeProvider>() as unknown as HttpApp;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(handleError);
  app.decorate('eventStreams', new EventStreams());
  decorateActor(app);
  acceptOnlyJson(app);
  return app;
}

/** Only JSON: a foreign page can post plain text without asking, but not JSON. An empty body is none. */
function acceptOnlyJson(app: HttpApp): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    void parse(request, body as string, done);
  });
}
