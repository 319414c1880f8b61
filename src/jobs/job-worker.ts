import type { Clock } from '../base/clock.ts';
import { errorMessage, isAbort } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { Storage } from '../storage/storage.ts';
import type { JobQueue } from './job-queue.ts';
import { endJob, endLeases, extendLease, leaseJob, nextJobTime, returnJob, type JobRow } from './job-store.ts';

/** A worker that says nothing for so long is taken for dead, and its job is given to the next one. */
const LEASE_IN_MS = 60_000;
/** Three chances to renew a lease before it ends. */
const RENEW_EVERY_IN_MS = LEASE_IN_MS / 3;
/** How often is looked at least, for a clock may jump. */
const LOOK_EVERY_IN_MS = 15_000;
/** The transaction in which a job was added is on disk after that; if not, the next look finds it. */
const AFTER_ADD_IN_MS = 50;
/** Waits before the second try; four times longer before each next one. */
const FIRST_PAUSE_IN_MS = 5000;
/** Tries in a row before a job rests for a day with its error. */
const TRIES = 6;
const DAY_IN_MS = 24 * 60 * 60 * 1000;
/** A job that gave way to something more urgent is looked at again after that. */
const GAVE_WAY_PAUSE_IN_MS = 1000;
/** Kept of an error's words. */
const ERROR_LENGTH = 500;

export interface JobRun {
  key: string;
  /** As it was added, read from JSON. */
  payload: unknown;
  /** 1 = the first try. */
  attempts: number;
}

export interface JobHandler {
  name: string;
  /**
   * Does the work, idempotently. `again` (epoch ms) lets it rest and run once more. Throwing counts as a failed try;
   * an abort that the signal did not ask for counts as having given way.
   */
  run(job: JobRun, signal: AbortSignal): Promise<'done' | { again: number }>;
}

export interface JobWorkerOptions {
  storage: Pick<Storage, 'db'>;
  clock: Clock;
  logger: Logger;
  /** Each name exactly once. */
  handlers: readonly JobHandler[];
  /** Whose new work is begun at once instead of at the next look. */
  queue?: JobQueue;
}

/**
 * Does what waits in the queue: one job of each name at a time, names beside each other. A job is *waiting* → *leased*
 * (`lockedUntil`) → gone when done, *waiting* again when it asks for it, failed or gave way; a crash leaves it leased,
 * and it is given back when the lease ends or the next worker starts.
 */
export class JobWorker implements AsyncDisposable {
  readonly #options: JobWorkerOptions;
  readonly #closing = new AbortController();
  readonly #lines: HandlerLine[];
  #ended = Promise.resolve();

  constructor(options: JobWorkerOptions) {
    const names = options.handlers.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new Error(`The job ${twice} has two handlers: each name has exactly one.`);
    this.#options = options;
    this.#lines = options.handlers.map((handler) => new HandlerLine(options, handler, this.#closing.signal));
  }

  /** Takes over what a worker before left leased: one server at a time works on a database. */
  start(): void {
    const { storage, handlers, queue, logger } = this.#options;
    const takeOver = endLeases(
      storage.db,
      handlers.map(({ name }) => name),
    ).catch((error: unknown) => logger.warn({ err: error }, 'leases of jobs could not be taken over'));
    const endListening = queue?.onAdd((name) => this.#lines.find((line) => line.name === name)?.wakeAfterCommit());
    this.#ended = takeOver.then(() => Promise.all(this.#lines.map((line) => line.work()))).then(() => endListening?.());
  }

  /** Looks for work now. */
  wake(): void {
    for (const line of this.#lines) line.wake();
  }

  /** Resolves when all that ran has stopped; it is given back. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#ended;
  }
}

/** The jobs of one name, one after another. */
class HandlerLine {
  readonly #options: JobWorkerOptions;
  readonly #handler: JobHandler;
  readonly #closing: AbortSignal;
  #woken = false;
  #endWaiting: () => void = () => undefined;

  constructor(options: JobWorkerOptions, handler: JobHandler, closing: AbortSignal) {
    this.#options = options;
    this.#handler = handler;
    this.#closing = closing;
  }

  get name(): string {
    return this.#handler.name;
  }

  wake(): void {
    this.#woken = true;
    this.#endWaiting();
  }

  wakeAfterCommit(): void {
    setTimeout(() => this.wake(), AFTER_ADD_IN_MS).unref();
  }

  async work(): Promise<void> {
    this.#closing.addEventListener('abort', () => this.#endWaiting(), { once: true });
    while (!this.#closing.aborted) {
      this.#woken = false;
      try {
        if (await this.#runNext()) continue;
        await this.#wait(await this.#pause());
      } catch (error) {
        this.#options.logger.warn({ err: error, job: this.name }, 'the queue of jobs could not be read');
        await this.#wait(FIRST_PAUSE_IN_MS);
      }
    }
  }

  async #pause(): Promise<number> {
    const next = await nextJobTime(this.#options.storage.db, this.name);
    if (next === undefined) return LOOK_EVERY_IN_MS;
    return Math.min(Math.max(0, next - this.#options.clock.now()), LOOK_EVERY_IN_MS);
  }

  async #wait(durationInMs: number): Promise<void> {
    if (this.#woken || this.#closing.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#endWaiting = resolve;
    const timer = setTimeout(resolve, durationInMs).unref();
    await promise;
    clearTimeout(timer);
  }

  /** False when nothing was due. */
  async #runNext(): Promise<boolean> {
    const { storage, clock } = this.#options;
    const now = clock.now();
    const lockedUntil = now + LEASE_IN_MS;
    const job = await leaseJob(storage.db, { name: this.name, now, lockedUntil });
    if (!job) return false;
    const endRenewing = this.#renew(job, lockedUntil);
    try {
      const result = await this.#handler.run(
        { key: job.key, payload: JSON.parse(job.payload), attempts: job.attempts },
        this.#closing,
      );
      if (result === 'done') await endJob(storage.db, job);
      else await returnJob(storage.db, { ...job, runAt: result.again, attempts: 0, lastError: null });
    } catch (error) {
      await this.#giveBack(job, error);
    } finally {
      endRenewing();
    }
    return true;
  }

  async #giveBack(job: JobRow, error: unknown): Promise<void> {
    const { storage, clock, logger } = this.#options;
    const { attempts } = job;
    if (this.#closing.aborted || isAbort(error)) {
      const runAt = clock.now() + (this.#closing.aborted ? 0 : GAVE_WAY_PAUSE_IN_MS);
      await returnJob(storage.db, { ...job, runAt, attempts: attempts - 1 });
      return;
    }
    logger.warn({ err: error, job: job.name, key: job.key, attempts }, 'a job failed');
    const resting = attempts >= TRIES;
    const pause = resting ? DAY_IN_MS : FIRST_PAUSE_IN_MS * 4 ** (attempts - 1);
    const lastError = errorMessage(error).slice(0, ERROR_LENGTH);
    await returnJob(storage.db, { ...job, runAt: clock.now() + pause, attempts: resting ? 0 : attempts, lastError });
  }

  #renew({ name, key }: JobRow, lockedUntil: number): () => void {
    const { storage, clock, logger } = this.#options;
    let until = lockedUntil;
    const renew = async (): Promise<void> => {
      const to = clock.now() + LEASE_IN_MS;
      if (await extendLease(storage.db, { name, key, from: until, to })) until = to;
    };
    const timer = setInterval(() => {
      renew().catch((error: unknown) => logger.warn({ err: error, job: name }, 'a lease could not be renewed'));
    }, RENEW_EVERY_IN_MS).unref();
    return () => clearInterval(timer);
  }
}
