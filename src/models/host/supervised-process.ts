import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../base/clock.ts';
import { AbortedError, ResourceError, UnavailableError, errorMessage } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { ChildConnection, ProcessDiedError, describeExit, type ExitReport } from './child-connection.ts';
import type { MethodTable } from './rpc.ts';

/*
 * States of a supervised process
 *   unloaded   no child. Entry: at first, after an idle stop, after a crash. Exit: a request starts one → loading.
 *   loading    the child was forked and prepares. Exit: → ready, → failed (it said why), → unloaded (it crashed).
 *   ready      it takes requests. Exit: → stopping (idle, unload, dispose), → unloaded (crash).
 *   stopping   it was asked to end. Exit: → unloaded, or → closed when disposed.
 *   failed     the last start gave an error. Exit: the next request tries again → loading.
 *   closed     disposed; every request is refused.
 * A child that grew too large is replaced in the state ready: the next one loads beside it and takes the requests from
 * then on; the old one ends after its last answer.
 */
export type ProcessState = 'unloaded' | 'loading' | 'ready' | 'stopping' | 'failed' | 'closed';

export interface SupervisedProcessOptions {
  /** Module that calls `serveChild`. */
  program: URL;
  /** Used in messages to people, for example "the text engine". */
  name: string;
  /** Called before each start; what it throws is the start's error. */
  startOptions: () => Promise<unknown>;
  /** 0 keeps the child for ever. */
  idleUnloadInMs: number;
  logger: Logger;
  clock: Clock;
  /** Longest silence before a child counts as stuck. */
  heartbeatTimeoutInMs?: number;
  /** The n-th crash in a row waits `n < 2 ? 0 : base * 2^(n - 2)`. */
  backOffBaseInMs?: number;
  /** For libraries that leak: when a child is replaced by a fresh one. Absent = never. */
  recycle?: RecycleOptions;
}

export interface RecycleOptions {
  /** Resident memory a child may grow by after it is ready. Replaced when idle; at twice this, in any case. */
  growthInBytes: number;
  /** Shortest life, so that one which grows at once is not replaced over and over. */
  notBeforeInMs?: number;
}

export interface RequestOptions<Event> {
  signal?: AbortSignal | undefined;
  onEvent?: (event: Event) => void;
  /** True for an event that the caller has shown to somebody: from then on a crash is not retried. */
  isShown?: (event: Event) => boolean;
  /** Called when the child died and the request starts again. */
  onRetry?: () => void;
}

/** A busy event loop (a long tokenisation) stays silent for seconds; half a minute means a deadlock. */
const defaultHeartbeatTimeoutInMs = 30_000;
const defaultBackOffBaseInMs = 500;
const longestBackOffInMs = 30_000;
/** A request waits this long for a back-off to pass; beyond it an error is kinder than silence. */
const longestWaitForBackOffInMs = 5_000;
/** A child that lived this long was healthy: its crash starts a new count. */
const healthyAfterInMs = 60_000;
const defaultNotRecycledBeforeInMs = 10_000;
/** After a replacement that could not be started. */
const recycleAgainAfterInMs = 60_000;
/** The next child may load beside the old one when this many times the old one's memory is free. */
const roomForSecondChild = 1.25;
/** Long enough to save states of a few hundred megabytes, short enough for Ctrl-C. */
const stopGraceInMs = 4_000;

/** Keeps one child process available: starts it on demand, restarts it, retries, unloads it when idle. */
export class SupervisedProcess<Table extends MethodTable, Info> implements AsyncDisposable {
  readonly #options: SupervisedProcessOptions;
  readonly #closing = new AbortController();
  #state: ProcessState = 'unloaded';
  #connection: ChildConnection | undefined;
  #starting: Promise<ChildConnection> | undefined;
  #stopping: Promise<void> | undefined;
  #info: Info | undefined;
  #lastError: Error | undefined;
  #active = 0;
  #idleTimer: NodeJS.Timeout | undefined;
  #failures = 0;
  #notBefore = 0;
  #notRecycledBefore = 0;
  #recycling: Promise<void> | undefined;
  /** Was replaced, and still answers what it was asked. */
  #retiring: ChildConnection | undefined;

  constructor(options: SupervisedProcessOptions) {
    this.#options = options;
  }

  get state(): ProcessState {
    return this.#state;
  }

  /** What the program told when it became ready; undefined while there is none. */
  get info(): Info | undefined {
    return this.#state === 'ready' ? this.#info : undefined;
  }

  get lastError(): Error | undefined {
    return this.#lastError;
  }

  get pid(): number | undefined {
    return this.#connection?.pid;
  }

