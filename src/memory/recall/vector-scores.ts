import type { RecallView } from './recall-view.ts';
import type { RecallWeights } from './recall-weights.ts';
import { gatherAround } from './signal-scores.ts';
import type { TurnIndex } from './turn-index.ts';

/** Rank from which on a cosine counts for nothing: what lies there is not about the question. Half of a small memory. */
const FLOOR_RANK = 120;
/** Cosines are told apart to this share, so that the rank is found without sorting them all. */
const STEPS = 4096;

/**
 * Cosines as shares between the floor (0) and the best (1), with a part of their neighbours', by slot. Cosines of
 * different models lie in different ranges; only their order and their distances in one list are used.
 */
export function scoreVectors(
  index: TurnIndex,
  {
    view,
    cosines,
    middleOfAll,
    weights,
  }: { view: RecallView; cosines: ReadonlyMap<string, number>; middleOfAll: number | null; weights: RecallWeights },
): Float64Array {
  const own = new Float64Array(index.slotCount);
  const counts = new Int32Array(STEPS + 1);
  const seen: [slot: number, cosine: number][] = [];
  let best = -1;
  for (const [id, cosine] of cosines) {
    const slot = index.slotOf(id);
    if (!view.sees(slot) || !Number.isFinite(cosine)) continue;
    seen.push([slot, cosine]);
    best = Math.max(best, cosine);
    counts[stepOf(cosine)] = (counts[stepOf(cosine)] ?? 0) + 1;
  }
  const rank = middleOfAll === null ? Math.min(FLOOR_RANK, Math.ceil(seen.length / 2)) : FLOOR_RANK;
  const floor = Math.max(cosineAt(rank, counts), middleOfAll ?? -1);
  const span = best - floor;
  if (span <= 0) return own;
  for (const [slot, cosine] of seen) if (cosine > floor) own[slot] = (cosine - floor) / span;
  const around = gatherAround(index, { view, scores: own, kernel: weights.vectorNeighbours });
  for (let slot = 0; slot < own.length; slot += 1) {
    own[slot] = weights.vector * ((own[slot] ?? 0) + (around[slot] ?? 0));
  }
  return own;
}

/** From -1 (0) to 1 (`STEPS`). */
function stepOf(cosine: number): number {
  return Math.max(0, Math.min(STEPS, Math.floor(((cosine + 1) / 2) * STEPS)));
}

/** The cosine that `rank` others reach, or the lowest there is. */
function cosineAt(rank: number, counts: Int32Array): number {
  let above = 0;
  let lowest = STEPS;
  for (let step = STEPS; step >= 0 && above < rank; step -= 1) {
    const here = counts[step] ?? 0;
    if (here > 0) lowest = step;
    above += here;
  }
  return (lowest / STEPS) * 2 - 1;
}
