const ACCENTS = /[\u0300-\u036f]/g;
const NOT_WORDS = /[^\p{L}\p{N}\p{M}]+/gu;

/** Words as rules and facts are compared: NFKC, lower case, no accents, one space for everything between words. */
export function foldWords(text: string): string {
  return text
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’](?=\p{L})/gu, '')
    .replace(NOT_WORDS, ' ')
    .trim();
}
