const LETTERS = /\p{L}/gu;
const SCRIPTS: readonly { tags: readonly string[]; letters: RegExp }[] = [
  { tags: ['zh', 'ja'], letters: /\p{Script=Han}/gu },
  { tags: ['ja'], letters: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu },
  { tags: ['ko'], letters: /\p{Script=Hangul}/gu },
  { tags: ['ru', 'uk', 'bg', 'sr'], letters: /\p{Script=Cyrillic}/gu },
  { tags: ['el'], letters: /\p{Script=Greek}/gu },
  { tags: ['ar', 'fa', 'ur'], letters: /\p{Script=Arabic}/gu },
  { tags: ['he', 'yi'], letters: /\p{Script=Hebrew}/gu },
  { tags: ['hi', 'mr', 'ne'], letters: /\p{Script=Devanagari}/gu },
  { tags: ['th'], letters: /\p{Script=Thai}/gu },
];
/** Share of letters in a foreign script from which on a text is not one that the model can read. */
const FOREIGN = 0.3;
/** UTF-16 units that are looked at. */
const LOOKED_AT = 500;

/**
 * Whether an embedding model made for `languages` (BCP 47 primary tags; none = any) can read a text, by its script.
 * Cosines of texts it cannot read are noise, and worse than none.
 */
export function canRead(languages: readonly string[], text: string): boolean {
  if (languages.length === 0) return true;
  const start = text.slice(0, LOOKED_AT);
  const letters = start.match(LETTERS)?.length ?? 0;
  const foreign = SCRIPTS.filter(({ tags }) => !tags.some((tag) => languages.includes(tag))).reduce(
    (sum, script) => sum + (start.match(script.letters)?.length ?? 0),
    0,
  );
  return letters === 0 || foreign / letters < FOREIGN;
}
