import type { OpenAiError } from '../../../contract/openai/errors.ts';
import type { AppError } from '../../base/errors.ts';

/** Codes that OpenAI's clients know, by ours. */
const CODES: Readonly<Record<string, string>> = {
  'model-not-found': 'model_not_found',
  'insufficient-quota': 'insufficient_quota',
  'rate-limited': 'rate_limit_exceeded',
  'provider-rate-limited': 'rate_limit_exceeded',
  'provider-context': 'context_length_exceeded',
  'prompt-too-long': 'context_length_exceeded',
  'unknown-path': 'unknown_url',
  'method-not-allowed': 'method_not_supported',
  unsupported: 'unsupported_value',
  'invalid-input': 'invalid_value',
};

/** An error as OpenAI tells it: all four fields, the field as `messages[0].content`. */
export function toOpenAiError(error: AppError, status: number): OpenAiError {
  const param = error.field?.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]') ?? null;
  const code = codeOf(error, status);
  return { error: { message: messageOf(error, param), type: typeOf(error, { status, code }), param, code } };
}

function codeOf(error: AppError, status: number): string {
  if (status === 401) return 'invalid_api_key';
  if (error.details?.['missing'] !== undefined) return 'missing_required_parameter';
  return CODES[error.code] ?? error.code.replaceAll('-', '_');
}

/** Says what to do, too, and of fields what OpenAI calls them. */
function messageOf({ code, message, field }: AppError, param: string | null): string {
  if (code === 'unauthenticated') return `${message} Send an API key in the header “authorization: Bearer KEY”.`;
  if (code === 'key-unknown') return `${message} Keys are made in the app of this house, under Developers → Keys.`;
  if (field === undefined || param === null || !message.startsWith(`${field}: `)) return message;
  return `${param}${message.slice(field.length)}`;
}

/** OpenAI's own answers say `requests` or `tokens` where a limit was reached, and call every other refusal alike. */
function typeOf(error: AppError, { status, code }: { status: number; code: string }): string {
  if (code === 'insufficient_quota') return code;
  if (status === 429) return String(error.details?.['limit'] ?? 'requests');
  if (status >= 500) return 'server_error';
  return 'invalid_request_error';
}
