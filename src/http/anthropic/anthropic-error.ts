import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AnthropicError } from '../../../contract/anthropic/messages.ts';
import { RateLimitedError } from '../../base/errors.ts';
import { statusOf, toAppError, unknownError } from '../error-handler.ts';

/** Kinds of errors that Anthropic's clients know, by status. */
const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
};

/** What fails at Anthropic's addresses, in the shape its clients read. */
export function handleAnthropicError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toAppError(error) ?? unknownError(error, request);
  if (known instanceof RateLimitedError && known.retryAfterInSeconds !== undefined) {
    reply.header('retry-after', Math.max(1, Math.ceil(known.retryAfterInSeconds)));
  }
  const status = statusOf(known);
  if (status >= 429 || status === 409) reply.header('x-should-retry', String(known.retryable));
  return reply.code(status).send(toAnthropicError(known.message, { status, field: known.field, id: request.id }));
}

export function toAnthropicError(
  message: string,
  { status, field, id }: { status: number; field?: string | undefined; id: string },
): AnthropicError {
  const type = TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  const told = field === undefined || message.startsWith(field) ? message : `${field}: ${message}`;
  return { type: 'error', error: { type, message: told }, request_id: id };
}
