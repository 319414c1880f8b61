import type { LexicalScores } from './lexical-scores.ts';
import type { RankedTurn } from './rank-turns.ts';
import type { ReadQuery } from './recall-query.ts';
import type { RecallView } from './recall-view.ts';
import type { RecallWeights } from './recall-weights.ts';
import type { TurnIndex } from './turn-index.ts';
import { ENDS_ASKING, TELLS_TIME } from './turn-traits.ts';

/** Words from which on a turn counts as long. */
const LONG = 50;

interface SignalOptions {
  view: RecallView;
  query: ReadQuery;
  lexical: LexicalScores;
  weights: RecallWeights;
  /** By slot, 0 where a turn has none; already weighed. */
  vectors: Float64Array | null;
}

/** Brings the words of a turn, of those around it and of its session together with who said it, how, and when. */
export class SignalScores {
  readonly #index: TurnIndex;
  readonly #options: SignalOptions;
  readonly #around: Float64Array;
  readonly #scale: number;

  constructor(index: TurnIndex, options: SignalOptions) {
    this.#index = index;
    this.#options = options;
    const { view, lexical, weights } = options;
    this.#around = gatherAround(index, { view, scores: lexical.turns, kernel: weights.neighbours });
    this.#scale = 1 / (lexical.perfect || 1);
  }

  /** 0 for turns that may not be seen, and for those that nothing speaks for. */
  totalOf(slot: number): number {
    const { view, lexical, weights, vectors } = this.#options;
    const session = view.sessionOf(slot);
    if (session < 0) return 0;
    const words =
      (lexical.turns[slot] ?? 0) + (this.#around[slot] ?? 0) + weights.session * (lexical.sessions[session] ?? 0);
    const all = words * this.#scale + (vectors?.[slot] ?? 0);
    return all === 0 ? 0 : all * (this.#shapeOf(slot) + this.#speakerOf(slot) + this.#timeOf(slot));
  }

  partsOf(slot: number): RankedTurn['parts'] {
    const { view, lexical, weights, vectors } = this.#options;
    const own = (lexical.turns[slot] ?? 0) * this.#scale;
    const around = (this.#around[slot] ?? 0) * this.#scale;
    const session = weights.session * (lexical.sessions[view.sessionOf(slot)] ?? 0) * this.#scale;
    const vector = vectors?.[slot] ?? 0;
    const all = own + around + session + vector;
    const shape = this.#shapeOf(slot);
    return {
      lexical: own * shape,
      neighbours: around * shape,
      session: session * shape,
      names: all * this.#speakerOf(slot),
      time: all * this.#timeOf(slot),
      vector: vector * shape,
    };
  }

  #shapeOf(slot: number): number {
    const { length, asking } = this.#options.weights;
    const share = Math.min(1, Math.log(1 + this.#index.lengthAt(slot)) / Math.log(1 + LONG));
    return 1 + length * share - ((this.#index.traitsAt(slot) & ENDS_ASKING) === 0 ? 0 : asking);
  }

  #speakerOf(slot: number): number {
    return this.#options.query.speakers.get(this.#index.turnAt(slot)?.speaker ?? '') ?? 0;
  }

  #timeOf(slot: number): number {
    const { query, weights } = this.#options;
    return query.asksWhen && (this.#index.traitsAt(slot) & TELLS_TIME) !== 0 ? weights.tellsTime : 0;
  }
}

/** What each turn gets of the scores of those 1, 2, 3 … turns before and after it in its session. */
export function gatherAround(
  index: TurnIndex,
  { view, scores, kernel }: { view: RecallView; scores: Float64Array; kernel: readonly number[] },
): Float64Array {
  const gathered = new Float64Array(index.slotCount);
  for (let slot = 0; slot < index.slotCount; slot += 1) {
    const session = view.sessionOf(slot);
    if (session < 0) continue;
    let before = slot;
    let after = slot;
    let sum = 0;
    for (const share of kernel) {
      before = before < 0 ? before : view.previousOf(before);
      after = after < 0 ? after : view.nextOf(after);
      if (before >= 0 && view.sessionOf(before) === session) sum += share * (scores[before] ?? 0);
      if (after >= 0 && view.sessionOf(after) === session) sum += share * (scores[after] ?? 0);
    }
    gathered[slot] = sum;
  }
  return gathered;
}
