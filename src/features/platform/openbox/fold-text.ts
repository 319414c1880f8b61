/** A text as it is compared: NFKC, lower case, straight quotes and dashes, single spaces, no space at the ends. */
export function foldText(text: string): string {
  return straightQuotes(text.normalize('NFKC').toLowerCase())
    .replaceAll(/[\u2010-\u2015\u2212]/gu, '-')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

/** Curly and corner quotes as a keyboard has them. */
export function straightQuotes(text: string): string {
  return text.replaceAll(/[\u2018\u2019\u02BC]/gu, "'").replaceAll(/[\u201C\u201D\u300C\u300D]/gu, '"');
}

/**
 * Whether a folded text contains a folded word or phrase. Latin letters and digits count as whole words and numbers
 * only: `12` is not in `120`, `12.5` or `12,000`, and `art` is not in `start`.
 */
export function containsPhrase(folded: string, phrase: string): boolean {
  return phraseIndex(folded, phrase) !== -1;
}

/** Where a folded phrase stands in a folded text, from a place on; -1 where it does not. */
export function phraseIndex(folded: string, phrase: string, from = 0): number {
  for (let index = folded.indexOf(phrase, from); index !== -1; index = folded.indexOf(phrase, index + 1)) {
    const before = folded.slice(Math.max(0, index - 2), index);
    const after = folded.slice(index + phrase.length, index + phrase.length + 2);
    if (!continues(phrase.at(0) ?? '', before, 'before') && !continues(phrase.at(-1) ?? '', after, 'after')) {
      return index;
    }
  }
  return -1;
}

const WORD = /[\p{Script=Latin}\p{Nd}]/u;

function continues(edge: string, beside: string, side: 'before' | 'after'): boolean {
  if (!WORD.test(edge)) return false;
  const next = side === 'after' ? beside.slice(0, 1) : beside.slice(-1);
  if (WORD.test(next)) return /\p{Nd}/u.test(edge) === /\p{Nd}/u.test(next) || /\p{Script=Latin}/u.test(edge + next);
  if (!/\p{Nd}/u.test(edge)) return false;
  return side === 'after' ? /^[.,]\p{Nd}/u.test(beside) : /\p{Nd}[.,]$/u.test(beside);
}
