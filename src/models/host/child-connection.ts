import { fork, type ChildProcess } from 'node:child_process';
import { AbortedError } from '../../base/errors.ts';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import { fromWireError, type FromChild, type ToChild } from './rpc.ts';

/** How a child ended. `stderrTail` holds the last few kilobytes it wrote, where native libraries say why. */
export interface ExitReport {
  code: number | null;
  signal: NodeJS.Signals | null;
  stderrTail: string;
  /** True when we ended it because it no longer sent heartbeats. */
  stuck: boolean;
}

/** The process went away under a call. Internal to the supervisor, which decides what the caller sees. */
export class ProcessDiedError extends Error {
  readonly exit: ExitReport;

  constructor(exit: ExitReport) {
    super(`The process ended (${describeExit(exit)}).`);
    this.name = 'ProcessDiedError';
    this.exit = exit;
  }
}

export function describeExit(exit: ExitReport): string {
  if (exit.stuck) return 'it stopped answering';
  return exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : `signal ${exit.signal}`;
}

export interface ChildConnectionOptions {
  program: URL;
  startOptions: unknown;
  heartbeatTimeoutInMs: number;
  /** Called before the pending calls learn of it, so that whoever repeats one finds no dead connection. */
  onExit: (exit: ExitReport) => void;
  /** Called when the child told how much memory it has; see `grownBytes`. */
  onMemory?: () => void;
  logger: Logger;
  clock: Clock;
}

interface PendingCall {
  resolve(value: unknown): void;
  reject(error: Error): void;
  onEvent: (event: unknown) => void;
}

const stderrTailLength = 4096;
/** Several checks per time-out, so that a stuck child is noticed at most a quarter late. */
const heartbeatChecksPerTimeout = 4;

/**
 * One life of a child process: fork, handshake, calls, heartbeat, exit. It is never reused; the supervisor makes
 * another one.
 */
export class ChildConnection {
  readonly #child: ChildProcess;
  readonly #logger: Logger;
  readonly #pending = new Map<number, PendingCall>();
  readonly #started = Promise.withResolvers<unknown>();
  readonly #exited = Promise.withResolvers<ExitReport>();
  readonly #watch: NodeJS.Timeout;
  #nextId = 1;
  #stderrTail = '';
  #stuck = false;
  readonly #onExit: (exit: ExitReport) => void;
  readonly #onMemory: () => void;
  #lastBeat: number;
  #readyRssBytes = 0;
  #rssBytes = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(options: ChildConnectionOptions) {
    this.#logger = options.logger;
    this.#onExit = options.onExit;
    this.#onMemory = options.onMemory ?? (() => undefined);
    this.#child = fork(options.program, [], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#lastBeat = options.clock.monotonic();
    this.#child.on('message', (message) => {
      this.#lastBeat = options.clock.monotonic();
      this.#receive(message as FromChild);
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderrTail = (this.#stderrTail + text).slice(-stderrTailLength);
    });
    this.#child.on('error', (error) => this.#logger.error({ err: error }, 'child process error'));
    // 'close' comes after the pipes were read to their end, so the reason a native library printed is complete.
    this.#child.on('close', (code, signal) => this.#close(code, signal));
    this.#watch = this.#watchHeartbeat(options);
    this.#started.promise.catch(() => undefined);
    this.#send({ type: 'start', options: options.startOptions });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resident memory as the child last told it. */
  get rssBytes(): number {
    return this.#rssBytes;
  }

  /** What it has grown by since it was ready. */
  get grownBytes(): number {
    return this.#rssBytes - this.#readyRssBytes;
  }

  /** Resolves when no call waits for an answer, or the child is gone. */
  async whenIdle(): Promise<void> {
    if (this.#pending.size === 0) return;
    this.#idle ??= Promise.withResolvers<void>();
    await this.#idle.promise;
  }

  /** Settles with the program's info, or rejects with its start error or a `ProcessDiedError`. */
  get started(): Promise<unknown> {
    return this.#started.promise;
  }

  get exited(): Promise<ExitReport> {
    return this.#exited.promise;
  }

  /** Rejects with the child's error, `AbortedError` at once when the signal fires, or `ProcessDiedError`. */
  async request(
    method: string,
    params: unknown,
    options: { signal: AbortSignal | undefined; onEvent: (event: unknown) => void },
  ): Promise<unknown> {
    const { signal, onEvent } = options;
    if (signal?.aborted) throw new AbortedError();
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const onAbort = (): void => {
      this.#send({ type: 'cancel', id });
      this.#pending.delete(id);
      reject(new AbortedError());
    };
    this.#pending.set(id, { resolve, reject, onEvent });
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      this.#send({ type: 'call', id, method, params });
      return await promise;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      if (this.#pending.size === 0) this.#idle?.resolve();
    }
  }

  /** Asks the child to finish; ends it by force after the grace period. */
  async stop(graceInMs: number): Promise<ExitReport> {
    this.#send({ type: 'stop' });
    const timer = setTimeout(() => this.kill(), graceInMs);
    try {
      return await this.#exited.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #send(message: ToChild): void {
    // A closed channel is reported by 'close', which rejects every pending call.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #receive(message: FromChild): void {
    switch (message.type) {
      case 'beat':
        this.#remember(message.rssBytes);
        break;
      case 'ready':
        this.#readyRssBytes = message.rssBytes;
        this.#rssBytes = message.rssBytes;
        this.#started.resolve(message.info);
        break;
      case 'start-failed':
        this.#started.reject(fromWireError(message.error));
        break;
      case 'log':
        this.#logger[message.level](message.fields, message.message);
        break;
      case 'event':
        this.#pending.get(message.id)?.onEvent(message.value);
        break;
      case 'result':
        this.#pending.get(message.id)?.resolve(message.value);
        this.#pending.delete(message.id);
        this.#remember(message.rssBytes);
        break;
      case 'failure':
        this.#pending.get(message.id)?.reject(fromWireError(message.error));
        this.#pending.delete(message.id);
        break;
      default:
        message satisfies never;
    }
  }

  #remember(rssBytes: number): void {
    this.#rssBytes = rssBytes;
    if (this.#readyRssBytes > 0) this.#onMemory();
  }

  /**
   * A late check of our own (a suspended laptop, a starved machine) says nothing about the child, so it only starts
   * the wait again.
   */
  #watchHeartbeat({ heartbeatTimeoutInMs, clock }: ChildConnectionOptions): NodeJS.Timeout {
    const interval = heartbeatTimeoutInMs / heartbeatChecksPerTimeout;
    let lastCheck = clock.monotonic();
    const timer = setInterval(() => {
      const now = clock.monotonic();
      if (now - lastCheck > 2 * interval) this.#lastBeat = now;
      lastCheck = now;
      if (now - this.#lastBeat <= heartbeatTimeoutInMs) return;
      this.#stuck = true;
      this.kill();
    }, interval);
    timer.unref();
    return timer;
  }

  #close(code: number | null, signal: NodeJS.Signals | null): void {
    clearInterval(this.#watch);
    const exit: ExitReport = { code, signal, stderrTail: this.#stderrTail, stuck: this.#stuck };
    const error = new ProcessDiedError(exit);
    this.#onExit(exit);
    this.#started.reject(error);
    for (const call of this.#pending.values()) call.reject(error);
    this.#pending.clear();
    this.#exited.resolve(exit);
  }
}
