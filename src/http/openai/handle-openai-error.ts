import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimitedError, type AppError } from '../../base/errors.ts';
import { statusOf, toAppError, unknownError } from '../error-handler.ts';
import { toOpenAiError } from './openai-error.ts';

/** What fails below `/v1`, in OpenAI's shape. */
export function handleOpenAiError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, headers, body } = presentOpenAiError(toAppError(error) ?? unknownError(error, request));
  return reply.code(status).headers(headers).send(body);
}

/** OpenAI's clients are told whether to try again: they would guess wrongly. */
export function presentOpenAiError(error: AppError) {
  const status = openAiStatus(error);
  const headers: Record<string, string> = {};
  if (error instanceof RateLimitedError && error.retryAfterInSeconds !== undefined) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterInSeconds)));
  }
  if (status >= 429 || status === 409) headers['x-should-retry'] = String(error.retryable);
  return { status, headers, body: toOpenAiError(error, status) };
}

/** OpenAI calls a conversation that is too long a wrong request, not one that is too large. */
function openAiStatus(error: AppError): number {
  return error.code === 'provider-context' || error.code === 'prompt-too-long' ? 400 : statusOf(error);
}
