import type { EmbeddingOffer } from '../../../contract/embeddings.ts';
import type { BillableEmbedding } from '../spec/embedding-handle.ts';

export type { EmbeddingOffer };

/** One name for every model that turns texts into vectors, of this computer or a provider's. */
export interface EmbeddingDirectory<Found = BillableEmbedding> {
  /** The one in use; null = none is here, and recall is lexical only. Never downloads. */
  current(signal: AbortSignal): Promise<Found | null>;
  /** One by its ref, for queries on vectors that are still those of the model before; null = it is not here any more. */
  resolve(ref: string, signal: AbortSignal): Promise<Found | null>;
  /** Called when the choice or its presence changed. */
  onChange(listener: () => void): Disposable;
  /** Every one there is, installed or not. */
  list(): Promise<EmbeddingOffer[]>;
  /**
   * `ref` of an offer; null = none, recall stays lexical. Throws `NotFoundError` (`model-unknown`), and what a provider
   * says when it is asked for a first vector.
   */
  choose(ref: string | null): Promise<void>;
}
