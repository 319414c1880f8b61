import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { NotFoundError } from '../../src/base/errors.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { loadEmbeddingCatalog } from '../../src/models/catalog/embedding-catalog.ts';
import { createFileSetDownloads } from '../../src/models/catalog/file-set-downloads.ts';
import { createEmbeddingHost } from '../../src/models/embedding/embedding-host.ts';
import { convertMiniLm } from '../../src/models/embedding/minilm-gguf.ts';
import { VectorCache } from './vector-cache.ts';

export interface OpenEmbedding extends AsyncDisposable {
  ref: string;
  cache: VectorCache;
}

/** The embedding model of this computer that is named, or the best one that is installed; nothing is fetched. */
export async function openEmbedding({
  model,
  cacheDirectory,
  signal,
}: {
  model: string | undefined;
  cacheDirectory: string;
  signal: AbortSignal;
}): Promise<OpenEmbedding> {
  const catalog = await loadEmbeddingCatalog();
  const { env: environment } = process;
  const converters = { 'minilm-gguf': convertMiniLm };
  await using downloads = createFileSetDownloads({ catalog, cacheDirectory, environment, converters });
  const known = catalog.entries.filter(({ id }) => model === undefined || id === model);
  for (const entry of known) {
    if ((await downloads.statusOf(entry.id)).state !== 'installed') continue;
    const files = await downloads.locate(entry.id, signal);
    const host = createEmbeddingHost({ entry, files, clock: systemClock, logger: silentLogger() });
    const cache = await VectorCache.open(host.handle, join(cacheDirectory, 'eval-vectors'));
    return { ref: host.handle.ref, cache, [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() };
  }
  const ids = catalog.entries.map(({ id }) => id).join(', ');
  throw new NotFoundError(
    known.length === 0
      ? `There is no embedding model “${model}”; there are: ${ids}.`
      : `No embedding model is installed (${ids}). Fetch one in the settings, under Memory, or measure with --mode lexical.`,
    { code: 'embedding-missing' },
  );
}
