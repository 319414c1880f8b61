import { systemClock, type Clock } from '../../base/clock.ts';
import { NotFoundError, UnavailableError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { unknownModelError } from './catalog.ts';
import { DownloadQueue } from './download-queue.ts';
import { fetchFileSet, placesOf, storedFile, type Converters } from './fetch-file-set.ts';
import { createFetchTools, type FetchToolsOptions } from './fetch-tools.ts';
import { sourceLabel, type FetchTools } from './fetch-weights.ts';
import { statusAtRest, type ModelStatus } from './model-status.ts';
import { lastingFiles, transferBytes, type FileSet, type LocatedFiles, type SetFile } from './file-set.ts';
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

export interface FileSetDownloadsOptions<Entry extends FileSet> extends FetchToolsOptions {
  catalog: { entries: readonly Entry[] };
  converters: Converters;
  /** Never asks anybody for anything. */
  offline?: boolean;
  logger?: Logger;
  clock?: Clock;
}

/** Models that may be on this computer. Each is a set of files that come and go together. */
export interface FileSetDownloads<Entry extends FileSet> extends AsyncDisposable {
  entries(): readonly Entry[];
  /** Throws `NotFoundError` (`model-unknown`). */
  entry(id: string): Entry;
  status(): Promise<ModelStatus[]>;
  statusOf(id: string): Promise<ModelStatus>;
  /** When the last of its files came, milliseconds; null where there are none. */
  arrivedAt(id: string): Promise<number | null>;
  /** Every change of state, and at most four times a second how far a download is. Ends with the signal or on close. */
  changes(signal: AbortSignal): AsyncIterable<ModelStatus>;
  /** Begins a download, or joins the one that runs. Returns at once; see `wait` and `changes` for how it goes. */
  start(id: string): Promise<void>;
  /** Resolves once all files are installed; rejects with the download's error, or when the signal stops the waiting. */
  wait(id: string, signal: AbortSignal): Promise<void>;
  /** Stops a download; whole files, and what came over HTTP, stay for the next start. False when none ran. */
  cancel(id: string): Promise<boolean>;
  /** Deletes the files and anything half fetched, except what another installed model uses too. */
  remove(id: string): Promise<void>;
  /** Computes the hashes again. Damaged files are deleted and their model becomes `failed`. */
  verify(id: string, signal: AbortSignal): Promise<{ ok: boolean }>;
  /**
   * Paths of files whose hashes matched and which nothing touched since; checks them first when in doubt. Throws
   * `NotFoundError` (`model-absent`), `UnavailableError` (`weights-damaged`).
   */
  locate(id: string, signal: AbortSignal): Promise<LocatedFiles>;
}

export function createFileSetDownloads<Entry extends FileSet>(
  options: FileSetDownloadsOptions<Entry>,
): FileSetDownloads<Entry> {
  return new FileSetDownloadManager(options);
}

class FileSetDownloadManager<Entry extends FileSet> implements FileSetDownloads<Entry> {
  readonly #options: FileSetDownloadsOptions<Entry>;
  readonly #tools: FetchTools;
  readonly #folder: WeightsFolder;
  readonly #queue: DownloadQueue;

  constructor(options: FileSetDownloadsOptions<Entry>) {
    this.#options = options;
    this.#tools = createFetchTools(options);
    this.#folder = this.#tools.folder;
    this.#queue = new DownloadQueue({
      clock: options.clock ?? systemClock,
      logger: options.logger,
      statusAtRest: (id) => this.#restingStatus(this.entry(id)),
    });
  }

  entries(): readonly Entry[] {
    return this.#options.catalog.entries;
  }

  entry(id: string): Entry {
    const found = this.entries().find((entry) => entry.id === id);
    if (!found) throw unknownModelError(id);
    return found;
  }

  status(): Promise<ModelStatus[]> {
    return Promise.all(this.entries().map(({ id }) => this.statusOf(id)));
  }

  async statusOf(id: string): Promise<ModelStatus> {
    return this.#queue.statusOf(id) ?? (await this.#restingStatus(this.entry(id)));
  }

  async arrivedAt(id: string): Promise<number | null> {
    const entry = this.entries().find((one) => one.id === id);
    const times = await Promise.all(
      (entry ? lastingFiles(entry) : []).map((file) => arrivalOf(this.#folder, storedFile(file))),
    );
    const known = times.filter((time) => time !== null);
    return known.length === 0 ? null : Math.max(...known);
  }

  changes(signal: AbortSignal): AsyncIterable<ModelStatus> {
    return this.#queue.changes(signal);
  }

  async start(id: string): Promise<void> {
    const entry = this.entry(id);
    this.#queue.closing.throwIfAborted();
    if (this.#queue.has(id) || (await this.#isInstalled(entry))) return;
    if (this.#options.offline) {
      throw new UnavailableError('This house is set to be offline, so nothing is downloaded.', { code: 'offline' });
    }
    await makeWeightsFolder(this.#folder);
    const first = entry.files.flatMap(({ sources }) => sources)[0];
    const { converters } = this.#options;
    this.#queue.begin(entry.label, {
      id,
      totalBytes: transferBytes(entry),
      source: first ? sourceLabel(first) : null,
      work: (request) => fetchFileSet({ entry, tools: this.#tools, converters, ...request }),
    });
  }

  async wait(id: string, signal: AbortSignal): Promise<void> {
    const entry = this.entry(id);
    if (await this.#queue.wait(id, signal)) return;
    if (!(await this.#isInstalled(entry))) throw this.#queue.failureOf(id) ?? notHere(entry);
  }

  cancel(id: string): Promise<boolean> {
    return this.#queue.cancel(this.entry(id).id);
  }

  async remove(id: string): Promise<void> {
    const entry = this.entry(id);
    await this.#queue.cancel(id);
    this.#queue.forgive(id);
    const kept = await this.#usedByOthers(entry);
    for (const file of entry.files) {
      if (!kept.has(file.sha256)) await removeWeights({ folder: this.#folder, stored: storedFile(file) });
    }
    await this.#queue.publish(id);
  }

  async verify(id: string, signal: AbortSignal): Promise<{ ok: boolean }> {
    const entry = this.entry(id);
    await this.#requireAll(entry);
    const problem = await this.#check(entry, lastingFiles(entry), signal);
    if (!problem) await this.#queue.publish(id);
    return { ok: problem === null };
  }

  async locate(id: string, signal: AbortSignal): Promise<LocatedFiles> {
    const entry = this.entry(id);
    await this.#requireAll(entry);
    const doubtful: SetFile[] = [];
    for (const file of lastingFiles(entry)) {
      const stored = storedFile(file);
      if (!(await isVerified({ folder: this.#folder, stored }))) doubtful.push(file);
    }
    const problem = await this.#check(entry, doubtful, signal);
    if (problem) throw problem;
    return placesOf(lastingFiles(entry), this.#folder);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#queue[Symbol.asyncDispose]();
  }

  async #isInstalled(entry: FileSet): Promise<boolean> {
    const there = await Promise.all(lastingFiles(entry).map((file) => isInstalled(this.#folder, storedFile(file))));
    return there.every(Boolean);
  }

  async #restingStatus(entry: FileSet): Promise<ModelStatus> {
    const { id } = entry;
    const totalBytes = transferBytes(entry);
    const installed = await this.#isInstalled(entry);
    const receivedBytes = installed ? totalBytes : await this.#receivedBytes(entry);
    return statusAtRest({ id, installed, totalBytes, receivedBytes, failure: this.#queue.failureOf(id) });
  }

  /** Of files that are whole, and of those that began to come. */
  async #receivedBytes({ files }: FileSet): Promise<number> {
    const fetched = files.filter(({ form }) => form !== 'converted');
    const bytes = await Promise.all(
      fetched.map(async (file) => {
        if (await isInstalled(this.#folder, storedFile(file))) return file.sizeBytes;
        return (await fileSize(this.#folder.part(file.sha256))) ?? 0;
      }),
    );
    return bytes.reduce((sum, size) => sum + size, 0);
  }

  async #requireAll(entry: FileSet): Promise<void> {
    if (await this.#isInstalled(entry)) return;
    throw this.#queue.failureOf(entry.id) ?? notHere(entry);
  }

  /** The hashes of files that other models have here, or are fetching. */
  async #usedByOthers(entry: FileSet): Promise<Set<string>> {
    const others = this.entries().filter(({ id }) => id !== entry.id);
    const used = await Promise.all(
      others.map(async (other) => this.#queue.has(other.id) || (await this.#isInstalled(other))),
    );
    return new Set(others.flatMap((other, index) => (used[index] ? other.files.map(({ sha256 }) => sha256) : [])));
  }

  /** Null when all hashes match; otherwise what does not is gone and the error says so. */
  async #check(entry: FileSet, files: readonly SetFile[], signal: AbortSignal): Promise<UnavailableError | null> {
    let damaged = false;
    for (const file of files) {
      const stored = storedFile(file);
      const path = this.#folder.weights(stored);
      if ((await hashWeights(path, { form: stored.form, signal })) === stored.sha256) {
        await markVerified({ folder: this.#folder, stored });
      } else {
        damaged = true;
        await removeWeights({ folder: this.#folder, stored });
      }
    }
    if (!damaged) {
      this.#queue.forgive(entry.id);
      return null;
    }
    const error = new UnavailableError(
      `The files of ${entry.label} were damaged and have been removed. Download them again.`,
      { code: 'weights-damaged', retryable: false },
    );
    this.#queue.fail(entry.id, error);
    await this.#queue.publish(entry.id);
    return error;
  }
}

function notHere({ label }: FileSet): NotFoundError {
  return new NotFoundError(`${label} is not on this computer yet. Download it first.`, { code: 'model-absent' });
}
