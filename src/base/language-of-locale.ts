/** ISO 639-1 of a BCP 47 tag. */
export function languageOfLocale(locale: string): string {
  return locale.slice(0, 2);
}
