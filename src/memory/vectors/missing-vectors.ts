import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ForbiddenWords } from '../recall-service.ts';
import type { PairMemory } from '../pair-memory.ts';
import { passageText } from '../recall/passage-text.ts';
import { hashOfText } from '../words-hash.ts';
import type { VectorStore } from './vector-store.ts';

/** Turns looked at before somebody else may go on. */
const PAGE = 400;
/** Pairs whose last look is remembered; the others are looked through anew. */
const MOST_PAIRS = 500;

/** A message that should have a vector and has none. */
export interface MissingVector {
  messageId: string;
  conversationId: string;
  /** What is embedded. */
  passage: string;
  /** Of the passage. */
  hash: string;
  at: number;
}

/** Where everything had its vector: slots from there on are new. */
interface Look {
  model: string;
  generation: number;
  slots: number;
}

/** Which messages of a pair have no vector of a model yet. After one whole look only what is new is looked at. */
export class MissingVectors {
  readonly #store: VectorStore;
  readonly #looks = new Map<string, Look>();

  constructor(store: VectorStore) {
    this.#store = store;
  }

  /** Newest first. Not of private conversations, and nothing that must not be remembered. */
  async of(
    memory: PairMemory,
    { model, forbidden }: { model: string; forbidden: ForbiddenWords },
  ): Promise<MissingVector[]> {
    const { index } = memory;
    const key = keyOf(memory);
    const look = this.#looks.get(key);
    const { generation, slotCount } = index;
    const isCurrent = look?.model === model && look.generation === generation;
    const counted = new Set(memory.view().conversationIds);
    const missing: MissingVector[] = [];
    for (let end = slotCount, least = isCurrent ? look.slots : 0; end > least; end -= PAGE) {
      const turns: Omit<MissingVector, 'hash'>[] = [];
      for (let slot = Math.max(least, end - PAGE); slot < end; slot += 1) {
        const turn = index.turnAt(slot);
        if (!turn || !counted.has(turn.conversationId) || forbidden.forbids(turn.id, turn.text)) continue;
        const { id, conversationId, at } = turn;
        turns.push({ messageId: id, conversationId, at, passage: passageText(turn) });
      }
      missing.push(...(await this.#withoutVector(turns, model)));
      await nextTurn();
    }
    if (missing.length === 0 && index.generation === generation)
      this.#remember(key, { model, generation, slots: slotCount });
    return missing.toSorted((one, other) => other.at - one.at);
  }

  /** The next look is a whole one: vectors were taken away, or what must not be remembered changed. */
  lookAgain(memory: PairMemory): void {
    this.#looks.delete(keyOf(memory));
  }

  async #withoutVector(turns: readonly Omit<MissingVector, 'hash'>[], model: string): Promise<MissingVector[]> {
    const hashes = await this.#store.hashesOf({ messageIds: turns.map(({ messageId }) => messageId), model });
    return turns.flatMap((turn) => {
      const hash = hashOfText(turn.passage);
      return hashes.get(turn.messageId) === hash ? [] : [{ ...turn, hash }];
    });
  }

  #remember(key: string, look: Look): void {
    this.#looks.delete(key);
    this.#looks.set(key, look);
    const oldest = this.#looks.keys().next().value;
    if (this.#looks.size > MOST_PAIRS && oldest !== undefined) this.#looks.delete(oldest);
  }
}

function keyOf({ pair }: PairMemory): string {
  return `${pair.ownerId} ${pair.characterId}`;
}
