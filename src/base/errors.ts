/**
 * Errors are classes by the decision a caller can make. `code` is stable and crosses the wire,
 * `retryable` says whether the same call may succeed later, `message` is a full English sentence
 * that names what is wrong and, where there is one, the remedy.
 */
export interface AppErrorOptions {
  code: string;
  retryable?: boolean;
  cause?: unknown;
  /** The offending input field, as a dotted path. */
  field?: string;
  /** Values for a translated message on the client; never secrets. */
  details?: Record<string, string | number | boolean | null>;
}

export abstract class AppError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly field: string | undefined;
  readonly details: Record<string, string | number | boolean | null> | undefined;

  constructor(message: string, options: AppErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.retryable = options.retryable ?? false;
    this.field = options.field;
    this.details = options.details;
  }
}

type Optional = Partial<AppErrorOptions>;

/** The input is wrong; the caller must change it. */
export class InvalidInputError extends AppError {
  constructor(message: string, options: Optional = {}) {
    super(message, { code: 'invalid-input', ...options });
  }
}

/** The input is larger than a stated limit. */
export class TooLargeError extends AppError {
  constructor(message: string, options: Optional = {}) {
    super(message, { code: 'too-large', ...options });
  }
}

/** Nobody is signed in, or the credential is unknown. */
export class UnauthenticatedError extends AppError {
  constructor(message = 'Sign in to do this.', options: Optional = {}) {
    super(message, { code: 'unauthenticated', ...options });
  }
}

/** Somebody is signed in but may not do this. */
export class ForbiddenError extends AppError {
  constructor(message: string, options: Optional = {}) {
    super(message, { code: 'forbidden', ...options });
  }
}

/** The object does not exist, or is not the caller's (both look the same on purpose). */
export class NotFoundError extends AppError {
  constructor(message: string, options: Optional = {}) {
    super(message, { code: 'not-found', ...options });
  }
}

/** The object changed since the caller looked; look again, then decide. */
export class ConflictError extends AppError {
  constructor(message: string, options: Optional = {}) {
    super(message, { code: 'conflict', ...options });
  }
}

/** Too many calls; wait `retryAfterInSeconds`. */
export class RateLimitedError extends AppError {
  readonly retryAfterInSeconds: number | undefined;

  constructor(message: string, options: Optional & { retryAfterInSeconds?: number } = {}) {
    super(message, { code: 'rate-limited', retryable: true, ...options });
    this.retryAfterInSeconds = options.retryAfterInSeconds;
  }
}

/** Something we depend on does not answer now: an engine, a provider, a disk. */
export class UnavailableError extends AppError {
  constructor(message: string, options: Optional = {}) {
    super(message, { code: 'unavailable', retryable: true, ...options });
  }
}

/** The machine cannot do it as it stands (no space, too little memory, missing program). */
export class ResourceError extends AppError {
  constructor(message: string, options: Optional = {}) {
    super(message, { code: 'resource', ...options });
  }
}

/** The caller asked to stop, or went away. */
export class AbortedError extends AppError {
  constructor(message = 'The operation was stopped.', options: Optional = {}) {
    super(message, { code: 'aborted', ...options });
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof AbortedError || (error instanceof Error && error.name === 'AbortError');
}

/** A short text for any thrown value, for logs and for wrapping. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
