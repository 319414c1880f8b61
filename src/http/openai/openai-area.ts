import multipart from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestRecorder } from '../../features/platform/request-log/request-log.ts';
import type { IdempotentRequests } from '../../features/platform/idempotency/idempotent-requests.ts';
import type { RateMeter } from '../../features/platform/limits/rate-meter.ts';
import { handleNotFound } from '../error-handler.ts';
import type { Area, HttpApp } from '../http-app.ts';
import { handleOpenAiError } from './handle-openai-error.ts';
import type { LeanDoor } from './lean-door.ts';
import { idempotencyHook } from './idempotency-hook.ts';
import { openAiHeaders } from './openai-headers.ts';
import { recordRequests } from './record-requests.ts';
import { RouteMethods } from './route-methods.ts';

/** The routes of one family below `/v1`. */
export type OpenAiArea = (app: HttpApp) => void | Promise<void>;

export interface OpenAiAreaOptions {
  rates: RateMeter;
  idempotent: IdempotentRequests;
  leanDoor: LeanDoor;
  recorder: RequestRecorder;
}

/** Everything below `/v1`: errors and headers in OpenAI's shape, also for paths that nobody knows. */
export function openAiArea(
  areas: readonly OpenAiArea[],
  { rates, idempotent, leanDoor, recorder }: OpenAiAreaOptions,
): Area {
  return async (app) => {
    app.decorateRequest('platformRates', null);
    await app.register(
      async (scope: HttpApp) => {
        scope.setErrorHandler(handleOpenAiError);
        scope.setNotFoundHandler(handleNotFound);
        await scope.register(multipart);
        leanDoor.join(scope);
        scope.addHook('onRequest', async (request) => countRequest(request, rates));
        scope.addHook('preHandler', idempotencyHook(idempotent));
        scope.addHook('onSend', async (request, reply) => openAiHeaders(request, reply));
        recordRequests(scope, recorder);
        const methods = new RouteMethods(scope);
        for (const area of areas) await scope.register(async (family: HttpApp) => area(family));
        methods.refuseOthers();
        answerPreflights(scope);
        hideWebFiles(scope);
      },
      { prefix: '/v1' },
    );
  };
}

/** Reading costs nothing; what is asked of models counts. */
function countRequest(request: FastifyRequest, rates: RateMeter): void {
  if (request.method === 'POST' && request.visitor) request.platformRates = rates.admit(request.visitor);
}

/** Browsers ask before they send a key; with it any page may call, without it none. */
function answerPreflights(scope: HttpApp): void {
  scope.route({
    method: 'OPTIONS',
    url: '/*',
    schema: { hide: true },
    config: { access: 'public' },
    handler: async ({ headers }, reply: FastifyReply) => {
      reply.header('access-control-allow-methods', 'GET, POST, DELETE, OPTIONS');
      reply.header('access-control-allow-headers', headers['access-control-request-headers'] ?? 'authorization');
      reply.header('access-control-max-age', 7200);
      return reply.code(204).send();
    },
  });
}

/** An address that nobody knows is no page of the app. */
function hideWebFiles(scope: HttpApp): void {
  scope.route({
    method: 'GET',
    url: '/*',
    schema: { hide: true },
    config: { access: 'public' },
    handler: async (request) => handleNotFound(request),
  });
}
