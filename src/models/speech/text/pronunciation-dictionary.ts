/** How one person's words are said. */
export interface SpokenForm {
  written: string;
  spoken: string;
}

/** Characters with a meaning in an expression with the flag `v`. */
const SYNTAX = /[$()*+./?[\\\]^{|}]/gu;
/** Words beyond these many are not looked for: a dictionary that long is no dictionary of names. */
const MOST_WORDS = 2000;

/**
 * Replaces words by how they are said. The longest match wins; nothing is replaced twice. Words that begin or end with
 * a letter or digit of an alphabet match whole words only, whatever their case; Chinese ones match anywhere.
 */
export function applyPronunciations(text: string, pronunciations: readonly SpokenForm[]): string {
  const forms = new Map<string, string>();
  for (const { written, spoken } of pronunciations.slice(0, MOST_WORDS)) {
    const key = keyOf(written);
    if (key !== '' && !forms.has(key)) forms.set(key, spoken);
  }
  if (forms.size === 0) return text;
  const alternatives = Array.from(forms.keys())
    .toSorted((one, other) => other.length - one.length)
    .map((key) => patternOf(key));
  const words = new RegExp(alternatives.join('|'), 'giv');
  return text.replace(words, (found) => forms.get(keyOf(found)) ?? found);
}

function keyOf(word: string): string {
  return word.trim().replace(/\s+/gu, ' ').toLowerCase();
}

function patternOf(key: string): string {
  const escaped = key.replace(SYNTAX, String.raw`\$&`).replace(/ /gu, String.raw`\s+`);
  const alphabetic = /[[\p{L}\p{N}]--\p{Script=Han}]/v;
  const before = alphabetic.test(key[0] ?? '') ? String.raw`(?<![[\p{L}\p{N}]--\p{Script=Han}])` : '';
  const after = alphabetic.test(key.at(-1) ?? '') ? String.raw`(?![[\p{L}\p{N}]--\p{Script=Han}])` : '';
  return `${before}${escaped}${after}`;
}
