import type { OpenAiError } from '../../../contract/openai/errors.ts';
import type { AppError } from '../../base/errors.ts';

/** Codes that OpenAI's clients know, by ours. */
const CODES: Readonly<Record<string, string>> = {
  'model-not-found': 'model_not_found',
  'insufficient-quota': 'insufficient_quota',
  'rate-limited': 'rate_limit_exceeded',
  'provider-rate-limited': 'rate_limit_exceeded',
  'provider-context': 'context_length_exceeded',
  unauthenticated: 'invalid_api_key',
  'unknown-path': 'unknown_url',
};

const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'conflict_error',
  429: 'rate_limit_error',
};

export function toOpenAiError(error: AppError, status: number): OpenAiError {
  const code = CODES[error.code] ?? error.code.replaceAll('-', '_');
  const type = code === 'insufficient_quota' ? code : (TYPES[status] ?? typeOf(status));
  return { error: { message: error.message, type, param: error.field ?? null, code } };
}

function typeOf(status: number): string {
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}
