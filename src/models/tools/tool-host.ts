import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RefusedRequest } from '../../../contract/tool-parts.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError, UnavailableError, errorMessage, isAbort } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { Slots } from './slots.ts';
import { ToolConnection, type ToolTimes } from './tool-connection.ts';
import type { ToolList, ToolResult, ToolServerTarget } from './tool-server.ts';

/*
 * States of a server
 *   idle        no connection. Entry: at first, after ten quiet minutes, after it ended. Exit: a call → connecting.
 *   connecting  it starts and lists its tools. Exit: → ready, → failed.
 *   ready       it takes calls. Exit: → idle.
 *   failed      the last start gave an error. Exit: the next call tries again once the back-off has passed.
 */
export type ToolServerState = 'idle' | 'connecting' | 'ready' | 'failed';

export interface ToolServerStatus {
  state: ToolServerState;
  /** Why the last start failed; empty otherwise. */
  problem: string;
  refused: readonly RefusedRequest[];
}

export interface ToolHostOptions {
  /** Programs work in folders of their own below it. */
  folder: string;
  searchPath: string;
  clock: Clock;
  logger: Logger;
  /** A server listed its tools: whoever keeps lists keeps this one. */
  onList: (serverId: string, list: ToolList) => Promise<void>;
  times?: ToolTimes & { idleInMs?: number; backOffInMs?: number };
}

/** Calls of one server at a time; more wait. */
const CALLS_AT_ONCE = 4;
/** Milliseconds without a call after which a server is let go. */
const IDLE_IN_MS = 600_000;
/** Milliseconds after the first failed start, doubled with each, up to the longest. */
const BACK_OFF_IN_MS = 500;
const LONGEST_BACK_OFF_IN_MS = 60_000;
/** A call waits so long for a back-off to pass; beyond it an error is kinder than silence. */
const LONGEST_WAIT_IN_MS = 2000;

interface Session {
  target: ToolServerTarget;
  state: ToolServerState;
  connection: Promise<{ connection: ToolConnection; list: ToolList }> | null;
  refused: readonly RefusedRequest[];
  ending: AbortController;
  slots: Slots;
  failures: number;
  problem: string;
  tryAfter: number;
  idleTimer: NodeJS.Timeout | undefined;
  /** Its tools are being read again. */
  relisting: boolean;
}

/** Every server of tools that is in use: connected by its first call, watched over, let go when it is quiet. */
export class ToolHost implements AsyncDisposable {
  readonly #options: ToolHostOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #closing = new AbortController();

  constructor(options: ToolHostOptions) {
    this.#options = options;
  }

  status(serverId: string): ToolServerStatus {
    const session = this.#sessions.get(serverId);
    if (!session) return { state: 'idle', problem: '', refused: [] };
    return { state: session.state, problem: session.problem, refused: session.refused };
  }

  /** The tools as the server lists them now; connects where it must. `anew` starts it again first. */
  async list(target: ToolServerTarget, signal: AbortSignal, { anew = false } = {}): Promise<ToolList> {
    if (anew) await this.forget(target.id);
    const { list } = await this.#connected(target, signal);
    return list;
  }

  async call(
    target: ToolServerTarget,
    request: { tool: string; input: Record<string, unknown>; signal: AbortSignal },
  ): Promise<ToolResult> {
    const session = this.#session(target);
    using _slot = await session.slots.take(request.signal);
    clearTimeout(session.idleTimer);
    const { connection } = await this.#connected(target, request.signal);
    try {
      return await connection.call(request);
    } finally {
      session.refused = connection.refused;
      this.#restWhenQuiet(session);
    }
  }

  /** Ends a server's connection; the next call begins another. */
  async forget(serverId: string): Promise<void> {
    const session = this.#sessions.get(serverId);
    if (!session) return;
    this.#sessions.delete(serverId);
    await end(session);
  }

