import type { MemoryUse } from '../../contract/memory.ts';
import type { LivingView } from './pair-memory.ts';
import type { Pair } from './pair-view.ts';
import { rankTurns } from './recall/rank-turns.ts';
import type { RecallTurn } from './recall/turn-index.ts';
import type { VectorMatches } from './vectors/vector-search.ts';

/** Vectors of what was said; null where there is no embedding model, or it did not answer in time. */
export interface VectorRecall {
  /** Cosine of the messages nearest in meaning among those `allowed`, at most `limit`. */
  similar(query: {
    pair: Pair;
    conversationIds: readonly string[];
    allowed: (messageId: string) => boolean;
    text: string;
    limit: number;
    /** True in a call, where every wait is heard. */
    spoken: boolean;
    signal: AbortSignal;
  }): Promise<VectorMatches | null>;
}

/** Messages and words that must never be remembered. */
export interface ForbiddenWords {
  forbids(messageId: string, text: string): boolean;
}

export interface RecallRequest {
  pair: Pair;
  view: LivingView;
  /** The last human turn with weight 1 first, what was said before it with less. */
  texts: readonly { text: string; speaker?: string; weight: number }[];
  /** Messages that the model sees anyway. */
  exclude: { has(messageId: string): boolean };
  forbidden: ForbiddenWords;
  names: readonly string[];
  /** Epoch milliseconds, and the IANA name of the person's time zone. */
  now: number;
  timeZone: string;
  limit: number;
  /** True in a call, where every wait is heard. */
  spoken?: boolean;
  signal: AbortSignal;
}

/** A message that was found, with the one beside it that belongs to it. */
export interface Passage {
  turn: Readonly<RecallTurn>;
  /** What was answered to a person's words, or what the character answered to. */
  neighbour: Readonly<RecallTurn> | null;
  score: number;
  parts: MemoryUse['parts'];
  /** Words of the query that were found. */
  words: string[];
}

export interface Recalled {
  passages: Passage[];
  mode: 'lexical' | 'hybrid';
}

/** Nearest vectors that are asked for; the ranking looks at about half of them. */
const MOST_VECTORS = 250;

/** Finds what was said. */
export class RecallService {
  readonly #vectors: VectorRecall | null;

  constructor({ vectors }: { vectors: VectorRecall | null }) {
    this.#vectors = vectors;
  }

  async recall(request: RecallRequest): Promise<Recalled> {
    const { view, texts, exclude, forbidden, names, now, timeZone, limit } = request;
    if (texts.every(({ text }) => text.trim() === '')) return { passages: [], mode: 'lexical' };
    const vectors = await this.#similar(request);
    const ranked = rankTurns(view.index, {
      view: view.recall(),
      query: { texts, now, timeZone, names },
      exclude,
      vectors: vectors?.cosines ?? null,
      middleOfVectors: vectors?.middle ?? null,
      limit,
    });
    const passages: Passage[] = [];
    // A message that stands beside one found before is told with that one.
    const told = new Set<string>();
    const mayBeTold = ({ id, text }: Readonly<RecallTurn>): boolean =>
      !told.has(id) && !exclude.has(id) && !forbidden.forbids(id, text);
    for (const { id, score, parts, words } of ranked) {
      const turn = view.index.get(id);
      if (!turn || !mayBeTold(turn)) continue;
      told.add(id);
      const beside = neighbourOf(turn, view);
      const neighbour = beside && mayBeTold(beside) ? beside : null;
      if (neighbour) told.add(neighbour.id);
      passages.push({ turn, neighbour, score, parts, words });
    }
    return { passages, mode: vectors ? 'hybrid' : 'lexical' };
  }

  async #similar({ pair, view, texts, exclude, spoken = false, signal }: RecallRequest): Promise<VectorMatches | null> {
    const text = texts[0]?.text ?? '';
    if (!this.#vectors || text.trim() === '') return null;
    return this.#vectors.similar({
      pair,
      conversationIds: view.conversationIds,
      allowed: (id) => view.includes(id) && !exclude.has(id),
      text,
      limit: MOST_VECTORS,
      spoken,
      signal,
    });
  }
}

/** On the same path: after a person's words the answer, before a character's the question. */
function neighbourOf(turn: Readonly<RecallTurn>, view: LivingView): Readonly<RecallTurn> | null {
  const seen = view.recall();
  const slot = view.index.slotOf(turn.id);
  const neighbour = view.index.turnAt(turn.byHuman ? seen.nextOf(slot) : seen.previousOf(slot));
  return neighbour && neighbour.byHuman !== turn.byHuman ? neighbour : null;
}
