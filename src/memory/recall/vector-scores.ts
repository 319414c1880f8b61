import type { RecallView } from './recall-view.ts';
import type { RecallWeights } from './recall-weights.ts';
import { gatherAround } from './signal-scores.ts';
import type { TurnIndex } from './turn-index.ts';

/** Cosines as shares between the middle of all (0) and the best (1), with a part of their neighbours', by slot. */
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
  const seen: { slot: number; cosine: number }[] = [];
  for (const [id, cosine] of cosines) {
    const slot = index.slotOf(id);
    if (view.sees(slot)) seen.push({ slot, cosine });
  }
  const sorted = seen.map(({ cosine }) => cosine).toSorted((a, b) => a - b);
  const middle = middleOfAll ?? sorted[Math.floor(sorted.length / 2)] ?? 0;
  const span = (sorted.at(-1) ?? 0) - middle;
  if (span <= 0) return own;
  for (const { slot, cosine } of seen) own[slot] = Math.max(0, (cosine - middle) / span);
  const around = gatherAround(index, { view, scores: own, kernel: weights.vectorNeighbours });
  return own.map((value, slot) => weights.vector * (value + (around[slot] ?? 0)));
}
