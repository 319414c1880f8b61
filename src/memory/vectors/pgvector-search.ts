import type { PgvectorStore } from './pgvector-store.ts';
import { SAMPLE_SIZE, medianOf, type VectorMatches, type VectorQuery, type VectorSearch } from './vector-search.ts';

/** Searches where the vectors are: nothing is held in this process, and it stays free meanwhile. */
export class PgvectorSearch implements VectorSearch {
  readonly #store: PgvectorStore;

  constructor(store: PgvectorStore) {
    this.#store = store;
  }

  async search({ limit, allowed, ...of }: VectorQuery): Promise<VectorMatches> {
    const cosines = new Map<string, number>();
    // Most of what there is may be seen; where it may not, more is fetched until enough may.
    let portion = limit + Math.ceil(limit / 4);
    for (let offset = 0; cosines.size < limit;) {
      const page = await this.#store.nearest({ ...of, offset, limit: portion });
      for (const { messageId, cosine } of page) {
        if (cosines.size < limit && allowed(messageId)) cosines.set(messageId, cosine);
      }
      if (page.length < portion) return { cosines, middle: medianOf([...cosines.values()]) };
      offset += portion;
      portion *= 2;
    }
    return { cosines, middle: await this.#middle({ ...of, allowed }) };
  }

  async prepare(): Promise<void> {
    // Nothing is kept here.
  }

  async #middle({ allowed, ...of }: Omit<VectorQuery, 'limit'>): Promise<number | null> {
    const count = await this.#store.count(of);
    const step = Math.max(1, Math.floor(count / SAMPLE_SIZE));
    const sample = await this.#store.sample({ ...of, step });
    return medianOf(sample.filter(({ messageId }) => allowed(messageId)).map(({ cosine }) => cosine));
  }
}
