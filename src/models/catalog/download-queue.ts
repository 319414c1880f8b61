import type { Clock } from '../../base/clock.ts';
import { AbortedError, AppError, errorMessage, isAbort, UnavailableError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { DownloadJob, type Download } from './download-job.ts';
import type { ModelStatus } from './model-status.ts';
import { createStatusFeed } from './status-feed.ts';

/** More at once only share one connection. */
const DOWNLOADS_AT_ONCE = 2;

export interface DownloadQueueOptions {
  clock: Clock;
  logger: Logger | undefined;
  /** How a model stands when nothing of it is being fetched. */
  statusAtRest: (id: string) => Promise<ModelStatus>;
}

/** The downloads under way, those that wait, how the last attempts ended, and whoever watches. */
export class DownloadQueue implements AsyncDisposable {
  readonly #options: DownloadQueueOptions;
  readonly #feed = createStatusFeed();
  readonly #closing = new AbortController();
  readonly #jobs = new Map<string, DownloadJob>();
  readonly #failures = new Map<string, AppError>();

  constructor(options: DownloadQueueOptions) {
    this.#options = options;
  }

  /** Aborts on close. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  has(id: string): boolean {
    return this.#jobs.has(id);
  }

  /** Null when nothing of it is being fetched. */
  statusOf(id: string): ModelStatus | null {
    return this.#jobs.get(id)?.status ?? null;
  }

  /** How the last attempt failed, until the next one. */
  failureOf(id: string): AppError | undefined {
    return this.#failures.get(id);
  }

  fail(id: string, error: AppError): void {
    this.#failures.set(id, error);
  }

  forgive(id: string): void {
    this.#failures.delete(id);
  }

  changes(signal: AbortSignal): AsyncIterable<ModelStatus> {
    return this.#feed.watch(signal);
  }

  async publish(id: string): Promise<void> {
    this.#feed.publish(this.statusOf(id) ?? (await this.#options.statusAtRest(id)));
  }

  /** Joins the download of the same model that runs. */
  begin(label: string, download: Download): void {
    const { id } = download;
    this.#closing.signal.throwIfAborted();
    if (this.#jobs.has(id)) return;
    this.#failures.delete(id);
    const job = new DownloadJob({
      download,
      clock: this.#options.clock,
      closing: this.#closing.signal,
      onChange: (status) => this.#feed.publish(status),
      onEnd: (error) => this.#finish({ id, label, error }),
    });
    this.#jobs.set(id, job);
    this.#feed.publish(job.status);
    this.#runWaiting();
  }

  /** Waits for the download that runs. False when none does. Rejects with its error, or when the waiting is stopped. */
  async wait(id: string, signal: AbortSignal): Promise<boolean> {
    const job = this.#jobs.get(id);
    if (!job) return false;
    await raceSignal(job.settled, signal);
    return true;
  }

  /** Stops a download and waits for its end. False when none ran. */
  async cancel(id: string): Promise<boolean> {
    const job = this.#jobs.get(id);
    if (!job) return false;
    job.stop(new AbortedError('The download was cancelled.'));
    await job.settled.catch(() => undefined);
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new AbortedError('The house is closing.'));
    await Promise.all([...this.#jobs.values()].map((job) => job.settled.catch(() => undefined)));
    this.#feed.close();
  }

  async #finish({ id, label, error }: { id: string; label: string; error: Error | null }): Promise<void> {
    this.#jobs.delete(id);
    if (error !== null && !isAbort(error)) {
      this.#failures.set(id, toAppError(label, error));
      this.#options.logger?.warn({ model: id, err: error }, 'a model could not be downloaded');
    }
    this.#runWaiting();
    await this.publish(id);
  }

  /** Oldest first, as many as may run. */
  #runWaiting(): void {
    const jobs = [...this.#jobs.values()];
    const free = DOWNLOADS_AT_ONCE - jobs.filter((job) => job.running).length;
    for (const job of jobs.filter((one) => !one.running).slice(0, Math.max(free, 0))) job.run();
  }
}

function toAppError(label: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new UnavailableError(`${label} could not be downloaded: ${errorMessage(error)}`, {
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
