/** A model that turns texts into vectors. Vectors are L2-normalised Float32Array of `dimensions`. */
export interface EmbeddingHandle {
  /** Stable name of model and weights, as `local:all-minilm-l6-v2` or `provider:ID/model`; vectors of another ref are not comparable. */
  ref: string;
  label: string;
  place: 'local' | 'provider' | 'scripted';
  dimensions: number;
  /** Tokens it reads of a text; the rest is cut. */
  maxTokens: number;
  /** BCP 47 primary tags it was made for; empty = any. */
  languages: readonly string[];
  /**
   * kind: e5-like models want "query: " / "passage: " before the text; done inside. Order kept; an empty text gives a
   * zero vector. Throws `UnavailableError` (retryable) when the engine is lost, `AbortedError` when the signal fires.
   */
  embed(texts: readonly string[], options: { kind: 'query' | 'passage'; signal: AbortSignal }): Promise<Float32Array[]>;
}
