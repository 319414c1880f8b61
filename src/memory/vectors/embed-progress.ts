import type { EmbeddingDirectory } from '../../models/routing/embedding-directory.ts';
import type { HousePairMemories } from '../pair-memories.ts';
import type { Pair } from '../pair-view.ts';
import type { ForbiddenWords } from '../recall-service.ts';
import type { MissingVectors } from './missing-vectors.ts';

export interface EmbedProgressOptions {
  directory: EmbeddingDirectory;
  memories: HousePairMemories;
  missing: MissingVectors;
  rules: (pair: Pair) => Promise<ForbiddenWords>;
}

/** How far a pair's messages have vectors. */
export class EmbedProgress {
  readonly #options: EmbedProgressOptions;

  constructor(options: EmbedProgressOptions) {
    this.#options = options;
  }

  /** `embedding`: the chosen model's label; `toEmbed`: messages without its vector. Both null where recall is by words. */
  async of(pair: Pair, signal: AbortSignal): Promise<{ embedding: string | null; toEmbed: number | null }> {
    const { directory, memories, missing, rules } = this.#options;
    const handle = await directory.current(signal);
    if (!handle) return { embedding: null, toEmbed: null };
    const memory = await memories.open(pair);
    const left = await missing.of(memory, { model: handle.ref, forbidden: await rules(pair) });
    return { embedding: handle.label, toEmbed: left.length };
  }
}
