import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorBody } from '../../contract/common.ts';
import {
  AbortedError,
  AppError,
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  ResourceError,
  TooLargeError,
  UnauthenticatedError,
  UnavailableError,
  isAbort,
} from '../base/errors.ts';
import { addressHint } from './address-hint.ts';
import { refusedValue, type ValueIssue } from './refused-value.ts';

/** Error classes by status; the first that matches wins. */
const STATUS_BY_CLASS: readonly [new (...parameters: never[]) => AppError, number][] = [
  [InvalidInputError, 400],
  [TooLargeError, 413],
  [UnauthenticatedError, 401],
  [ForbiddenError, 403],
  [NotFoundError, 404],
  [ConflictError, 409],
  [RateLimitedError, 429],
  [UnavailableError, 503],
  [ResourceError, 507],
  // Not registered with IANA, but what logs everywhere call “the client closed the request”.
  [AbortedError, 499],
];

/** RFC 9110 §15.5: 421, the request was sent to a server that does not answer for this name; 426, see `Upgrade`. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  'unknown-host': 421,
  'unsupported-media-type': 415,
  'upgrade-needed': 426,
  'method-not-allowed': 405,
};

/** The one place that turns errors into responses. Unknown ones get an id and are logged whole. */
export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toAppError(error);
  if (!known) {
    const { code, message, retryable } = unknownError(error, request);
    return reply.code(500).send({ error: { code, message, retryable, id: request.id } } satisfies ErrorBody);
  }
  if (known instanceof RateLimitedError && known.retryAfterInSeconds !== undefined) {
    reply.header('retry-after', Math.max(1, Math.ceil(known.retryAfterInSeconds)));
  }
  return reply.code(statusOf(known)).send(errorBody(known));
}

/** The body that crosses the wire for an error whose class is known. */
export function errorBody(error: AppError): ErrorBody {
  return {
    error: {
      code: error.code,
      message: error.message,
      retryable: error.retryable,
      ...(error.field === undefined ? {} : { field: error.field }),
      ...(error.details === undefined ? {} : { details: error.details }),
    },
  };
}

export function statusOf(error: AppError): number {
  return STATUS_BY_CODE[error.code] ?? STATUS_BY_CLASS.find(([type]) => error instanceof type)?.[1] ?? 500;
}

/** Also for paths that no route knows. */
export function handleNotFound(request: FastifyRequest): never {
  const path = request.url.split('?', 1)[0] ?? '';
  const words = [`There is nothing at ${request.method} ${path}.`, addressHint(path)].filter((one) => one !== '');
  throw new NotFoundError(words.join(' '), { code: 'unknown-path' });
}

/** What a caller is told of an error that nobody foresaw; logs it whole. */
export function unknownError(error: unknown, { log, id }: Pick<FastifyRequest, 'log' | 'id'>): UnknownError {
  log.error({ err: error }, 'request failed');
  return new UnknownError(id);
}

class UnknownError extends AppError {
  constructor(id: string) {
    super('Something went wrong on the server. The details are in its log under this id.', {
      code: 'unknown',
      retryable: true,
      details: { id },
    });
  }
}

/** Ours as it is, those of Fastify and of validation in our classes; undefined for one that nobody foresaw. */
export function toAppError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  if (isAbort(error)) return new AbortedError(undefined, { cause: error });
  if (isValidationError(error)) return validationError(error);
  return fromFastify(error as Partial<FastifyError>);
}

interface ValidationIssue extends Omit<ValueIssue, 'path'> {
  instancePath: string;
}

interface ValidationError {
  validation: readonly unknown[];
  validationContext?: string;
}

/** What Fastify makes of whatever a schema refused. */
function isValidationError(error: unknown): error is ValidationError {
  const { code, validation } = (error ?? {}) as { code?: unknown; validation?: unknown };
  return code === 'FST_ERR_VALIDATION' && Array.isArray(validation) && validation.length > 0;
}

function validationError({ validation: [first], validationContext }: ValidationError): InvalidInputError {
  const issue = first as ValidationIssue;
  const path = issue.instancePath.split('/').filter((part) => part !== '');
  return refusedValue({ ...issue, path }, validationContext);
}

/** Fastify's own refusals: https://fastify.dev/docs/latest/Reference/Errors/ */
function fromFastify(error: Partial<FastifyError> | null): AppError | undefined {
  switch (error?.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new TooLargeError('The request is larger than this address accepts.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new InvalidInputError('Send JSON, with the header “content-type: application/json”.', {
        code: 'unsupported-media-type',
      });
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new InvalidInputError('The request is not valid JSON.', { code: 'invalid-json' });
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new InvalidInputError('The request has another length than it says.');
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new InvalidInputError('The address of this request is not valid.');
    default:
      return refusesRequest(error) ? new InvalidInputError(error.message) : undefined;
  }
}

/** What Fastify itself finds wrong with a request, in words of its own. */
function refusesRequest(error: Partial<FastifyError> | null): error is FastifyError {
  const { code, statusCode = 0 } = error ?? {};
  return typeof code === 'string' && code.startsWith('FST_ERR_') && statusCode >= 400 && statusCode < 500;
}
