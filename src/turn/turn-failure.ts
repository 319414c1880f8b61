import { AppError, errorMessage } from '../base/errors.ts';
import type { Failure } from '../conversation/tree-types.ts';

/** Why a model wrote nothing, or not all, in the words of the one error shape. */
export function toFailure(error: unknown): Failure {
  if (error instanceof AppError) return { code: error.code, message: error.message, retryable: error.retryable };
  return { code: 'model-failed', message: `The model failed: ${errorMessage(error).slice(0, 500)}`, retryable: true };
}
