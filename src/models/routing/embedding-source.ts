import type { EmbeddingOffer } from '../../../contract/embeddings.ts';
import type { EmbeddingHandle } from '../spec/embedding-handle.ts';

/** An offer as its source knows it: nobody has chosen yet. */
export type UnchosenOffer = Omit<EmbeddingOffer, 'chosen'>;

/** Where embedding models come from. */
export interface EmbeddingSource {
  list(): Promise<UnchosenOffer[]>;
  /** Null when the ref is another source's, or the model is not here (any more). Never downloads, never asks anybody. */
  resolve(choice: ChosenEmbedding, signal: AbortSignal): Promise<EmbeddingHandle | null>;
  /** The length of a model's vectors where only the model itself can say; null where it is known, or another's. */
  probe?(ref: string, signal: AbortSignal): Promise<{ dimensions: number } | null>;
}

/** `dimensions` of a provider's, as its first answer had them; null of all others. */
export interface ChosenEmbedding {
  ref: string;
  dimensions: number | null;
}

/** Of an offer for which nothing is fetched. */
export const NOTHING_TO_FETCH = {
  modelId: null,
  recommended: false,
  sizeBytes: 0,
  state: 'installed',
  receivedBytes: 0,
  bytesPerSecond: null,
  etaInSeconds: null,
  source: null,
  error: null,
} as const;
