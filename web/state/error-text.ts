import type { TFunction } from 'i18next';
import { ApiError } from '../../client/api-error.ts';

const KINDS = [
  'unreachable',
  'unexpected-response',
  'unauthenticated',
  'invalid-input',
  'forbidden',
  'not-found',
  'conflict',
  'insufficient-quota',
  'rate-limited',
  'too-large',
  'unavailable',
  'resource',
] as const;
type Kind = (typeof KINDS)[number];

/** Most codes are finer than what a reader is told; the status of the answer says which kind they are of. */
const KIND_BY_STATUS: Readonly<Record<number, Kind>> = {
  400: 'invalid-input',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  413: 'too-large',
  429: 'rate-limited',
  503: 'unavailable',
  507: 'resource',
};
/** Others of status 409 are about one thing each (a taken name, a running reply), and say so themselves. */
const CHANGED_ELSEWHERE: ReadonlySet<string> = new Set(['conflict', 'revision-conflict', 'version-conflict']);
/** The server's sentence adds nothing to ours. */
const PLAIN: ReadonlySet<Kind> = new Set([
  'unreachable',
  'unexpected-response',
  'unauthenticated',
  'not-found',
  'conflict',
  'rate-limited',
]);

/**
 * What to tell a reader about an error. The server's sentences are English: an English reader gets them as they are,
 * others get the translated text of its kind with the sentence behind it as detail.
 */
export function errorText(error: unknown, t: TFunction<readonly ['errors']>, language: string): string {
  if (!(error instanceof ApiError)) return t('errors:unknown');
  const kind = kindOf(error);
  const text = kind === undefined ? t('errors:unknown') : t(`errors:${kind}`);
  if (error.id !== undefined) return t('errors:withId', { text, id: error.id });
  if (kind !== undefined && PLAIN.has(kind)) return text;
  return language === 'en' ? error.message : t('errors:withDetail', { text, detail: error.message });
}

function kindOf({ code, status }: ApiError): Kind | undefined {
  if (CHANGED_ELSEWHERE.has(code)) return 'conflict';
  return KINDS.find((known) => known === code) ?? KIND_BY_STATUS[status];
}
