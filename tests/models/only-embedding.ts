import { unbilled } from '../support/unbilled.ts';
import type { EmbeddingHost } from '../../src/models/embedding/embedding-host.ts';
import type { EmbeddingDirectory } from '../../src/models/routing/embedding-directory.ts';

/** A house with one embedding model, which is chosen. */
export function directoryOf({ handle }: EmbeddingHost): EmbeddingDirectory {
  return {
    current: async () => unbilled(handle),
    resolve: async (ref) => (ref === handle.ref ? unbilled(handle) : null),
    onChange: () => ({ [Symbol.dispose]: () => undefined }),
    list: async () => [],
    choose: async () => undefined,
  };
}
