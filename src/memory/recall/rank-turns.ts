import { BestTurns } from './best-turns.ts';
import type { Candidate } from './best-turns.ts';
import { scoreLexically } from './lexical-scores.ts';
import { isNearDuplicate } from './near-duplicates.ts';
import { readQuery } from './recall-query.ts';
import type { ReadQuery, RecallQuery } from './recall-query.ts';
import { recallTerms } from './recall-terms.ts';
import type { RecallView } from './recall-view.ts';
import { defaultRecallWeights } from './recall-weights.ts';
import type { RecallWeights } from './recall-weights.ts';
import { SignalScores } from './signal-scores.ts';
import { TimeWindows } from './time-windows.ts';
import type { TurnIndex } from './turn-index.ts';
import { scoreVectors } from './vector-scores.ts';

export interface RankedTurn {
  id: string;
  /** Sum of the parts; comparable between queries: a turn with every word of the query once has about 1. */
  score: number;
  parts: { lexical: number; neighbours: number; session: number; names: number; time: number; vector: number };
  /** Words of the query that stand in the turn, as written in the query. */
  words: string[];
}

export interface RankOptions {
  /** What may be seen. */
  view: RecallView;
  query: RecallQuery;
  /** Ids of turns that are in the prompt already. */
  exclude: { has(id: string): boolean };
  /** Cosine of turns with the query, of the view's turns only; null without an embedding model. */
  vectors: ReadonlyMap<string, number> | null;
  /** The cosine that half of the view's turns lie below, where `vectors` are only the nearest; else it is theirs. */
  middleOfVectors?: number | null;
  limit: number;
  weights?: RecallWeights;
}

/** Candidates that are kept for each result, so that near-duplicates can leave. */
const SPARE = 2;
/** Candidates whose own words are searched for times when the query names one. */
const TIMED = 200;

/**
 * The turns of a view that most likely hold what the query asks for, best first; pure, and the same for any index with
 * the same turns, whatever way it came to hold them.
 */
export function rankTurns(index: TurnIndex, options: RankOptions): RankedTurn[] {
  const { view, exclude, limit, weights = defaultRecallWeights } = options;
  if (view.size === 0 || limit <= 0) return [];
  const query = readQuery(options.query, { speakers: view.speakers, weights });
  const lexical = scoreLexically(index, { view, terms: query.terms, weights });
  const vectors =
    options.vectors &&
    scoreVectors(index, { view, cosines: options.vectors, middleOfAll: options.middleOfVectors ?? null, weights });
  const windows = new TimeWindows(options.query.texts[0]?.text ?? '', {
    now: options.query.now,
    timeZone: options.query.timeZone,
    told: index.toldTimes,
  });
  const signals = new SignalScores(index, { view, query, lexical, weights, vectors, windows });
  if (!windows.isEmpty) signals.readTimes(bestOf(index, { signals, exclude, limit: TIMED }).map(({ slot }) => slot));
  const candidates = bestOf(index, { signals, exclude, limit: limit * (SPARE + 1) });
  return withoutDuplicates(index, { candidates, query, signals, limit });
}

function bestOf(
  index: TurnIndex,
  { signals, exclude, limit }: { signals: SignalScores; exclude: RankOptions['exclude']; limit: number },
): Candidate[] {
  const best = new BestTurns(limit, (a, b) => isWorse(index, a, b));
  for (let slot = 0; slot < index.slotCount; slot += 1) {
    const most = signals.mostOf(slot);
    if (most === 0 || most < best.worst) continue;
    const score = signals.totalOf(slot);
    if (score > 0 && score >= best.worst && !exclude.has(index.turnAt(slot)?.id ?? '')) best.offer(slot, score);
  }
  return best.sorted();
}

/** Of equal scores the newer turn is better, then the greater id: nothing depends on where a turn lies in the index. */
function isWorse(index: TurnIndex, a: Candidate, b: Candidate): boolean {
  if (a.score !== b.score) return a.score < b.score;
  const [turnA, turnB] = [index.turnAt(a.slot), index.turnAt(b.slot)];
  if (!turnA || !turnB) return !turnA;
  return turnA.at === turnB.at ? turnA.id < turnB.id : turnA.at < turnB.at;
}

function withoutDuplicates(
  index: TurnIndex,
  {
    candidates,
    query,
    signals,
    limit,
  }: { candidates: Candidate[]; query: ReadQuery; signals: SignalScores; limit: number },
): RankedTurn[] {
  const ranked: RankedTurn[] = [];
  const chosen: ReadonlySet<string>[] = [];
  for (const { slot, score } of candidates) {
    if (ranked.length === limit) break;
    const turn = index.turnAt(slot);
    if (!turn) continue;
    const terms = new Set(recallTerms(turn.text).map(({ term }) => term));
    if (chosen.some((other) => isNearDuplicate(terms, other))) continue;
    chosen.push(terms);
    ranked.push({ id: turn.id, score, parts: signals.partsOf(slot), words: matchedWords(query, terms) });
  }
  return ranked;
}

/** Terms of the query that the turn has; those that overlap in the query (pairs of Han characters) are told as one. */
function matchedWords(query: ReadQuery, terms: ReadonlySet<string>): string[] {
  const matched = query.terms
    .filter(({ term }) => terms.has(term))
    .toSorted((a, b) => a.source - b.source || a.start - b.start || b.end - a.end);
  const runs: { source: number; start: number; end: number }[] = [];
  for (const { source, start, end } of matched) {
    const last = runs.at(-1);
    if (last?.source === source && start < last.end) last.end = Math.max(last.end, end);
    else runs.push({ source, start, end });
  }
  return [...new Set(runs.map(({ source, start, end }) => query.sources[source]?.slice(start, end) ?? ''))];
}
