import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimitedError, type AppError } from '../../base/errors.ts';
import { statusOf, toAppError, unknownError } from '../error-handler.ts';
import { toOpenAiError } from './openai-error.ts';

/** What fails below `/v1`, in OpenAI's shape. Its clients are told whether to try again: they would guess wrongly. */
export function handleOpenAiError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toAppError(error) ?? unknownError(error, request);
  if (known instanceof RateLimitedError && known.retryAfterInSeconds !== undefined) {
    reply.header('retry-after', Math.max(1, Math.ceil(known.retryAfterInSeconds)));
  }
  const status = openAiStatus(known);
  if (status >= 429 || status === 409) reply.header('x-should-retry', String(known.retryable));
  return reply.code(status).send(toOpenAiError(known, status));
}

/** OpenAI calls a conversation that is too long a wrong request, not one that is too large. */
function openAiStatus(error: AppError): number {
  return error.code === 'provider-context' || error.code === 'prompt-too-long' ? 400 : statusOf(error);
}
