import multipart from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimitedError } from '../../base/errors.ts';
import { handleNotFound, statusOf, toAppError, unknownError } from '../error-handler.ts';
import type { Area, HttpApp } from '../http-app.ts';
import { toOpenAiError } from './openai-error.ts';

/** The routes of one family below `/v1`. */
export type OpenAiArea = (app: HttpApp) => void;

/** Everything below `/v1`: errors in OpenAI's shape, also for paths that nobody knows. */
export function openAiArea(areas: readonly OpenAiArea[]): Area {
  return async (app) => {
    await app.register(
      async (scope: HttpApp) => {
        scope.setErrorHandler(handleOpenAiError);
        scope.setNotFoundHandler(handleNotFound);
        await scope.register(multipart);
        for (const area of areas) area(scope);
      },
      { prefix: '/v1' },
    );
  };
}

function handleOpenAiError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toAppError(error) ?? unknownError(error, request);
  if (known instanceof RateLimitedError && known.retryAfterInSeconds !== undefined) {
    reply.header('retry-after', Math.max(1, Math.ceil(known.retryAfterInSeconds)));
  }
  const status = statusOf(known);
  return reply.code(status).send(toOpenAiError(known, status));
}
