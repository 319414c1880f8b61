import { writeFileSync } from 'node:fs';
import { InvalidInputError } from '../../base/errors.ts';
import { toWireError, type FromChild, type MethodTable, type ToChild } from './rpc.ts';

export type ChildLog = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  fields?: Record<string, unknown>,
) => void;

export interface CallContext<Event> {
  signal: AbortSignal;
  emit(event: Event): void;
}

export type Handlers<Table extends MethodTable> = {
  [Name in keyof Table]: (
    params: Table[Name]['params'],
    context: CallContext<Table[Name]['event']>,
  ) => Promise<Table[Name]['result']>;
};

export interface ServedProgram<Table extends MethodTable, Info> {
  info: Info;
  handlers: Handlers<Table>;
  /** Runs once, after every call was cancelled; the process exits when it settles. */
  stop(): Promise<void>;
}

/** Often enough that a missing one means a stuck event loop, rare enough to cost nothing. */
const heartbeatInMs = 1000;
/** Linux only, -1000..1000: when memory runs out the kernel should take the engine, not the server. */
const outOfMemoryScore = '500';

/**
 * The child's half of a supervised process: answers `start`, dispatches calls, sends heartbeats.
 * It never outlives its parent: a closed channel ends it at once (nothing it writes is ever half-visible,
 * so there is nothing to finish). Terminal signals go to the whole process group; the parent decides, so they
 * are ignored here.
 */
export function serveChild<Table extends MethodTable, Info>(start: StartProgram<Table, Info>): void {
  const server = new ChildServer(start);
  process.on('message', (message: ToChild) => void server.receive(message));
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  setInterval(() => send({ type: 'beat', rssBytes: process.memoryUsage.rss() }), heartbeatInMs);
  preferToBeKilled();
}

export type StartProgram<Table extends MethodTable, Info> = (
  options: unknown,
  log: ChildLog,
) => Promise<ServedProgram<Table, Info>>;

interface RunningCall {
  controller: AbortController;
  ended: Promise<void>;
}

class ChildServer<Table extends MethodTable, Info> {
  readonly #startProgram: StartProgram<Table, Info>;
  readonly #running = new Map<number, RunningCall>();
  #program: ServedProgram<Table, Info> | undefined;

  constructor(start: StartProgram<Table, Info>) {
    this.#startProgram = start;
  }

  async receive(message: ToChild): Promise<void> {
    switch (message.type) {
      case 'start':
        return this.#start(message.options);
      case 'call': {
        const controller = new AbortController();
        const ended = this.#call(message, controller.signal);
        this.#running.set(message.id, { controller, ended });
        await ended;
        this.#running.delete(message.id);
        return;
      }
      case 'cancel':
        this.#running.get(message.id)?.controller.abort();
        return;
      case 'stop':
        return this.#stop();
      default:
        message satisfies never;
    }
  }

  async #start(options: unknown): Promise<void> {
    try {
      this.#program = await this.#startProgram(options, log);
      send({ type: 'ready', info: this.#program.info, rssBytes: process.memoryUsage.rss() });
    } catch (error) {
      send({ type: 'start-failed', error: toWireError(error) });
    }
  }

  async #call({ id, method, params }: Extract<ToChild, { type: 'call' }>, signal: AbortSignal): Promise<void> {
    try {
      if (!this.#program || !Object.hasOwn(this.#program.handlers, method)) {
        throw new InvalidInputError(`The child program has no method "${method}".`);
      }
      const handler = this.#program.handlers[method as keyof Table];
      const value = await handler(params, { signal, emit: (event) => send({ type: 'event', id, value: event }) });
      send({ type: 'result', id, value, rssBytes: process.memoryUsage.rss() });
    } catch (error) {
      send({ type: 'failure', id, error: toWireError(error) });
    }
  }

  /** Ends with the channel closed, which ends the process. */
  async #stop(): Promise<void> {
    try {
      for (const call of this.#running.values()) call.controller.abort();
      await Promise.all([...this.#running.values()].map((call) => call.ended));
      await this.#program?.stop();
    } catch (error) {
      log('error', 'child did not stop cleanly', { error: toWireError(error) });
    } finally {
      process.disconnect();
    }
  }
}

function send(message: FromChild): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

function log(level: Parameters<ChildLog>[0], message: string, fields: Record<string, unknown> = {}): void {
  send({ type: 'log', level, message, fields });
}

function preferToBeKilled(): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/oom_score_adj', outOfMemoryScore);
  } catch {
    // A sandbox may forbid it; it is only a preference.
  }
}
