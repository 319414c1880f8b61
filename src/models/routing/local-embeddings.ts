import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import type { EmbeddingDownloads, EmbeddingEntry } from '../catalog/embedding-catalog.ts';
import { transferBytes, type LocatedFiles } from '../catalog/file-set.ts';
import type { EmbeddingHandle } from '../spec/embedding-handle.ts';
import type { ChosenEmbedding, EmbeddingSource, UnchosenOffer } from './embedding-source.ts';

/** An engine in a child process; it loads when first asked and unloads by itself when it is idle. */
export interface LocalEmbeddingEngine extends AsyncDisposable {
  handle: EmbeddingHandle;
}

export interface LocalEmbeddingsOptions {
  downloads: Pick<EmbeddingDownloads, 'entries' | 'status' | 'locate'>;
  /** Makes the engine of an installed model. */
  createHost: (request: {
    entry: EmbeddingEntry;
    files: LocatedFiles;
    clock: Clock;
    logger: Logger;
  }) => LocalEmbeddingEngine;
  clock: Clock;
  logger: Logger;
}

const PREFIX = 'local:';

/** Embedding models that run on this computer. An engine is made when it is first asked for and stays until its model goes. */
export class LocalEmbeddings implements EmbeddingSource, AsyncDisposable {
  readonly #options: LocalEmbeddingsOptions;
  readonly #hosts = new Map<string, LocalEmbeddingEngine>();

  constructor(options: LocalEmbeddingsOptions) {
    this.#options = options;
  }

  async list(): Promise<UnchosenOffer[]> {
    const { downloads } = this.#options;
    const statuses = new Map((await downloads.status()).map((status) => [status.id, status]));
    return downloads.entries().flatMap((entry) => {
      const status = statuses.get(entry.id);
      if (!status) return [];
      const { state, receivedBytes, bytesPerSecond, etaInSeconds, source, error } = status;
      const { id, label, languages, licence, recommended } = entry;
      const progress = { state, receivedBytes, bytesPerSecond, etaInSeconds, source, error };
      const facts = { label, languages, licence, recommended, sizeBytes: transferBytes(entry) };
      return [
        { ref: `${PREFIX}${id}`, place: 'local' as const, modelId: id, providerName: null, ...facts, ...progress },
      ];
    });
  }

  async resolve({ ref }: ChosenEmbedding, signal: AbortSignal): Promise<EmbeddingHandle | null> {
    if (!ref.startsWith(PREFIX)) return null;
    const id = ref.slice(PREFIX.length);
    const { downloads, createHost, clock, logger } = this.#options;
    const entry = downloads.entries().find((one) => one.id === id);
    if (!entry || !(await this.#isInstalled(id))) {
      // Whoever removed the files by hand wants the memory too.
      await this.release(id);
      return null;
    }
    const known = this.#hosts.get(id);
    if (known) return known.handle;
    const files = await this.#locate(entry, signal);
    if (files === null) return null;
    const host = this.#hosts.get(id) ?? createHost({ entry, files, clock, logger });
    this.#hosts.set(id, host);
    return host.handle;
  }

  /** Before its files are removed: what waits for it ends. */
  async release(id: string): Promise<void> {
    const host = this.#hosts.get(id);
    this.#hosts.delete(id);
    await host?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#hosts.keys()].map((id) => this.release(id)));
  }

  async #isInstalled(id: string): Promise<boolean> {
    return (await this.#options.downloads.status()).some((status) => status.id === id && status.state === 'installed');
  }

  /** Null when the files are damaged or went this moment; the list then says so. */
  async #locate({ id }: EmbeddingEntry, signal: AbortSignal): Promise<LocatedFiles | null> {
    const { downloads, logger } = this.#options;
    try {
      return await downloads.locate(id, signal);
    } catch (error) {
      signal.throwIfAborted();
      logger.warn({ model: id, err: error }, 'an embedding model cannot be used');
      return null;
    }
  }
}
