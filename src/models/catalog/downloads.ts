import { systemClock, type Clock } from '../../base/clock.ts';
import { AbortedError, AppError, errorMessage, isAbort, NotFoundError, UnavailableError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { addModelFile, forgetAddedModel, listAddedModels } from './added-models.ts';
import { unknownModelError, type Catalog, type ModelEntry } from './catalog.ts';
import { HUB_TIMEOUTS, type HubTimeouts } from './fetch-hub.ts';
import { PIP_SILENCE_IN_MS } from './fetch-python-packages.ts';
import type { FetchTools } from './fetch-weights.ts';
import { hashFile } from './hash-file.ts';
import { DownloadJob } from './download-job.ts';
import { folderBytes } from './folder-bytes.ts';
import type { ModelStatus } from './model-status.ts';
import { findPip, type Environment, type PipCommand } from './pip.ts';
import { createStatusFeed } from './status-feed.ts';
import {
  fileSize,
  freeBytes,
  isVerified,
  makeWeightsFolder,
  markVerified,
  removeWeights,
  weightsFolder,
  type WeightsFolder,
} from './weights-folder.ts';

/** More at once only share one connection. */
const DOWNLOADS_AT_ONCE = 2;

export interface DownloadsOptions {
  catalog: Catalog;
  /** Weights live in its folder `weights`, shared by all data folders and processes of one person. */
  cacheDirectory: string;
  /** For the package client: its path, proxies and settings. */
  environment: Environment;
  /** Never asks anybody for anything. */
  offline?: boolean;
  logger?: Logger;
  clock?: Clock;
  fetch?: typeof fetch;
  hubTimeouts?: HubTimeouts;
  pipSilenceInMs?: number;
  freeBytes?: (path: string) => Promise<number>;
  findPip?: (signal: AbortSignal) => Promise<PipCommand>;
}

export interface Downloads extends AsyncDisposable {
  /** The catalog's models, then the owner's own files. */
  entries(): Promise<ModelEntry[]>;
  entry(id: string): Promise<ModelEntry>;
  status(): Promise<ModelStatus[]>;
  statusOf(id: string): Promise<ModelStatus>;
  /** Every change of state, and at most four times a second how far a download is. Ends with the signal or on close. */
  changes(signal: AbortSignal): AsyncIterable<ModelStatus>;
  /** Begins a download, or joins the one that runs. Returns at once; see `wait` and `changes` for how it goes. */
  start(id: string): Promise<void>;
  /** Resolves once the model is installed; rejects with the download's error, or when the signal stops the waiting. */
  wait(id: string, signal: AbortSignal): Promise<void>;
  /** Stops a download; what came over HTTP stays for the next start. False when none ran. */
  cancel(id: string): Promise<boolean>;
  /** Deletes the weights and anything half fetched; an own file is forgotten, its original stays. */
  remove(id: string): Promise<void>;
  /** Computes the hash again. A damaged file is deleted and its model becomes `failed`. */
  verify(id: string, signal: AbortSignal): Promise<{ ok: boolean }>;
  /** The path of weights whose hash matched and which nothing touched since; checks them first when in doubt. */
  locate(id: string, signal: AbortSignal): Promise<string>;
  addFile(path: string, signal: AbortSignal): Promise<ModelEntry>;
  /** The package client of this machine, found once. */
  pip(signal: AbortSignal): Promise<PipCommand>;
}

export function createDownloads(options: DownloadsOptions): Downloads {
  return new DownloadManager(options);
}

class DownloadManager implements Downloads {
  readonly #options: DownloadsOptions;
  readonly #folder: WeightsFolder;
  readonly #tools: FetchTools;
  readonly #feed = createStatusFeed();
  readonly #closing = new AbortController();
  readonly #jobs = new Map<string, DownloadJob>();
  readonly #failures = new Map<string, AppError>();
  #pip: PipCommand | null = null;

  constructor(options: DownloadsOptions) {
    this.#options = options;
    this.#folder = weightsFolder(options.cacheDirectory);
    this.#tools = {
      folder: this.#folder,
      fetch: options.fetch ?? fetch,
      timeouts: options.hubTimeouts ?? HUB_TIMEOUTS,
      pipSilenceInMs: options.pipSilenceInMs ?? PIP_SILENCE_IN_MS,
      environment: options.environment,
      findPip: (signal) => this.pip(signal),
      freeBytes: options.freeBytes ?? freeBytes,
    };
  }

  async pip(signal: AbortSignal): Promise<PipCommand> {
    const { environment } = this.#options;
    const find = this.#options.findPip ?? ((stop: AbortSignal) => findPip({ environment, signal: stop }));
    this.#pip ??= await find(signal);
    return this.#pip;
  }

  async entries(): Promise<ModelEntry[]> {
    return [...this.#options.catalog.entries, ...(await listAddedModels(this.#folder))];
  }

  async entry(id: string): Promise<ModelEntry> {
    const found = (await this.entries()).find((one) => one.id === id);
    if (!found) throw unknownModelError(id);
    return found;
  }

  async status(): Promise<ModelStatus[]> {
    return Promise.all((await this.entries()).map((model) => this.#statusFor(model)));
  }

  async statusOf(id: string): Promise<ModelStatus> {
    return this.#statusFor(await this.entry(id));
  }

  changes(signal: AbortSignal): AsyncIterable<ModelStatus> {
    return this.#feed.watch(signal);
  }

  async start(id: string): Promise<void> {
    const model = await this.entry(id);
    this.#closing.signal.throwIfAborted();
    if (this.#jobs.has(id) || (await this.#isInstalled(model))) return;
    if (model.sources.length === 0) throw notHere(model);
    if (this.#options.offline) {
      throw new UnavailableError('This house is set to be offline, so nothing is downloaded.', { code: 'offline' });
    }
    await makeWeightsFolder(this.#folder);
    // Asked for twice at once: the second finds the first one's job here.
    if (this.#jobs.has(id)) return;
    this.#failures.delete(id);
    const job = this.#createJob(model);
    this.#jobs.set(id, job);
    this.#feed.publish(job.status);
    this.#runWaiting();
  }

  async wait(id: string, signal: AbortSignal): Promise<void> {
    const model = await this.entry(id);
    const job = this.#jobs.get(id);
    if (job) await raceSignal(job.settled, signal);
    else if (!(await this.#isInstalled(model))) throw this.#failures.get(id) ?? notHere(model);
  }

  async cancel(id: string): Promise<boolean> {
    const job = this.#jobs.get((await this.entry(id)).id);
    if (!job) return false;
    job.stop(new AbortedError('The download was cancelled.'));
    await job.settled.catch(() => undefined);
    return true;
  }

  async remove(id: string): Promise<void> {
    const model = await this.entry(id);
    await this.cancel(id);
    this.#failures.delete(id);
    const own = model.use === 'own-file';
    if (own) await forgetAddedModel({ folder: this.#folder, id, signal: this.#closing.signal });
    const shared = (await this.entries()).some((one) => one.id !== id && one.sha256 === model.sha256);
    if (!shared) await removeWeights({ folder: this.#folder, sha256: model.sha256 });
    if (!own) await this.#publish(model);
  }

  async verify(id: string, signal: AbortSignal): Promise<{ ok: boolean }> {
    const model = await this.entry(id);
    await this.#requireFile(model);
    const problem = await this.#check(model, signal);
    if (!problem) await this.#publish(model);
    return { ok: problem === null };
  }

  async locate(id: string, signal: AbortSignal): Promise<string> {
    const model = await this.entry(id);
    await this.#requireFile(model);
    const { sha256 } = model;
    const known = (await this.#isInstalled(model)) && (await isVerified({ folder: this.#folder, sha256 }));
    const problem = known ? null : await this.#check(model, signal);
    if (problem) throw problem;
    return this.#folder.weights(sha256);
  }

  async addFile(path: string, signal: AbortSignal): Promise<ModelEntry> {
    const added = await addModelFile({ folder: this.#folder, path, signal });
    this.#failures.delete(added.id);
    await this.#publish(added);
    return added;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new AbortedError('The house is closing.'));
    await Promise.all([...this.#jobs.values()].map((job) => job.settled.catch(() => undefined)));
    this.#feed.close();
  }

  #createJob(model: ModelEntry): DownloadJob {
    return new DownloadJob({
      entry: model,
      tools: this.#tools,
      clock: this.#options.clock ?? systemClock,
      closing: this.#closing.signal,
      isInstalled: () => this.#isInstalled(model),
      othersProgress: async () =>
        Math.max(
          (await fileSize(this.#folder.part(model.sha256))) ?? 0,
          await folderBytes(this.#folder.packages(model.sha256)),
        ),
      onChange: (status) => this.#feed.publish(status),
      onEnd: (error) => this.#finish(model, error),
    });
  }

  async #finish(model: ModelEntry, error: Error | null): Promise<void> {
    this.#jobs.delete(model.id);
    if (error !== null && !isAbort(error)) {
      this.#failures.set(model.id, toAppError(model, error));
      this.#options.logger?.warn({ model: model.id, err: error }, 'a model could not be downloaded');
    }
    this.#runWaiting();
    await this.#publish(model);
  }

  /** Oldest first, as many as may run. */
  #runWaiting(): void {
    const jobs = [...this.#jobs.values()];
    const free = DOWNLOADS_AT_ONCE - jobs.filter((job) => job.running).length;
    for (const job of jobs.filter((one) => !one.running).slice(0, Math.max(free, 0))) job.run();
  }

  async #isInstalled({ sha256, sizeBytes }: ModelEntry): Promise<boolean> {
    return (await fileSize(this.#folder.weights(sha256))) === sizeBytes;
  }

  async #statusFor(model: ModelEntry): Promise<ModelStatus> {
    return this.#jobs.get(model.id)?.status ?? (await this.#restingStatus(model));
  }

  async #restingStatus(model: ModelEntry): Promise<ModelStatus> {
    const { id, sizeBytes, sha256 } = model;
    const installed = await this.#isInstalled(model);
    const failure = installed ? undefined : this.#failures.get(id);
    const part = (await fileSize(this.#folder.part(sha256))) ?? 0;
    return {
      id,
      state: installed ? 'installed' : failure ? 'failed' : 'absent',
      receivedBytes: installed ? sizeBytes : Math.min(part, sizeBytes),
      totalBytes: sizeBytes,
      bytesPerSecond: null,
      etaInSeconds: null,
      source: null,
      error: failure ? { code: failure.code, message: failure.message } : null,
    };
  }

  async #publish(model: ModelEntry): Promise<void> {
    this.#feed.publish(await this.#statusFor(model));
  }

  async #requireFile(model: ModelEntry): Promise<void> {
    if ((await fileSize(this.#folder.weights(model.sha256))) !== null) return;
    throw this.#failures.get(model.id) ?? notHere(model);
  }

  /** Null when the hash matches; otherwise the weights are gone and the error says so. */
  async #check(model: ModelEntry, signal: AbortSignal): Promise<UnavailableError | null> {
    const { sha256, sizeBytes } = model;
    const path = this.#folder.weights(sha256);
    const matches = (await fileSize(path)) === sizeBytes && (await hashFile(path, { signal })) === sha256;
    if (matches) {
      this.#failures.delete(model.id);
      await markVerified({ folder: this.#folder, sha256 });
      return null;
    }
    const remedy = model.sources.length > 0 ? 'Download them again.' : 'Add the file again.';
    const error = new UnavailableError(`The weights of ${model.label} were damaged and have been removed. ${remedy}`, {
      code: 'weights-damaged',
      retryable: false,
    });
    this.#failures.set(model.id, error);
    await removeWeights({ folder: this.#folder, sha256 });
    await this.#publish(model);
    return error;
  }
}

function notHere(model: ModelEntry): NotFoundError {
  return new NotFoundError(`${model.label} is not on this computer yet. Download it first.`, { code: 'model-absent' });
}

function toAppError(model: ModelEntry, error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new UnavailableError(`${model.label} could not be downloaded: ${errorMessage(error)}`, {
    code: 'download-failed',
    cause: error,
  });
}

async function raceSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([promise, stopped.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
