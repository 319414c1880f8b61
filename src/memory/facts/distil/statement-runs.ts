import type { DistilTurn } from './distil-turn.ts';
import { sizeOf, type ScoredSentence } from './score-sentence.ts';

/** Neighbouring sentences of one turn that say something together; the strongest one began it. */
export interface StatementRun {
  turn: DistilTurn;
  sentences: ScoredSentence[];
  /** The strongest sentence's score. */
  score: number;
  /** Verbatim, from the first sentence's beginning to the last one's end. */
  quote: string;
}

/** Longest quote, in Latin letters' worth: what still reads at a glance. */
const LONGEST_QUOTE = 320;
/** A neighbour is taken in when it is at most so much weaker than a beginning has to be. */
const WEAKER_NEIGHBOUR = 3;
/** One that begins with “he” or “that” belongs to its neighbour, even weaker. */
const WEAKER_LEANING = 3.5;

/** The statements of a turn whose strongest sentence scores at least `least`, in reading order. */
export function statementRuns(sentences: readonly ScoredSentence[], least: number): StatementRun[] {
  const taken = new Set<number>();
  const runs: StatementRun[] = [];
  const seeds = sentences
    .map((sentence, index) => ({ sentence, index }))
    .filter(({ sentence }) => sentence.score >= least && isTelling(sentence))
    .toSorted((left, right) => right.sentence.score - left.sentence.score);
  for (const { sentence, index } of seeds) {
    if (taken.has(index)) continue;
    const [from, to] = grow(sentences, { index, least, taken });
    for (let at = from; at <= to; at += 1) taken.add(at);
    const own = sentences.slice(from, to + 1);
    const { turn } = sentence;
    const quote = turn.text.slice(own[0]?.start, own.at(-1)?.end);
    runs.push({ turn, sentences: own, score: sentence.score, quote });
  }
  return runs.toSorted((left, right) => (left.sentences[0]?.start ?? 0) - (right.sentences[0]?.start ?? 0));
}

/** Questions, jokes and orders to somebody tell nothing, whatever they mention; “call me Ines” and its like do. */
function isTelling({ signals }: ScoredSentence): boolean {
  return !signals.has('asks') && !signals.has('joke') && (!signals.has('request') || signals.has('plain'));
}

function grow(
  sentences: readonly ScoredSentence[],
  { index, least, taken }: { index: number; least: number; taken: ReadonlySet<number> },
): [number, number] {
  let from = index;
  let to = index;
  let size = sizeAt(sentences, index);
  const take = (at: number): ScoredSentence | undefined => {
    const other = sentences[at];
    const fits = other && !taken.has(at) && isTelling(other) && size + sizeAt(sentences, at) <= LONGEST_QUOTE;
    return fits ? other : undefined;
  };
  const leans = (at: number): boolean => {
    const sentence = sentences[at];
    return sentence !== undefined && sentence.language.leansOnBefore.test(sentence.text);
  };
  while (leans(from) && take(from - 1)) size += sizeAt(sentences, (from -= 1));
  for (let next = take(to + 1); next; next = take(to + 1)) {
    const weakest = leans(to + 1) ? WEAKER_LEANING : WEAKER_NEIGHBOUR;
    if (next.score < least - weakest) break;
    size += sizeAt(sentences, (to += 1));
  }
  for (let next = take(from - 1); next && next.score >= least - WEAKER_NEIGHBOUR; next = take(from - 1)) {
    size += sizeAt(sentences, (from -= 1));
  }
  return [from, to];
}

function sizeAt(sentences: readonly ScoredSentence[], at: number): number {
  const sentence = sentences[at];
  return sentence ? sizeOf(sentence, sentence.language) : 0;
}
