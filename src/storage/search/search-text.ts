/** Han, Kana and Hangul: scripts whose words are not divided by spaces (or carry endings). */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** Accents of Latin, Greek and Cyrillic; the marks of other scripts are part of their letters. */
const ACCENTS = /[\u0300-\u036f]/g;

/**
 * Text as the index stores it: NFKC, lower case, without accents, a space around every unspaced-script character, so
 * that an engine that splits on spaces can find 咖啡 inside a sentence as the phrase "咖 啡".
 */
export function toSearchText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(UNSPACED, ' $& ')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
}

/** The phrases a person looks for: each typed word is one phrase, all must be there. At most 12. */
export function toSearchPhrases(query: string): string[][] {
  return query
    .split(/\s+/)
    .map((word) => toSearchText(word).split(' ').filter(Boolean))
    .filter((phrase) => phrase.length > 0)
    .slice(0, 12);
}
