import { unbilled } from '../../tests/support/unbilled.ts';
import type { EmbeddingDirectory } from '../../src/models/routing/embedding-directory.ts';
import type { EmbeddingHandle } from '../../src/models/spec/embedding-handle.ts';
import { DIMENSIONS, type TopicVectors } from './long-life.ts';

export const BENCH_MODEL = 'bench:topics';

/** A model that has an answer at once: what is measured is the search, not the model. */
export function benchEmbeddings(vectors: TopicVectors): EmbeddingDirectory {
  let asked = 0;
  const handle: EmbeddingHandle = {
    ref: BENCH_MODEL,
    label: 'Topics',
    place: 'scripted',
    dimensions: DIMENSIONS,
    maxTokens: 512,
    languages: [],
    embed: async (texts) => texts.map(() => vectors.about((asked += 7))),
  };
  return {
    current: async () => unbilled(handle),
    resolve: async (ref) => (ref === BENCH_MODEL ? unbilled(handle) : null),
    onChange: () => ({ [Symbol.dispose]: () => undefined }),
    list: async () => [],
    choose: async () => undefined,
  };
}
