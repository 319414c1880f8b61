import type { RealtimeError } from '../../../contract/realtime.ts';
import { AppError, InvalidInputError, NotFoundError, RateLimitedError, errorMessage } from '../../base/errors.ts';

/** What a client asked for cannot be done; becomes the protocol's `error` event. */
export class RealtimeFault extends Error {
  readonly code: string;
  /** The field that is wrong. */
  readonly param: string | null;
  readonly kind: RealtimeError['type'];

  constructor(
    message: string,
    {
      code,
      param = null,
      kind = 'invalid_request_error',
    }: { code: string; param?: string | null; kind?: RealtimeError['type'] },
  ) {
    super(message);
    this.name = 'RealtimeFault';
    this.code = code;
    this.param = param;
    this.kind = kind;
  }
}

/** OpenAI's shape of an error; `eventId` is the client's event that caused it. Null for what nobody foresaw. */
export function toRealtimeError(error: unknown, eventId: string | null): RealtimeError | null {
  if (error instanceof RealtimeFault) {
    return { type: error.kind, code: error.code, message: error.message, param: error.param, event_id: eventId };
  }
  if (!(error instanceof AppError)) return null;
  return {
    type: kindOf(error),
    code: error.code,
    message: errorMessage(error),
    param: error.field ?? null,
    event_id: eventId,
    everwith: { stage: 'connection', retryable: error.retryable },
  };
}

function kindOf(error: AppError): RealtimeError['type'] {
  if (error instanceof RateLimitedError) return 'rate_limit_error';
  return error instanceof InvalidInputError || error instanceof NotFoundError
    ? 'invalid_request_error'
    : 'server_error';
}
