import { recallTerms } from '../../recall/recall-terms.ts';
import { innerNames } from './signals.ts';

/** Characters of Chinese that a retelling may add: grammar, and “is”, “has”, “says”. */
const FREE_CHARACTERS = new Set('的了是在有和与他她它们自己会要将被把从到为于个位名说家里中上下时年月日号这那也都曾已');
/** English words that a retelling may add besides stop words, stemmed as the index stems them. */
const FREE_WORDS = new Set(
  recallTerms('is has have was lives says said name named called owns user person').map(({ term }) => term),
);
const NEGATIONS = /\b(?:no|not|never|nobody|nothing|none|without|cannot|hardly)\b|n't\b|不|没|无|未|别|非/giu;

/**
 * True where every content word, name and number of a retelling stands in its source (or is the speaker's name), and it
 * denies as often as its source does. What it adds would be invented.
 */
export function isSupported(
  text: string,
  { source, allowed }: { source: string; allowed: readonly string[] },
): boolean {
  const known = new Set([source, ...allowed].flatMap((one) => recallTerms(one)).map(({ term }) => term));
  for (const { term, kind } of recallTerms(text)) {
    if (kind === 'grammar' || kind === 'bigram') continue;
    if (kind === 'character' && FREE_CHARACTERS.has(term)) continue;
    if (kind === 'word' && FREE_WORDS.has(term)) continue;
    if (!known.has(term)) return false;
  }
  const words = `${source}\n${allowed.join('\n')}`.toLowerCase();
  if (innerNames(text).some((name) => !words.includes(name.toLowerCase().replace(/['’]s$/, '')))) return false;
  return negationsIn(text) === negationsIn(source) && keepsRuns(text, source);
}

function negationsIn(text: string): number {
  return text.match(NEGATIONS)?.length ?? 0;
}

/** Of a Chinese retelling, most pairs of characters stand in the source as they are: its words are not shuffled. */
function keepsRuns(text: string, source: string): boolean {
  const pairs = recallTerms(text).filter(({ kind }) => kind === 'bigram');
  if (pairs.length === 0) return true;
  const known = new Set(recallTerms(source).map(({ term }) => term));
  return pairs.filter(({ term }) => known.has(term)).length * 2 >= pairs.length;
}
