import type { EmbeddingHandle } from '../spec/embedding-handle.ts';
import { NOTHING_TO_FETCH, type EmbeddingSource } from './embedding-source.ts';

/** The embedding models of a test's script. */
export function createScriptedEmbeddings(handles: readonly EmbeddingHandle[]): EmbeddingSource {
  return {
    list: async () =>
      handles.map(({ ref, label, place, languages }) => ({
        ...NOTHING_TO_FETCH,
        ref,
        label,
        place,
        languages: [...languages],
        providerName: null,
        licence: null,
      })),
    resolve: async ({ ref }) => handles.find((handle) => handle.ref === ref) ?? null,
  };
}
