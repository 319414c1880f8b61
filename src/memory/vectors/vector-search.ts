/** Vectors near a query. */
export interface VectorMatches {
  /** Cosine by message, of those that may be seen, the nearest first. */
  cosines: ReadonlyMap<string, number>;
  /** The cosine that half of all that may be seen lies below, about; null where there is none. */
  middle: number | null;
}

export interface VectorQuery {
  conversationIds: readonly string[];
  model: string;
  query: Int8Array;
  /** Cosines that are returned at most. */
  limit: number;
  /** What may be seen. It is asked before anything is cut off, so what may not be seen takes nobody's place. */
  allowed: (messageId: string) => boolean;
}

/** Finds vectors of messages that point the same way as a query. */
export interface VectorSearch {
  search(query: VectorQuery): Promise<VectorMatches>;
  /** Reads what a later search needs. */
  prepare(of: Pick<VectorQuery, 'conversationIds' | 'model'>): Promise<void>;
}

/** Vectors by which the middle of all is told. */
export const SAMPLE_SIZE = 200;

/** The value that half of them lie below; null of none. */
export function medianOf(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}

/** The nearest first, and of equal ones the greater id. */
export function nearestFirst(cosines: ReadonlyMap<string, number>, limit: number): Map<string, number> {
  const sorted = [...cosines].toSorted(([idA, a], [idB, b]) => b - a || (idA < idB ? 1 : -1));
  return new Map(sorted.slice(0, limit));
}
