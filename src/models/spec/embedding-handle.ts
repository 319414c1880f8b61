import type { Bill } from '../billing/bill.ts';

/** What is known of a model that turns texts into vectors. Vectors are L2-normalised Float32Array of `dimensions`. */
export interface EmbeddingFacts {
  /** Stable name of model and weights, as `local:all-minilm-l6-v2` or `provider:ID/model`; vectors of another ref are not comparable. */
  ref: string;
  label: string;
  place: 'local' | 'provider' | 'scripted';
  dimensions: number;
  /** Tokens it reads of a text; the rest is cut. */
  maxTokens: number;
  /** BCP 47 primary tags it was made for; empty = any. */
  languages: readonly string[];
}

/** A model of vectors to be asked. */
export interface EmbeddingHandle extends EmbeddingFacts {
  /**
   * kind: e5-like models want "query: " / "passage: " before the text; done inside. Order kept; an empty text gives a
   * zero vector. Throws `UnavailableError` (retryable) when the engine is lost, `AbortedError` when the signal fires.
   */
  embed(texts: readonly string[], options: { kind: 'query' | 'passage'; signal: AbortSignal }): Promise<Float32Array[]>;
}

/** A model of vectors as the house offers it: it can be asked once it is said who pays. */
export interface BillableEmbedding extends EmbeddingFacts {
  billed(bill: Bill): EmbeddingHandle;
}
