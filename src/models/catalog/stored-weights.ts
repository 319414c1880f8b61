import type { Source } from './catalog.ts';

/** One file or folder below `<cache>/weights`, known by its contents. */
export interface StoredWeights {
  form: 'file' | 'folder';
  /** Of a file; of a folder the digest of its tree (`hash-folder.ts`). */
  sha256: string;
  /** Of a folder: all its files together. */
  sizeBytes: number;
  /** Without a dot. Engines know some formats by it; `d` for folders. */
  extension: string;
}

/** What is to be fetched and from where. */
export interface FetchableWeights extends StoredWeights {
  /** For sentences: the model's name. */
  label: string;
  /** Tried in order. */
  sources: readonly Source[];
}

/** The weights of a chat model: one GGUF file. */
export function ggufWeights({ sha256, sizeBytes }: { sha256: string; sizeBytes: number }): StoredWeights {
  return { form: 'file', sha256, sizeBytes, extension: 'gguf' };
}
