import { recallTerms } from '../../src/memory/recall/recall-terms.ts';

/** BM25 without an index: every text is read for every question. The twenty best, by position. */
export function scanForTerms(turns: readonly { text: string }[], question: string): number[] {
  const wanted = [...new Set(recallTerms(question).map(({ term }) => term))];
  const frequencies = wanted.map(() => new Map<number, number>());
  const lengths = turns.map(({ text }, turn) => {
    const terms = recallTerms(text);
    for (const { term } of terms) {
      const counts = frequencies[wanted.indexOf(term)];
      counts?.set(turn, (counts.get(turn) ?? 0) + 1);
    }
    return terms.length;
  });
  const average = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const scores = new Map<number, number>();
  for (const counts of frequencies) {
    const idf = Math.log(1 + (turns.length - counts.size + 0.5) / (counts.size + 0.5));
    for (const [turn, count] of counts) {
      const length = (lengths[turn] ?? 0) / average;
      scores.set(turn, (scores.get(turn) ?? 0) + (idf * count * 2.2) / (count + 1.2 * (0.25 + 0.75 * length)));
    }
  }
  return [...scores]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 20)
    .map(([turn]) => turn);
}
