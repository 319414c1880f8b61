import type { EmbeddingDirectory } from '../../models/routing/embedding-directory.ts';
import type { BillableEmbedding } from '../../models/spec/embedding-handle.ts';
import type { Pair } from '../pair-view.ts';
import type { VectorStore } from './vector-store.ts';

/** Pairs whose model is remembered. */
const MOST_PAIRS = 500;

/** Which model's vectors answer for a pair. */
export class ServingModel {
  readonly #directory: EmbeddingDirectory;
  readonly #store: VectorStore;
  /** Models that the pair has vectors of. */
  readonly #models = new Map<string, readonly string[]>();

  constructor({ directory, store }: { directory: EmbeddingDirectory; store: VectorStore }) {
    this.#directory = directory;
    this.#store = store;
  }

  /**
   * The chosen one; while messages are still being embedded with it, the one before, as long as that is here. Null when
   * none is chosen, or none is here that the pair has vectors of.
   */
  async of(
    pair: Pair,
    { conversationIds, signal }: { conversationIds: readonly string[]; signal: AbortSignal },
  ): Promise<BillableEmbedding | null> {
    const chosen = await this.#directory.current(signal);
    if (!chosen) return null;
    const models = await this.#modelsOf(pair, conversationIds);
    for (const ref of models) {
      if (ref === chosen.ref) continue;
      const before = await this.#directory.resolve(ref, signal);
      if (before) return before;
    }
    return models.includes(chosen.ref) ? chosen : null;
  }

  /** After vectors of the pair came or went. */
  changed({ ownerId, characterId }: Pair): void {
    this.#models.delete(`${ownerId} ${characterId}`);
  }

  /** The one with the most vectors first. */
  async #modelsOf({ ownerId, characterId }: Pair, conversationIds: readonly string[]): Promise<readonly string[]> {
    const key = `${ownerId} ${characterId}`;
    const known = this.#models.get(key);
    if (known) return known;
    const counts = await this.#store.countByModel(conversationIds);
    const models = [...counts].toSorted(([, a], [, b]) => b - a).map(([model]) => model);
    this.#models.set(key, models);
    const oldest = this.#models.keys().next().value;
    if (this.#models.size > MOST_PAIRS && oldest !== undefined) this.#models.delete(oldest);
    return models;
  }
}
