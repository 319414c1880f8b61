import type { QueryTerm } from './recall-query.ts';
import type { RecallView } from './recall-view.ts';
import type { RecallWeights } from './recall-weights.ts';
import type { TurnIndex } from './turn-index.ts';

export interface LexicalScores {
  /** BM25 of each turn, by slot. */
  turns: Float64Array;
  /** The same of what speaks for neighbours too: pairs and single characters do so with a part only. */
  spreading: Float64Array;
  /** BM25 of each session as one text, by its number. */
  sessions: Float64Array;
  /** What a turn would have that had every term once at average length: scores are comparable as shares of it. */
  perfect: number;
}

/**
 * BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; idf as in Lucene, never negative) over the
 * turns of a view and over its sessions. All statistics are of the view alone.
 */
export function scoreLexically(
  index: TurnIndex,
  { view, terms, weights }: { view: RecallView; terms: readonly QueryTerm[]; weights: RecallWeights },
): LexicalScores {
  const scores: LexicalScores = {
    turns: new Float64Array(index.slotCount),
    spreading: new Float64Array(index.slotCount),
    sessions: new Float64Array(view.sessionLengths.length),
    perfect: 0,
  };
  const most = Math.max(0, ...terms.map(({ term }) => index.postingCount(index.termId(term))));
  const slots = new Int32Array(most);
  const frequencies = new Int32Array(most);
  const sessionFrequencies = new Float64Array(scores.sessions.length);
  for (const { term, weight, isPiece } of terms) {
    const count = keepVisible(view, {
      slots,
      frequencies,
      count: index.readPostings(index.termId(term), slots, frequencies),
    });
    const idf = inverseFrequency(view.size, count) * weight;
    scores.perfect += idf;
    const share = isPiece ? weights.pieces : 1;
    if (count > 0)
      addTerm(scores, { index, view, weights, slots, frequencies, sessionFrequencies, count, idf, weight, share });
  }
  return scores;
}

interface TermPostings {
  index: TurnIndex;
  view: RecallView;
  weights: RecallWeights;
  slots: Int32Array;
  frequencies: Int32Array;
  /** All 0 before and after. */
  sessionFrequencies: Float64Array;
  count: number;
  idf: number;
  weight: number;
  /** Of its score that neighbours and the session get. */
  share: number;
}

function addTerm(scores: LexicalScores, postings: TermPostings): void {
  const { index, view, weights, slots, frequencies, sessionFrequencies, count, idf, share } = postings;
  const averageLength = view.totalLength / view.size || 1;
  const { saturation, lengthNormalization } = weights;
  const sessions: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const slot = slots[at] ?? 0;
    const frequency = frequencies[at] ?? 0;
    const shortness = 1 - lengthNormalization + (lengthNormalization * index.lengthAt(slot)) / averageLength;
    const score = (idf * frequency * (saturation + 1)) / (frequency + saturation * shortness);
    scores.turns[slot] = (scores.turns[slot] ?? 0) + score;
    scores.spreading[slot] = (scores.spreading[slot] ?? 0) + share * score;
    const session = view.sessionOf(slot);
    if (sessionFrequencies[session] === 0) sessions.push(session);
    sessionFrequencies[session] = (sessionFrequencies[session] ?? 0) + frequency;
  }
  const sessionIdf = inverseFrequency(view.sessionLengths.length, sessions.length) * postings.weight * share;
  const averageSession = view.totalLength / view.sessionLengths.length || 1;
  const { sessionSaturation, sessionLengthNormalization } = weights;
  for (const session of sessions) {
    const frequency = sessionFrequencies[session] ?? 0;
    const length = (view.sessionLengths[session] ?? 0) / averageSession;
    const shortness = 1 - sessionLengthNormalization + sessionLengthNormalization * length;
    const score = (sessionIdf * frequency * (sessionSaturation + 1)) / (frequency + sessionSaturation * shortness);
    scores.sessions[session] = (scores.sessions[session] ?? 0) + score;
    sessionFrequencies[session] = 0;
  }
}

/** Moves the postings that the view sees to the front; returns how many they are. */
function keepVisible(
  view: RecallView,
  { slots, frequencies, count }: { slots: Int32Array; frequencies: Int32Array; count: number },
): number {
  const { sessions } = view.order;
  let kept = 0;
  for (let at = 0; at < count; at += 1) {
    const slot = slots[at] ?? 0;
    if ((sessions[slot] ?? -1) < 0) continue;
    slots[kept] = slot;
    frequencies[kept] = frequencies[at] ?? 0;
    kept += 1;
  }
  return kept;
}

function inverseFrequency(all: number, having: number): number {
  return Math.log(1 + (all - having + 0.5) / (having + 0.5));
}
