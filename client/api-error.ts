import { errorSchema } from '../contract/common.ts';

export interface ApiErrorOptions {
  code: string;
  message: string;
  /** HTTP status; 0 when no answer came at all. */
  status: number;
  retryable: boolean;
  field?: string | undefined;
  /** Stands in the server's log beside the whole error. */
  id?: string | undefined;
  details?: Record<string, string | number | boolean | null> | undefined;
  retryAfterInSeconds?: number | undefined;
  cause?: unknown;
}

/**
 * What a call of the API failed with. Codes made here, beside those of the server: `unreachable` (no answer),
 * `unexpected-response` (an answer that is not what the contract says).
 */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly field: string | undefined;
  readonly id: string | undefined;
  readonly details: Record<string, string | number | boolean | null> | undefined;
  readonly retryAfterInSeconds: number | undefined;

  constructor(options: ApiErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ApiError';
    this.code = options.code;
    this.status = options.status;
    this.retryable = options.retryable;
    this.field = options.field;
    this.id = options.id;
    this.details = options.details;
    this.retryAfterInSeconds = options.retryAfterInSeconds;
  }
}

/** Reads the one error shape; anything else (a proxy's page, an empty body) still becomes an `ApiError`. */
export async function readApiError(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfterInSeconds = Number.isFinite(retryAfter) ? retryAfter : undefined;
  const parsed = errorSchema.safeParse(parseJson(text));
  if (parsed.success) return new ApiError({ ...parsed.data.error, status: response.status, retryAfterInSeconds });
  return new ApiError({
    code: 'unexpected-response',
    message: `The server answered ${response.status} without saying why.`,
    status: response.status,
    retryable: response.status >= 500 || response.status === 429,
    retryAfterInSeconds,
  });
}

/** The value a JSON text stands for, or undefined when it is not JSON; always parsed by a schema next. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