  /** Starts the child if there is none. */
  async load(signal?: AbortSignal): Promise<Info> {
    await this.#ready(signal);
    if (this.#info === undefined) throw new UnavailableError(`${this.#options.name} stopped right after its start.`);
    return this.#info;
  }

  /**
   * Runs a method in the child. When the child dies under it, it starts again once, unless something was shown.
   * Throws `UnavailableError` (retryable) for a lost child, `AbortedError` when the signal fires, else what the
   * child threw.
   */
  async request<Name extends keyof Table & string>(
    method: Name,
    params: Table[Name]['params'],
    options: RequestOptions<Table[Name]['event']> = {},
  ): Promise<Table[Name]['result']> {
    this.#enter();
    try {
      for (let attempt = 1; ; attempt++) {
        const connection = await this.#ready(options.signal);
        let shown = false;
        try {
          return await connection.request(method, params, {
            signal: options.signal,
            onEvent: (event) => {
              shown ||= options.isShown?.(event) ?? false;
              options.onEvent?.(event);
            },
          });
        } catch (error) {
          if (!(error instanceof ProcessDiedError)) throw error;
          if (this.#closing.signal.aborted) throw new AbortedError(`${this.#options.name} is shutting down.`);
          if (shown || attempt > 1) throw this.#lost(error);
          options.onRetry?.();
        }
      }
    } finally {
      this.#leave();
    }
  }

  /** Ends the child gracefully; the next request starts another. */
  async unload(): Promise<void> {
    clearTimeout(this.#idleTimer);
    await this.#starting?.catch(() => undefined);
    const recycling = this.#recycling;
    const connection = this.#connection;
    if (connection) this.#stopping ??= this.#stop(connection);
    await Promise.all([this.#stopping, this.#retiring?.stop(stopGraceInMs)]);
    await recycling;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.unload();
    this.#state = 'closed';
  }

  async #stop(connection: ChildConnection): Promise<void> {
    this.#state = 'stopping';
    try {
      await connection.stop(stopGraceInMs);
    } finally {
      this.#stopping = undefined;
    }
  }

  async #ready(signal: AbortSignal | undefined): Promise<ChildConnection> {
    if (this.#closing.signal.aborted)
      throw new UnavailableError(`${this.#options.name} is closed.`, { retryable: false });
    if (signal?.aborted) throw new AbortedError();
    if (this.#connection && this.#state === 'ready') return this.#connection;
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return raceAbort(this.#starting, signal);
  }

  async #start(): Promise<ChildConnection> {
    await this.#stopping;
    await this.#waitForBackOff();
    this.#state = 'loading';
    try {
      return await this.#startOnce().catch((error: unknown) => {
        if (!(error instanceof ProcessDiedError) || this.#closing.signal.aborted) throw error;
        return this.#startOnce();
      });
    } catch (error) {
      const told = error instanceof ProcessDiedError ? this.#diedWhileStarting(error) : toError(error);
      this.#state = this.#closing.signal.aborted ? 'closed' : 'failed';
      this.#lastError = told;
      this.#delayNextStart();
      throw told;
    }
  }

  async #startOnce(): Promise<ChildConnection> {
    const { connection, info } = await this.#open();
    this.#install(connection, info);
    return connection;
  }

  #install(connection: ChildConnection, info: Info): void {
    this.#info = info;
    this.#connection = connection;
    this.#state = 'ready';
    this.#lastError = undefined;
    this.#notRecycledBefore =
      this.#options.clock.monotonic() + (this.#options.recycle?.notBeforeInMs ?? defaultNotRecycledBeforeInMs);
  }

  /** A child that is ready, of which nobody knows yet. */
  async #open(): Promise<{ connection: ChildConnection; info: Info }> {
    const { program, startOptions, logger, clock, heartbeatTimeoutInMs } = this.#options;
    const options = await startOptions();
    if (this.#closing.signal.aborted) throw new AbortedError(`${this.#options.name} is shutting down.`);
    const startedAt = clock.monotonic();
    const connection = new ChildConnection({
      program,
      startOptions: options,
      heartbeatTimeoutInMs: heartbeatTimeoutInMs ?? defaultHeartbeatTimeoutInMs,
      onExit: (exit) => {
        if (this.#connection === connection) this.#afterExit(exit, startedAt);
      },
      onMemory: () => this.#considerRecycling(),
      logger,
      clock,
    });
    const kill = (): void => connection.kill();
    this.#closing.signal.addEventListener('abort', kill, { once: true });
    try {
      const info = (await connection.started) as Info;
      logger.info({ pid: connection.pid, durationInMs: clock.monotonic() - startedAt }, 'child process ready');
      return { connection, info };
    } catch (error) {
      connection.kill();
      await connection.exited;
      throw error;
    } finally {
      this.#closing.signal.removeEventListener('abort', kill);
    }
  }

  #considerRecycling(): void {
    const { recycle, clock } = this.#options;
    const connection = this.#connection;
    if (!recycle || !connection || this.#recycling || this.#state !== 'ready' || this.#closing.signal.aborted) return;
    if (connection.grownBytes <= recycle.growthInBytes || clock.monotonic() < this.#notRecycledBefore) return;
    if (this.#active > 0 && connection.grownBytes <= 2 * recycle.growthInBytes) return;
    this.#recycling = this.#recycle(connection)
      .catch((error: unknown) => {
        this.#notRecycledBefore = clock.monotonic() + recycleAgainAfterInMs;
        this.#options.logger.warn({ error: errorMessage(error) }, 'a grown child could not be replaced');
      })
      .finally(() => {
        this.#recycling = undefined;
      });
  }

  async #recycle(grown: ChildConnection): Promise<void> {
    const { logger } = this.#options;
    logger.info({ pid: grown.pid, rssBytes: grown.rssBytes, grownBytes: grown.grownBytes }, 'replacing a grown child');
    if (process.availableMemory() < roomForSecondChild * grown.rssBytes) {
      // No room for two: whoever asks meanwhile waits for the load. While somebody is served, it has to wait.
      if (this.#active > 0) return;
      this.#stopping ??= this.#stop(grown);
      await this.#stopping;
      return;
    }
    const { connection, info } = await this.#open();
    if (this.#connection !== grown || this.#state !== 'ready' || this.#closing.signal.aborted) {
      await connection.stop(stopGraceInMs);
      return;
    }
    this.#install(connection, info);
    this.#retiring = grown;
    await grown.whenIdle();
    await grown.stop(stopGraceInMs);
    this.#retiring = undefined;
  }

  /** After a child that was ready; one that was not is reported by its start. */
  #afterExit(exit: ExitReport, startedAt: number): void {
    const asked = this.#state === 'stopping' || this.#closing.signal.aborted;
    this.#connection = undefined;
    this.#state = 'unloaded';
    if (asked) {
      this.#failures = 0;
      return;
    }
    const livedInMs = this.#options.clock.monotonic() - startedAt;
    if (livedInMs >= healthyAfterInMs) this.#failures = 0;
    this.#delayNextStart();
    this.#options.logger.error({ exit, livedInMs }, 'child process died');
  }

  #delayNextStart(): void {
    this.#failures += 1;
    const base = this.#options.backOffBaseInMs ?? defaultBackOffBaseInMs;
    const delay = this.#failures < 2 ? 0 : Math.min(longestBackOffInMs, base * 2 ** (this.#failures - 2));
    this.#notBefore = this.#options.clock.monotonic() + delay;
  }

  async #waitForBackOff(): Promise<void> {
    const wait = this.#notBefore - this.#options.clock.monotonic();
    if (wait <= 0) return;
    if (wait > longestWaitForBackOffInMs) {
      throw new UnavailableError(`${this.#options.name} failed several times in a row; it is tried again shortly.`, {
        cause: this.#lastError,
        details: { retryAfterInSeconds: Math.ceil(wait / 1000) },
      });
    }
    await sleep(wait, undefined, { signal: this.#closing.signal });
  }

  #diedWhileStarting(error: ProcessDiedError): Error {
    return new ResourceError(
      `${this.#options.name} ended while it was starting (${describeExit(error.exit)}). ` +
        'The model file may be damaged, or there is too little memory for it: verify the file, or choose a smaller model.',
      { code: 'engine-start-failed', cause: new Error(error.exit.stderrTail) },
    );
  }

  #lost(error: ProcessDiedError): Error {
    return new UnavailableError(
      `${this.#options.name} stopped unexpectedly (${describeExit(error.exit)}). Try again.`,
      {
        code: 'engine-lost',
        cause: error,
      },
    );
  }

  #enter(): void {
    this.#active += 1;
    clearTimeout(this.#idleTimer);
  }

  #leave(): void {
    this.#active -= 1;
    this.#considerRecycling();
    if (this.#active > 0 || this.#options.idleUnloadInMs === 0 || this.#closing.signal.aborted) return;
    this.#idleTimer = setTimeout(() => {
      this.unload().catch((error: unknown) => {
        this.#options.logger.warn({ error: errorMessage(error) }, 'idle unload failed');
      });
    }, this.#options.idleUnloadInMs);
    this.#idleTimer.unref();
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(errorMessage(error));
}

async function raceAbort<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new AbortedError());
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
