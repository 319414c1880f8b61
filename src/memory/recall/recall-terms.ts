import { stemmer } from 'stemmer';
import { isGrammar, sameMeanings } from './chinese-words.ts';
import { toRegularForm } from './irregular-forms.ts';
import { toSimplifiedHan } from '../../base/simplified-han.ts';
import { isStopCharacter, isStopWord } from './stop-words.ts';

/** A term as the index knows it, and where it stands in the text it was taken from. */
export interface RecallTerm {
  term: string;
  /** UTF-16 offsets in the normalised text (`normalizeForRecall`), end exclusive. */
  start: number;
  end: number;
  /**
   * `concept`: a group of words that mean the same. `grammar`: characters that hold a sentence together; a query does
   * not look for them.
   */
  kind: 'word' | 'number' | 'bigram' | 'character' | 'concept' | 'grammar';
}

/** Longest text that is read of one turn, in UTF-16 units: terms beyond it are not found. */
export const READ_LENGTH = 20_000;

/** Longer words are hashes, keys and noise; what is kept of them still tells them apart. */
const WORD_LENGTH = 40;

/** Accents of Latin, Greek and Cyrillic; the marks of other scripts are part of their letters. */
const ACCENTS = /[\u0300-\u036f]/g;

/** Scripts without spaces between words or, Korean, with endings on them. */
const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー々〆`;

/** Runs of those, of digits, and of other letters. */
const RUNS = new RegExp(
  String.raw`(?<unspaced>[${UNSPACED}]+)|(?<number>\p{N}+)|(?<word>[[\p{L}\p{M}]--[${UNSPACED}]]+)`,
  'gv',
);

const SMALL_NUMBERS = new Map(
  'zero one two three four five six seven eight nine ten eleven twelve'
    .split(' ')
    .map((word, value) => [word, `${value}`]),
);

const ASCII = /^[\t\n\r -~]*$/;

/** NFKC, lower case, without accents, traditional Han characters as their simplified form. */
export function normalizeForRecall(text: string): string {
  const read = text.slice(0, READ_LENGTH);
  if (ASCII.test(read)) return read.toLowerCase();
  return toSimplifiedHan(read.normalize('NFKD').replace(ACCENTS, '').normalize('NFKC').toLowerCase());
}

/**
 * Terms of a text in reading order, repeated as often as they occur. Words of spaced scripts: stop words left out,
 * irregular forms brought together, stemmed (Porter, Program 14(3), 1980). Runs of Han, kana and Hangul: every
 * overlapping pair of characters, and every single character. Numbers: as digits, small ones also when they are words.
 */
export function recallTerms(text: string): RecallTerm[] {
  return termsOfNormalized(normalizeForRecall(text));
}

export function termsOfNormalized(text: string): RecallTerm[] {
  const terms: RecallTerm[] = [];
  for (const match of text.matchAll(RUNS)) {
    const { unspaced, number, word } = match.groups ?? {};
    if (unspaced) addUnspaced(terms, unspaced, match.index);
    else if (number)
      terms.push({ term: toNumber(number), start: match.index, end: match.index + number.length, kind: 'number' });
    else if (word) addWord(terms, word, match.index);
  }
  return terms;
}

function addWord(terms: RecallTerm[], word: string, start: number): void {
  if (isStopWord(word)) return;
  const number = SMALL_NUMBERS.get(word);
  const term = number ?? toStem(word);
  terms.push({ term, start, end: start + word.length, kind: number === undefined ? 'word' : 'number' });
}

function toStem(word: string): string {
  const cut = word.length > WORD_LENGTH ? word.slice(0, WORD_LENGTH) : word;
  const regular = toRegularForm(cut);
  if (regular !== cut || !cut.endsWith('s')) return stemmer(regular);
  // "pups", "photos": plurals of words whose singular stands in the table.
  const singular = cut.slice(0, -1);
  const regularSingular = toRegularForm(singular);
  return stemmer(regularSingular === singular ? cut : regularSingular);
}

function toNumber(digits: string): string {
  const plain = digits.replace(/^0+(?=.)/u, '');
  return plain.length > WORD_LENGTH ? plain.slice(0, WORD_LENGTH) : plain;
}

/** Characters and the pairs they begin, and words of the run that have others of the same meaning. */
function addUnspaced(terms: RecallTerm[], run: string, start: number): void {
  const characters = Array.from(run);
  let offset = start;
  for (const [index, character] of characters.entries()) {
    const end = offset + character.length;
    const next = characters[index + 1];
    const isStop = isStopCharacter(character);
    if (next !== undefined && !(isStop && isStopCharacter(next))) {
      const pair = character + next;
      terms.push({ term: pair, start: offset, end: end + next.length, kind: isGrammar(pair) ? 'grammar' : 'bigram' });
    }
    const kind = isStop && characters.length > 1 ? 'grammar' : 'character';
    terms.push({ term: character, start: offset, end, kind });
    offset = end;
  }
  for (const { concept, start: from, end } of sameMeanings(run)) {
    terms.push({ term: concept, start: start + from, end: start + end, kind: 'concept' });
  }
}
