import type { EmbeddingPlan } from './embedding-plan.ts';

/** Who waits: a query for a reply, a passage of a backlog. */
export type EmbeddingKind = 'query' | 'passage';

/** What the child is started with. The path is absolute. */
export interface EmbeddingStart {
  modelPath: string;
  plan: EmbeddingPlan;
}

export interface EmbeddingInfo {
  threads: number;
  engineVersion: string;
}

export interface EmbedParams {
  /** As the model wants them, prefix included; none is empty. */
  texts: string[];
  kind: EmbeddingKind;
}

/** Methods of the embedding child. A type, not an interface: it must satisfy an index signature. */
export type EmbeddingMethods = {
  /** The vectors one after the other, normalised. */
  embed: { params: EmbedParams; event: never; result: { vectors: Float32Array } };
};
