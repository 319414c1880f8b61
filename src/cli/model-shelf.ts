import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../client/create-client.ts';
import type { CatalogModel } from '../../contract/models.ts';
import { UnavailableError } from '../base/errors.ts';
import type { Config } from '../config/config.ts';
import { loadCatalog, unknownModelError } from '../models/catalog/catalog.ts';
import { createDownloads, type Downloads } from '../models/catalog/downloads.ts';
import type { CliContext } from './cli-context.ts';
import { findRunningHouse } from './connect.ts';

const LOOK_EVERY_MS = 500;

export type FetchState = Pick<
  CatalogModel,
  'id' | 'label' | 'state' | 'receivedBytes' | 'sizeBytes' | 'bytesPerSecond' | 'etaInSeconds' | 'source'
>;

/**
 * The weights of this person, changed through the running server, or at first hand where none runs: they lie in the
 * cache folder and belong to no data folder, so a long download keeps nobody from starting the house.
 */
export interface ModelShelf extends AsyncDisposable {
  installed(signal: AbortSignal): Promise<string[]>;
  /** False when the model was here already. Resolves when its weights are in their place. */
  pull(id: string, options: { onProgress: (state: FetchState) => void; signal: AbortSignal }): Promise<boolean>;
  /** `path` is absolute. */
  add(path: string, signal: AbortSignal): Promise<{ id: string; label: string }>;
  remove(id: string, signal: AbortSignal): Promise<void>;
  verify(id: string, signal: AbortSignal): Promise<boolean>;
}

export async function openModelShelf(
  context: CliContext,
  { config, signal }: { config: Config; signal: AbortSignal },
): Promise<ModelShelf> {
  const running = await findRunningHouse(config.dataDirectory, signal);
  if (running && !running.passing) return new HouseShelf(running.client);
  const downloads = createDownloads({
    catalog: await loadCatalog(),
    cacheDirectory: config.cacheDirectory,
    environment: context.environment,
    offline: config.offline,
    clock: context.clock,
  });
  return new OwnShelf(downloads);
}

/** Through the running server. */
class HouseShelf implements ModelShelf {
  readonly #client: ApiClient;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  async installed(signal: AbortSignal): Promise<string[]> {
    const { models } = await this.#client.call('models', { signal });
    return models.filter(({ state }) => state === 'installed').map(({ id }) => id);
  }

  /** Leaving does not end the download: the server goes on with it. */
  async pull(
    id: string,
    { onProgress, signal }: { onProgress: (state: FetchState) => void; signal: AbortSignal },
  ): Promise<boolean> {
    if ((await this.#read(id, signal)).state === 'installed') return false;
    await this.#client.call('downloadModel', { params: { id }, signal });
    for (;;) {
      const model = await this.#read(id, signal);
      if (model.state === 'installed') return true;
      if (model.error) throw new UnavailableError(model.error.message, { code: model.error.code });
      if (model.state === 'absent') {
        throw new UnavailableError('The download was cancelled elsewhere.', { code: 'download-cancelled' });
      }
      onProgress(model);
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  }

  add(path: string, signal: AbortSignal): Promise<{ id: string; label: string }> {
    return this.#client.call('addModelFile', { body: { path }, signal });
  }

  async remove(id: string, signal: AbortSignal): Promise<void> {
    await this.#client.call('removeModel', { params: { id }, signal });
  }

  async verify(id: string, signal: AbortSignal): Promise<boolean> {
    return (await this.#client.call('verifyModel', { params: { id }, signal })).ok;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The server stays as it is.
  }

  async #read(id: string, signal: AbortSignal): Promise<CatalogModel> {
    const { models } = await this.#client.call('models', { signal });
    const found = models.find((model) => model.id === id);
    if (!found) throw unknownModelError(id);
    return found;
  }
}

/** At first hand. */
class OwnShelf implements ModelShelf {
  readonly #downloads: Downloads;

  constructor(downloads: Downloads) {
    this.#downloads = downloads;
  }

  async installed(): Promise<string[]> {
    const statuses = await this.#downloads.status();
    return statuses.filter(({ state }) => state === 'installed').map(({ id }) => id);
  }

  async pull(
    id: string,
    { onProgress, signal }: { onProgress: (state: FetchState) => void; signal: AbortSignal },
  ): Promise<boolean> {
    const { label, sizeBytes } = await this.#downloads.entry(id);
    if ((await this.#downloads.statusOf(id)).state === 'installed') return false;
    const ended = new AbortController();
    const report = async () => {
      for await (const status of this.#downloads.changes(ended.signal)) {
        if (status.id === id && status.state !== 'installed') onProgress({ ...status, label, sizeBytes });
      }
    };
    const reporting = report();
    try {
      await this.#downloads.start(id);
      await this.#downloads.wait(id, signal);
    } finally {
      ended.abort();
      await reporting;
    }
    return true;
  }

  add(path: string, signal: AbortSignal): Promise<{ id: string; label: string }> {
    return this.#downloads.addFile(path, signal);
  }

  remove(id: string): Promise<void> {
    return this.#downloads.remove(id);
  }

  async verify(id: string, signal: AbortSignal): Promise<boolean> {
    return (await this.#downloads.verify(id, signal)).ok;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#downloads[Symbol.asyncDispose]();
  }
}
