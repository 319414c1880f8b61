import type { Locale } from '../../../contract/common.ts';

/** ISO 639-1. */
export function languageOf(locale: Locale): string {
  return locale.slice(0, 2);
}
