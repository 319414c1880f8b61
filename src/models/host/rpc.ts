import {
  AbortedError,
  AppError,
  ConflictError,
  InvalidInputError,
  NotFoundError,
  ResourceError,
  TooLargeError,
  UnavailableError,
  errorMessage,
} from '../../base/errors.ts';

/** What a child program offers: per method its parameters, the events it may emit before it ends, and its result. */
export type MethodTable = Record<string, { params: unknown; event: unknown; result: unknown }>;

/** Parent to child. `id` is unique within one child's life. */
export type ToChild =
  | { type: 'start'; options: unknown }
  | { type: 'call'; id: number; method: string; params: unknown }
  | { type: 'cancel'; id: number }
  | { type: 'stop' };

/**
 * Child to parent. `ready` or `start-failed` answers `start`; `result` or `failure` ends a call. `rssBytes` is the
 * child's resident memory at that moment.
 */
export type FromChild =
  | { type: 'ready'; info: unknown; rssBytes: number }
  | { type: 'start-failed'; error: WireError }
  | { type: 'beat'; rssBytes: number }
  | { type: 'event'; id: number; value: unknown }
  | { type: 'result'; id: number; value: unknown; rssBytes: number }
  | { type: 'failure'; id: number; error: WireError }
  | { type: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; message: string; fields: Record<string, unknown> };

/** An error as plain data: the class by name, so that the parent can throw the same decision again. */
export interface WireError {
  name: string;
  message: string;
  code?: string;
  retryable?: boolean;
  field?: string;
  details?: Record<string, string | number | boolean | null>;
  stack?: string;
}

const classes = {
  AbortedError,
  ConflictError,
  InvalidInputError,
  NotFoundError,
  ResourceError,
  TooLargeError,
  UnavailableError,
} satisfies Record<string, new (message: string, options: object) => AppError>;

function isKnownName(name: string): name is keyof typeof classes {
  return Object.hasOwn(classes, name);
}

export function toWireError(error: unknown): WireError {
  if (error instanceof AppError) {
    return {
      name: error.name,
      message: error.message,
      code: error.code,
      retryable: error.retryable,
      ...(error.field === undefined ? {} : { field: error.field }),
      ...(error.details === undefined ? {} : { details: error.details }),
    };
  }
  if (error instanceof Error) {
    return { name: error.name, message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) };
  }
  return { name: 'Error', message: errorMessage(error) };
}

export function fromWireError(wire: WireError): Error {
  if (isKnownName(wire.name)) {
    return new classes[wire.name](wire.message, {
      ...(wire.code === undefined ? {} : { code: wire.code }),
      ...(wire.retryable === undefined ? {} : { retryable: wire.retryable }),
      ...(wire.field === undefined ? {} : { field: wire.field }),
      ...(wire.details === undefined ? {} : { details: wire.details }),
    });
  }
  const error = new Error(wire.message);
  error.name = wire.name;
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}
