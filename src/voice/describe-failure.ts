import { AppError, errorMessage } from '../base/errors.ts';
import type { ReplyOutcome } from './voice-ports.ts';

/** What went wrong, as those at the other end of a call are told. */
export function describeFailure(error: unknown): NonNullable<ReplyOutcome['failure']> {
  if (error instanceof AppError) return { code: error.code, message: error.message, retryable: error.retryable };
  return { code: 'internal', message: errorMessage(error).slice(0, 500), retryable: true };
}
