import { toSimplifiedHan } from '../../base/simplified-han.ts';
import { toSearchText } from './search-text.ts';

/** Words looked for in one query; the rest is not asked for. */
const MAX_PHRASES = 12;

/** Words that have to follow each other. */
export interface SearchPhrase {
  words: string[];
  /** True where the last word may be only begun, as while somebody types. */
  open: boolean;
}

/** A message's words as the index keeps them: as `toSearchText`, with simplified Han characters. */
export function toMessageWords(text: string): string {
  return toSimplifiedHan(toSearchText(text));
}

/** Each typed word is a phrase, and so is what stands in quotes, which is taken to the letter. All must be there. */
export function toMessagePhrases(query: string): SearchPhrase[] {
  const phrases: SearchPhrase[] = [];
  for (const found of query.matchAll(/["“„”「『]([^"“”„「」『』]*)["”“」』]|[^\s"“”„「」『』]+/gu)) {
    const quoted = found[1];
    const words = toMessageWords(quoted ?? found[0])
      .split(' ')
      .filter(Boolean);
    if (words.length === 0) continue;
    phrases.push({ words, open: quoted === undefined && mayBeBegun(words.at(-1) ?? '') });
  }
  return phrases.slice(0, MAX_PHRASES);
}

/** True for words of scripts with spaces, whose end may still be missing. */
function mayBeBegun(word: string): boolean {
  return word.length > 1 && /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]+$/u.test(word);
}
