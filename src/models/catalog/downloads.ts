import { systemClock, type Clock } from '../../base/clock.ts';
import { NotFoundError, UnavailableError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { addModelFile, forgetAddedModel, listAddedModels } from './added-models.ts';
import { unknownModelError, type Catalog, type ModelEntry } from './catalog.ts';
import { DownloadQueue } from './download-queue.ts';
import { createFetchTools, type FetchToolsOptions } from './fetch-tools.ts';
import { fetchUnlessInstalled } from './fetch-unless-installed.ts';
import { sourceLabel, type FetchTools } from './fetch-weights.ts';
import { statusAtRest, type ModelStatus } from './model-status.ts';
import type { ClientCommand } from './run-client.ts';
import { ggufWeights } from './stored-weights.ts';
import {
  arrivalOf,
  fileSize,
  hashWeights,
  isInstalled,
  isVerified,
  makeWeightsFolder,
  markVerified,
  removeWeights,
  type WeightsFolder,
} from './weights-folder.ts';

export interface DownloadsOptions extends FetchToolsOptions {
  catalog: Catalog;
  /** Never asks anybody for anything. */
  offline?: boolean;
  logger?: Logger;
  clock?: Clock;
}

export interface Downloads extends AsyncDisposable {
  /** The catalog's models, then the owner's own files. */
  entries(): Promise<ModelEntry[]>;
  entry(id: string): Promise<ModelEntry>;
  status(): Promise<ModelStatus[]>;
  statusOf(id: string): Promise<ModelStatus>;
  /** When its weights came, milliseconds; null where there are none. */
  arrivedAt(id: string): Promise<number | null>;
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
  /** The package clients of this machine, found once. */
  pip(signal: AbortSignal): Promise<ClientCommand>;
  npm(signal: AbortSignal): Promise<ClientCommand>;
}

export function createDownloads(options: DownloadsOptions): Downloads {
  return new DownloadManager(options);
}

class DownloadManager implements Downloads {
  readonly #options: DownloadsOptions;
  readonly #folder: WeightsFolder;
  readonly #tools: FetchTools;
  readonly #queue: DownloadQueue;

  constructor(options: DownloadsOptions) {
    this.#options = options;
    this.#tools = createFetchTools(options);
    this.#folder = this.#tools.folder;
    this.#queue = new DownloadQueue({
      clock: options.clock ?? systemClock,
      logger: options.logger,
      statusAtRest: async (id) => this.#restingStatus(await this.entry(id)),
    });
  }

  pip(signal: AbortSignal): Promise<ClientCommand> {
    return this.#tools.findPip(signal);
  }

  npm(signal: AbortSignal): Promise<ClientCommand> {
    return this.#tools.findNpm(signal);
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

  async arrivedAt(id: string): Promise<number | null> {
    const model = (await this.entries()).find((one) => one.id === id);
    return model ? arrivalOf(this.#folder, ggufWeights(model)) : null;
  }

  changes(signal: AbortSignal): AsyncIterable<ModelStatus> {
    return this.#queue.changes(signal);
  }

  async start(id: string): Promise<void> {
    const model = await this.entry(id);
    this.#queue.closing.throwIfAborted();
    if (this.#queue.has(id) || (await this.#isInstalled(model))) return;
    const [first] = model.sources;
    if (!first) throw notHere(model);
    if (this.#options.offline) {
      throw new UnavailableError('This house is set to be offline, so nothing is downloaded.', { code: 'offline' });
    }
    await makeWeightsFolder(this.#folder);
    const weights = { ...ggufWeights(model), label: model.label, sources: model.sources };
    this.#queue.begin(model.label, {
      id,
      totalBytes: model.sizeBytes,
      source: sourceLabel(first),
      work: (request) => fetchUnlessInstalled({ weights, tools: this.#tools, ...request }),
    });
  }

  async wait(id: string, signal: AbortSignal): Promise<void> {
    const model = await this.entry(id);
    if (await this.#queue.wait(id, signal)) return;
    if (!(await this.#isInstalled(model))) throw this.#queue.failureOf(id) ?? notHere(model);
  }

  async cancel(id: string): Promise<boolean> {
    return this.#queue.cancel((await this.entry(id)).id);
  }

  async remove(id: string): Promise<void> {
    const model = await this.entry(id);
    await this.cancel(id);
    this.#queue.forgive(id);
    const own = model.use === 'own-file';
    if (own) await forgetAddedModel({ folder: this.#folder, id, signal: this.#queue.closing });
    const shared = (await this.entries()).some((one) => one.id !== id && one.sha256 === model.sha256);
    if (!shared) await removeWeights({ folder: this.#folder, stored: ggufWeights(model) });
    if (!own) await this.#queue.publish(id);
  }

  async verify(id: string, signal: AbortSignal): Promise<{ ok: boolean }> {
    const model = await this.entry(id);
    await this.#requireFile(model);
    const problem = await this.#check(model, signal);
    if (!problem) await this.#queue.publish(id);
    return { ok: problem === null };
  }

  async locate(id: string, signal: AbortSignal): Promise<string> {
    const model = await this.entry(id);
    await this.#requireFile(model);
    const stored = ggufWeights(model);
    const known = (await this.#isInstalled(model)) && (await isVerified({ folder: this.#folder, stored }));
    const problem = known ? null : await this.#check(model, signal);
    if (problem) throw problem;
    return this.#folder.weights(stored);
  }

  async addFile(path: string, signal: AbortSignal): Promise<ModelEntry> {
    const added = await addModelFile({ folder: this.#folder, path, signal });
    this.#queue.forgive(added.id);
    await this.#queue.publish(added.id);
    return added;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#queue[Symbol.asyncDispose]();
  }

  #isInstalled(model: ModelEntry): Promise<boolean> {
    return isInstalled(this.#folder, ggufWeights(model));
  }

  async #statusFor(model: ModelEntry): Promise<ModelStatus> {
    return this.#queue.statusOf(model.id) ?? (await this.#restingStatus(model));
  }

  async #restingStatus(model: ModelEntry): Promise<ModelStatus> {
    const { id, sizeBytes, sha256 } = model;
    const installed = await this.#isInstalled(model);
    const receivedBytes = (await fileSize(this.#folder.part(sha256))) ?? 0;
    return statusAtRest({ id, installed, totalBytes: sizeBytes, receivedBytes, failure: this.#queue.failureOf(id) });
  }

  async #requireFile(model: ModelEntry): Promise<void> {
    if ((await fileSize(this.#folder.weights(ggufWeights(model)))) !== null) return;
    throw this.#queue.failureOf(model.id) ?? notHere(model);
  }

  /** Null when the hash matches; otherwise the weights are gone and the error says so. */
  async #check(model: ModelEntry, signal: AbortSignal): Promise<UnavailableError | null> {
    const stored = ggufWeights(model);
    const path = this.#folder.weights(stored);
    const matches =
      (await this.#isInstalled(model)) && (await hashWeights(path, { form: 'file', signal })) === model.sha256;
    if (matches) {
      this.#queue.forgive(model.id);
      await markVerified({ folder: this.#folder, stored });
      return null;
    }
    const remedy = model.sources.length > 0 ? 'Download them again.' : 'Add the file again.';
    const error = new UnavailableError(`The weights of ${model.label} were damaged and have been removed. ${remedy}`, {
      code: 'weights-damaged',
      retryable: false,
    });
    this.#queue.fail(model.id, error);
    await removeWeights({ folder: this.#folder, stored });
    await this.#queue.publish(model.id);
    return error;
  }
}

function notHere(model: ModelEntry): NotFoundError {
  return new NotFoundError(`${model.label} is not on this computer yet. Download it first.`, { code: 'model-absent' });
}
