import { recallTerms, type RecallTerm } from './recall/recall-terms.ts';

/** What a single character of an unspaced script weighs beside words and pairs. */
const WEIGHTS: Record<RecallTerm['kind'], number> = {
  word: 1,
  number: 1,
  bigram: 1,
  character: 0.25,
  concept: 0,
  grammar: 0,
};

/** How much of what `asked` speaks of stands in `text` too, 0 to 1. */
export function shareOfTerms(asked: string, text: string): number {
  const there = new Set(recallTerms(text).map(({ term }) => term));
  const wanted = new Map(recallTerms(asked).map(({ term, kind }) => [term, WEIGHTS[kind]]));
  let whole = 0;
  let shared = 0;
  for (const [term, weight] of wanted) {
    whole += weight;
    if (there.has(term)) shared += weight;
  }
  return whole === 0 ? 0 : shared / whole;
}
