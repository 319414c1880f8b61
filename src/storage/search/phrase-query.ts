/** True for words of scripts with spaces, whose end may still be missing while somebody types. */
function isOpen(word: string): boolean {
  return word.length > 1 && /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]+$/u.test(word);
}

/** FTS5 phrases, all of which must be there; the last word of each may be only begun. */
export function toFtsQuery(phrases: string[][]): string {
  return phrases.map((phrase) => `"${phrase.join(' ')}"${isOpen(phrase.at(-1) ?? '') ? '*' : ''}`).join(' ');
}

/** The same for PostgreSQL. Words are letters, digits and marks only, so quoting them is safe. */
export function toTsQuery(phrases: string[][]): string {
  return phrases
    .map((phrase) => {
      const words = phrase.map((word) => `'${word}'`);
      return `(${words.join(' <-> ')}${isOpen(phrase.at(-1) ?? '') ? ':*' : ''})`;
    })
    .join(' & ');
}
