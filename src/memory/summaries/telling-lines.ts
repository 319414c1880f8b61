import { recallTerms, type RecallTerm } from '../recall/recall-terms.ts';
import { shorten } from './said-sentences.ts';
import { namesIn } from './support.ts';
import { sourcesOf, type SummaryLine } from './summary-line.ts';
import type { SummarySentence } from './summary-store.ts';

/** What is quoted of a message at most: Latin letters, Han characters. */
const QUOTE_LENGTH = { spaced: 150, unspaced: 60 } as const;
/** What names, numbers and dates add to how telling a sentence is. */
const NAME_BONUS = 0.35;
/** People tell of their lives more often than characters do. */
const HUMAN_BONUS = 1.25;
const QUESTION_WORTH = 0.35;
/** Shorter ones are greetings and nods: terms. */
const LEAST_TERMS = 3;
/** A sentence that repeats so much of a chosen one adds nothing. */
const MOST_SHARED = 0.5;

interface Candidate {
  line: SummaryLine;
  index: number;
  text: string;
  terms: ReadonlySet<string>;
  score: number;
}

/** The most telling sentences of lines, as they were said and by whom. */
export function tellingSentences(lines: readonly SummaryLine[], count: number): SummarySentence[] {
  return tellingLines(lines, count).map((line) => ({ text: quoted(line), sources: sourcesOf([line]) }));
}

/**
 * The most telling sentence of each of the most telling lines, in the order of time: those whose words the rest speaks of
 * too, with names, numbers and dates before others.
 */
export function tellingLines(lines: readonly SummaryLine[], count: number): SummaryLine[] {
  const candidates = rateSentences(lines);
  const chosen: Candidate[] = [];
  for (const candidate of candidates.toSorted((left, right) => right.score - left.score || left.index - right.index)) {
    if (chosen.length >= count) break;
    if (chosen.some((other) => other.line === candidate.line || sharedWith(candidate, other) > MOST_SHARED)) continue;
    chosen.push(candidate);
  }
  return chosen
    .toSorted((left, right) => left.index - right.index)
    .map(({ line, text }) => ({ ...line, sentences: [text] }));
}

function rateSentences(lines: readonly SummaryLine[]): Candidate[] {
  const found = lines.flatMap((line, index) =>
    line.sentences.map((text) => ({ line, index, text, terms: contentTerms(text) })),
  );
  const spread = new Map<string, Set<number>>();
  for (const { index, terms } of found) {
    for (const term of terms) spread.set(term, (spread.get(term) ?? new Set()).add(index));
  }
  return found
    .filter(({ terms }) => terms.size >= LEAST_TERMS)
    .map((one) => {
      // A term that half of all lines share says no more than one that two do.
      const weights = [...one.terms].map((term) => Math.min(spread.get(term)?.size ?? 1, 4));
      const central = weights.reduce((sum, weight) => sum + Math.log(1 + weight), 0) / Math.sqrt(one.terms.size + 4);
      const marks = Math.min(
        3,
        namesIn(one.text).length + (/\d|[一二三四五六七八九十]+[月号日点岁年]/u.test(one.text) ? 1 : 0),
      );
      const isQuestion = /[?？]["”’」』)）]*$/u.test(one.text);
      return {
        ...one,
        score:
          central * (1 + NAME_BONUS * marks) * (one.line.byHuman ? HUMAN_BONUS : 1) * (isQuestion ? QUESTION_WORTH : 1),
      };
    });
}

const CONTENT: ReadonlySet<RecallTerm['kind']> = new Set(['word', 'number', 'bigram']);

function contentTerms(text: string): ReadonlySet<string> {
  return new Set(
    recallTerms(text)
      .filter(({ kind }) => CONTENT.has(kind))
      .map(({ term }) => term),
  );
}

function sharedWith(left: Candidate, right: Candidate): number {
  const smaller = Math.min(left.terms.size, right.terms.size);
  return [...left.terms].filter((term) => right.terms.has(term)).length / smaller;
}

/** A line's first sentence as a quotation; one that is told already as it is. */
function quoted({ speaker, sentences: [text = ''] }: SummaryLine): string {
  const isUnspaced = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u.test(text);
  if (speaker === '') return text;
  const short = shorten(text, isUnspaced ? QUOTE_LENGTH.unspaced : QUOTE_LENGTH.spaced);
  return isUnspaced ? `${speaker}：“${short}”` : `${speaker}: “${short}”`;
}
