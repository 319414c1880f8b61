import type { LexicalScores } from './lexical-scores.ts';
import type { RankedTurn } from './rank-turns.ts';
import type { ReadQuery } from './recall-query.ts';
import type { RecallView } from './recall-view.ts';
import type { RecallWeights } from './recall-weights.ts';
import type { TimeWindows } from './time-windows.ts';
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
  /** Times that the query names. */
  windows: TimeWindows;
}

/** Brings the words of a turn, of those around it and of its session together with who said it, how, and when. */
export class SignalScores {
  readonly #index: TurnIndex;
  readonly #options: SignalOptions;
  readonly #around: Float64Array;
  readonly #scale: number;
  /** The most that a turn's substance can be multiplied with, and the most that time alone can count. */
  readonly #mostShare: number;
  readonly #mostTime: number;
  /** How well what a turn tells fits the query's times, for the slots that were looked at. */
  readonly #told = new Map<number, number>();

  constructor(index: TurnIndex, options: SignalOptions) {
    this.#index = index;
    this.#options = options;
    const { view, lexical, weights } = options;
    this.#around = gatherAround(index, { view, scores: lexical.spreading, kernel: weights.neighbours });
    this.#scale = 1 / (lexical.perfect || 1);
    const mostFit = options.windows.isEmpty ? 0 : weights.saidInTime + weights.tellsOfTime;
    const mostSpeaker = Math.max(0, ...options.query.speakers.values());
    this.#mostShare = 1 + weights.length + mostSpeaker + weights.tellsTime + mostFit;
    this.#mostTime = weights.time * mostFit;
  }

  /** Looks at the times that these turns tell of; the others are judged by when they were said. */
  readTimes(slots: readonly number[]): void {
    for (const slot of slots) {
      const turn = this.#index.turnAt(slot);
      if (!turn || (this.#index.traitsAt(slot) & TELLS_TIME) === 0) continue;
      const fit = this.#options.windows.toldIn(turn);
      if (fit > 0) this.#told.set(slot, fit);
    }
  }

  /** What speaks for a turn by its words, those around it, its session and its vector; 0 when it may not be seen. */
  #substanceOf(slot: number): number {
    const { view, lexical, weights, vectors } = this.#options;
    const session = view.sessionOf(slot);
    if (session < 0) return 0;
    const words =
      (lexical.turns[slot] ?? 0) + (this.#around[slot] ?? 0) + weights.session * (lexical.sessions[session] ?? 0);
    return words * this.#scale + (vectors?.[slot] ?? 0);
  }

  /** Never less than `totalOf`, and quickly known: most turns need no closer look. */
  mostOf(slot: number): number {
    return this.#substanceOf(slot) * this.#mostShare + this.#mostTime;
  }

  /** 0 for turns that may not be seen, and for those that nothing speaks for. */
  totalOf(slot: number): number {
    if (!this.#options.view.sees(slot)) return 0;
    const substance = this.#substanceOf(slot);
    const fit = this.#fitOf(slot);
    if (substance === 0 && fit === 0) return 0;
    const share = this.#shapeOf(slot) + this.#speakerOf(slot) + this.#timeOf(slot) + fit;
    return substance * share + this.#options.weights.time * fit;
  }

  partsOf(slot: number): RankedTurn['parts'] {
    const { view, lexical, weights, vectors } = this.#options;
    const own = (lexical.turns[slot] ?? 0) * this.#scale;
    const around = (this.#around[slot] ?? 0) * this.#scale;
    const session = weights.session * (lexical.sessions[view.sessionOf(slot)] ?? 0) * this.#scale;
    const vector = vectors?.[slot] ?? 0;
    const all = own + around + session + vector;
    const shape = this.#shapeOf(slot);
    const fit = this.#fitOf(slot);
    return {
      lexical: own * shape,
      neighbours: around * shape,
      session: session * shape,
      names: all * this.#speakerOf(slot),
      time: all * (this.#timeOf(slot) + fit) + weights.time * fit,
      vector: vector * shape,
    };
  }

  /** How well a turn fits the times that the query names. */
  #fitOf(slot: number): number {
    const { windows, weights } = this.#options;
    const turn = windows.isEmpty ? undefined : this.#index.turnAt(slot);
    if (!turn) return 0;
    return weights.saidInTime * windows.saidIn(turn.at) + weights.tellsOfTime * (this.#told.get(slot) ?? 0);
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
  const { previous, next, sessions } = view.order;
  for (let slot = 0; slot < gathered.length; slot += 1) {
    const session = sessions[slot] ?? -1;
    if (session < 0) continue;
    let before = slot;
    let after = slot;
    let sum = 0;
    for (const share of kernel) {
      if (before >= 0) before = previous[before] ?? -1;
      if (after >= 0) after = next[after] ?? -1;
      if (before >= 0 && sessions[before] === session) sum += share * (scores[before] ?? 0);
      if (after >= 0 && sessions[after] === session) sum += share * (scores[after] ?? 0);
    }
    gathered[slot] = sum;
  }
  return gathered;
}
