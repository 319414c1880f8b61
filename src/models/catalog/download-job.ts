import type { Clock } from '../../base/clock.ts';
import { AbortedError } from '../../base/errors.ts';
import type { FetchProgress } from './fetch-weights.ts';
import type { ModelStatus } from './model-status.ts';
import { createTransferRate } from './transfer-rate.ts';

/** Watchers hear of bytes at most this often, milliseconds. */
const TELL_EVERY_IN_MS = 250;

/** All that one model needs, file after file. */
export interface Download {
  id: string;
  totalBytes: number;
  /** The source tried first, for people. */
  source: string | null;
  /** Resolves when the weights are installed. `onProgress` counts bytes of the whole model. */
  work(request: { signal: AbortSignal; onProgress: (progress: FetchProgress) => void }): Promise<void>;
}

export interface DownloadJobOptions {
  download: Download;
  clock: Clock;
  closing: AbortSignal;
  onChange: (status: ModelStatus) => void;
  /** Called once at the end, with null or the error; an abort comes as `AbortedError`. */
  onEnd: (error: Error | null) => Promise<void>;
}

/**
 * One download, from queued to its end. States: queued (until `run`) → downloading ⇄ verifying → ended; `stop` ends it
 * from any state.
 */
export class DownloadJob {
  /** Resolves when the weights are installed, rejects otherwise; always after `onEnd`. */
  readonly settled: Promise<void>;
  readonly #options: DownloadJobOptions;
  readonly #stopping = new AbortController();
  readonly #signal: AbortSignal;
  readonly #begin = Promise.withResolvers<void>();
  readonly #rate = createTransferRate();
  #running = false;
  #toldAt = Number.NEGATIVE_INFINITY;
  #status: ModelStatus;

  constructor(options: DownloadJobOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([this.#stopping.signal, options.closing]);
    this.#status = {
      id: options.download.id,
      state: 'queued',
      receivedBytes: 0,
      totalBytes: options.download.totalBytes,
      bytesPerSecond: null,
      etaInSeconds: null,
      source: null,
      error: null,
    };
    options.closing.addEventListener('abort', () => this.#begin.resolve(), { once: true });
    this.settled = this.#live();
    // Whoever waits hears of a failure; a download nobody waits for must not end the process.
    this.settled.catch(() => undefined);
  }

  get running(): boolean {
    return this.#running;
  }

  get status(): ModelStatus {
    return this.#status;
  }

  run(): void {
    this.#running = true;
    this.#begin.resolve();
  }

  stop(reason: AbortedError): void {
    this.#stopping.abort(reason);
    this.#begin.resolve();
  }

  async #live(): Promise<void> {
    let outcome: Error | null = null;
    try {
      await this.#begin.promise;
      await this.#work();
    } catch (error) {
      if (this.#signal.aborted) outcome = toAborted(this.#signal.reason);
      else outcome = error instanceof Error ? error : new Error(String(error));
    }
    await this.#options.onEnd(outcome);
    if (outcome !== null) throw outcome;
  }

  async #work(): Promise<void> {
    const { download } = this.#options;
    this.#signal.throwIfAborted();
    this.#tell('downloading', 0, download.source);
    await download.work({
      signal: this.#signal,
      onProgress: ({ state, receivedBytes, source }) => this.#tell(state, receivedBytes, source),
    });
  }

  #tell(state: ModelStatus['state'], receivedBytes: number, source: string | null): void {
    const now = this.#options.clock.monotonic();
    if (state === 'downloading') this.#rate.add(receivedBytes, now);
    const bytesPerSecond = state === 'downloading' ? this.#rate.bytesPerSecond() : null;
    const left = this.#status.totalBytes - receivedBytes;
    const changed = state !== this.#status.state || source !== this.#status.source;
    const etaInSeconds = bytesPerSecond ? Math.ceil(left / bytesPerSecond) : null;
    this.#status = { ...this.#status, state, receivedBytes, source, bytesPerSecond, etaInSeconds };
    if (!changed && now - this.#toldAt < TELL_EVERY_IN_MS) return;
    this.#toldAt = now;
    this.#options.onChange(this.#status);
  }
}

function toAborted(reason: unknown): AbortedError {
  return reason instanceof AbortedError ? reason : new AbortedError('The download was stopped.', { cause: reason });
}