  /** The same for good: its folder goes too. */
  async remove(serverId: string): Promise<void> {
    await this.forget(serverId);
    await rm(join(this.#options.folder, serverId), { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(sessions.map(end));
  }

  #session({ id, name, address, secrets }: ToolServerTarget): Session {
    const target = { id, name, address, secrets };
    if (this.#closing.signal.aborted) throw new UnavailableError('The house closes.', { code: 'closing' });
    const known = this.#sessions.get(target.id);
    if (known) {
      if (isSamePlace(known.target, target)) return known;
      // It is reached in another way now.
      void this.forget(target.id);
    }
    const session: Session = {
      target,
      state: 'idle',
      connection: null,
      refused: [],
      ending: new AbortController(),
      slots: new Slots(CALLS_AT_ONCE),
      failures: 0,
      problem: '',
      tryAfter: 0,
      idleTimer: undefined,
      relisting: false,
    };
    this.#sessions.set(target.id, session);
    return session;
  }

  async #connected(target: ToolServerTarget, signal: AbortSignal) {
    const session = this.#session(target);
    if (!session.connection) await this.#waitForBackOff(session, signal);
    signal.throwIfAborted();
    session.connection ??= this.#connect(session);
    const { promise, reject } = Promise.withResolvers<never>();
    const leave = () => reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
    try {
      // Whoever leaves does not end the start: the next call finds it done.
      return await Promise.race([session.connection, promise]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  async #waitForBackOff(session: Session, signal: AbortSignal): Promise<void> {
    const wait = session.tryAfter - this.#options.clock.monotonic();
    if (wait <= 0) return;
    if (wait > LONGEST_WAIT_IN_MS) {
      throw new UnavailableError(
        `${session.target.name} could not be started and rests for ${Math.ceil(wait / 1000)} seconds: ${session.problem}`,
        { code: 'tool-server-rests' },
      );
    }
    await sleep(wait, undefined, { signal });
  }

  #connect(session: Session): NonNullable<Session['connection']> {
    session.state = 'connecting';
    const connecting = this.#open(session);
    connecting.then(
      () => this.#beReady(session),
      (error: unknown) => this.#failed(session, error),
    );
    return connecting;
  }

  #beReady(session: Session): void {
    session.state = 'ready';
    session.failures = 0;
    session.problem = '';
    this.#restWhenQuiet(session);
  }

  async #open(session: Session): Promise<{ connection: ToolConnection; list: ToolList }> {
    const { target, ending } = session;
    const { searchPath, clock, times, onList } = this.#options;
    const folder = join(this.#options.folder, target.id);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const connection = await ToolConnection.open({
      target,
      folder,
      searchPath,
      clock,
      signal: ending.signal,
      onListChange: () => void this.#listAgain(session),
      onClose: () => this.#ended(session),
      ...(times ? { times } : {}),
    });
    try {
      const list = await connection.list(ending.signal);
      session.refused = connection.refused;
      await onList(target.id, list);
      return { connection, list };
    } catch (error) {
      await connection[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** However often a server says that its tools changed, they are read once at a time. */
  async #listAgain(session: Session): Promise<void> {
    const held = session.connection;
    if (!held || session.relisting) return;
    session.relisting = true;
    try {
      const { connection } = await held;
      if (session.connection !== held) return;
      session.connection = Promise.resolve({ connection, list: await this.#relist(session, connection) });
    } catch (error) {
      this.#options.logger.debug(
        { serverId: session.target.id, code: codeOf(error) },
        'changed tools could not be read',
      );
    } finally {
      session.relisting = false;
    }
  }

  async #relist(session: Session, connection: ToolConnection): Promise<ToolList> {
    const list = await connection.list(session.ending.signal);
    await this.#options.onList(session.target.id, list);
    return list;
  }

  #failed(session: Session, error: unknown): void {
    session.connection = null;
    if (isAbort(error) && session.ending.signal.aborted) return;
    const { clock, logger, times } = this.#options;
    session.state = 'failed';
    session.problem = errorMessage(error);
    session.failures += 1;
    const pause = (times?.backOffInMs ?? BACK_OFF_IN_MS) * 2 ** (session.failures - 1);
    session.tryAfter = clock.monotonic() + Math.min(LONGEST_BACK_OFF_IN_MS, pause);
    // The message may hold words of the server: they are the owner's to read, not the log's.
    logger.warn({ serverId: session.target.id, code: codeOf(error) }, 'a server of tools could not be started');
  }

  #ended(session: Session): void {
    session.connection = null;
    clearTimeout(session.idleTimer);
    if (session.state === 'ready') session.state = 'idle';
  }

  #restWhenQuiet(session: Session): void {
    clearTimeout(session.idleTimer);
    if (session.slots.taken > 1 || session.ending.signal.aborted) return;
    const rest = () => void this.forget(session.target.id);
    session.idleTimer = setTimeout(rest, this.#options.times?.idleInMs ?? IDLE_IN_MS).unref();
  }
}

function isSamePlace(one: ToolServerTarget, other: ToolServerTarget): boolean {
  const place = ({ address, secrets }: ToolServerTarget) => JSON.stringify([address, secrets]);
  return place(one) === place(other);
}

async function end(session: Session): Promise<void> {
  clearTimeout(session.idleTimer);
  session.ending.abort();
  const open = await session.connection?.catch(() => null);
  await open?.connection[Symbol.asyncDispose]();
  session.state = 'idle';
}

function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : 'unknown';
}
