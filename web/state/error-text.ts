import type { TFunction } from 'i18next';
import { ApiError } from '../../client/api-error.ts';

/** Codes whose own message says more than the general text of the code. */
const SPECIFIC = new Set(['invalid-input', 'forbidden', 'too-large', 'unavailable', 'resource', 'conflict']);

const GENERAL = [
  'unreachable',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'rate-limited',
  'too-large',
  'unavailable',
  'resource',
  'unexpected-response',
] as const;

/**
 * What to tell a reader about an error. The server's sentences are English: an English reader gets them as they are,
 * others get the translated text of the code with the sentence behind it as detail.
 */
export function errorText(error: unknown, t: TFunction<readonly ['errors']>, language: string): string {
  if (!(error instanceof ApiError)) return t('errors:unknown');
  if (language === 'en' && SPECIFIC.has(error.code)) return error.message;
  const code = GENERAL.find((known) => known === error.code);
  const text = code === undefined ? t('errors:unknown') : t(`errors:${code}`);
  if (error.id !== undefined) return t('errors:withId', { text, id: error.id });
  const hasDetail = code === undefined || SPECIFIC.has(error.code);
  return hasDetail ? t('errors:withDetail', { text, detail: error.message }) : text;
}
