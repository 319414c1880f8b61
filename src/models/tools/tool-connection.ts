import {
  Client,
  ProtocolError,
  SSEClientTransport,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client';
import { z } from 'zod';
import type { RefusedRequest } from '../../../contract/tool-parts.ts';
import type { Clock } from '../../base/clock.ts';
import { AbortedError, AppError, UnavailableError, errorMessage } from '../../base/errors.ts';
import { isPublicAddress } from '../../base/public-address.ts';
import { version } from '../../config/version.ts';
import { createGuardedFetch } from './guarded-fetch.ts';
import { callResultSchema, readResult } from './read-result.ts';
import { MOST_TOOLS, plainLine, readTools } from './read-tools.ts';
import { StdioTransport } from './stdio-transport.ts';
import type { ToolList, ToolResult, ToolServerTarget } from './tool-server.ts';
import { WatchedTransport } from './watched-transport.ts';

/** Milliseconds. A first start may fetch a package; after that no server needs seconds. */
const CONNECT_IN_MS = 30_000;
const LIST_IN_MS = 15_000;
/** Without a sign of life; a call that tells its progress may take as long as `CALL_WHOLE_IN_MS`. */
const CALL_IN_MS = 60_000;
const CALL_WHOLE_IN_MS = 300_000;
/** Pages of a list: a server may send as few tools on each as it likes. */
const MOST_PAGES = 50;
/** Requests of a server noted during its life. */
const MOST_REFUSED = 20;

export interface ToolTimes {
  connectInMs?: number;
  listInMs?: number;
  callInMs?: number;
  /** For a program to end by itself, then to end when asked. */
  graceInMs?: number;
}

export interface OpenToolConnectionOptions {
  target: ToolServerTarget;
  /** Where a program works; its own and private. */
  folder: string;
  /** The search path of programs, and nothing else of the house's environment. */
  searchPath: string;
  clock: Clock;
  signal: AbortSignal;
  /** The server says that its tools changed. */
  onListChange: () => void;
  /** The connection is gone, whoever ended it. */
  onClose: () => void;
  times?: ToolTimes;
}

const toolPageSchema = z.looseObject({
  tools: z.array(z.unknown()).catch([]),
  nextCursor: z.string().optional().catch(undefined),
});

/** One life of a connection to a server of tools. It is never used again once it closed. */
export class ToolConnection implements AsyncDisposable {
  readonly #client: Client;
  readonly #target: ToolServerTarget;
  readonly #times: Required<Omit<ToolTimes, 'graceInMs'>>;
  readonly #refused: RefusedRequest[] = [];
  #stdio: StdioTransport | null = null;
  #watched: WatchedTransport | null = null;

  private constructor({ target, times = {} }: OpenToolConnectionOptions) {
    this.#target = target;
    this.#times = { connectInMs: CONNECT_IN_MS, listInMs: LIST_IN_MS, callInMs: CALL_IN_MS, ...times };
    // No capability is offered: a server that wants to ask the person, use the model or see folders is refused.
    this.#client = new Client({ name: 'everwith', version }, { capabilities: {}, enforceStrictCapabilities: false });
  }

  /** Connects; throws an `AppError` that says what to do. */
  static async open(options: OpenToolConnectionOptions): Promise<ToolConnection> {
    const connection = new ToolConnection(options);
    try {
      await connection.#connect(options);
      connection.#client.setNotificationHandler('notifications/tools/list_changed', () => options.onListChange());
      // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's client is no event target
      connection.#client.onclose = () => options.onClose();
      return connection;
    } catch (error) {
      await connection[Symbol.asyncDispose]();
      throw connection.#describe(error, options.signal);
    }
  }

  async #connect(options: OpenToolConnectionOptions): Promise<void> {
    const { address } = options.target;
    if (address.transport === 'stdio') {
      const { folder, times: { graceInMs } = {} } = options;
      const grace = graceInMs === undefined ? {} : { graceInMs };
      this.#stdio = new StdioTransport({ address, environment: environmentOf(options), folder, ...grace });
      return this.#handshake(this.#stdio, options);
    }
    const fetch = createGuardedFetch({ isAllowed: address.privateAddresses ? () => true : isPublicAddress });
    const requestInit = { headers: { ...options.target.secrets } };
    const url = new URL(address.url);
    try {
      await this.#handshake(new StreamableHTTPClientTransport(url, { fetch, requestInit }), options);
    } catch (error) {
      // Servers of the first revision answer to a stream of their own only.
      if (!(error instanceof SdkHttpError) || ![400, 404, 405].includes(error.status)) throw error;
      await this.#handshake(new SSEClientTransport(url, { fetch, requestInit }), options);
    }
  }

  async #handshake(transport: Transport, { clock, signal }: OpenToolConnectionOptions): Promise<void> {
    this.#watched = new WatchedTransport(transport, { clock, onRefused: (refused) => this.#note(refused) });
    const timeout = this.#times.connectInMs;
    const late = AbortSignal.timeout(timeout);
    const ending = AbortSignal.any([signal, late]);
    const { promise, reject } = Promise.withResolvers<never>();
    const stop = () => reject(late.aborted ? this.#tooLate('start', timeout) : new AbortedError());
    ending.addEventListener('abort', stop, { once: true });
    try {
      const connecting = this.#client.connect(this.#watched, { signal: ending, timeout });
      await Promise.race([connecting, promise]);
    } finally {
      ending.removeEventListener('abort', stop);
    }
  }

  /** Everything the server lists, held to limits. */
  async list(signal: AbortSignal): Promise<ToolList> {
    const listed: unknown[] = [];
    let total = 0;
    let cursor: string | undefined;
    const late = AbortSignal.timeout(this.#times.listInMs);
    try {
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const { tools, nextCursor } = await this.#client.request(
          { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
          toolPageSchema,
          { signal: AbortSignal.any([signal, late]), timeout: this.#times.listInMs },
        );
        total += tools.length;
        listed.push(...tools.slice(0, Math.max(0, MOST_TOOLS * 2 - listed.length)));
        if (nextCursor === undefined || nextCursor === cursor) break;
        cursor = nextCursor;
      }
    } catch (error) {
      if (late.aborted && !signal.aborted) throw this.#tooLate('list its tools', this.#times.listInMs);
      throw this.#describe(error, signal);
    }
    return readTools(listed, total);
  }

  /** Calls a tool; a result that says it failed is a result. Stopping tells the server. */
  async call({
    tool,
    input,
    signal,
  }: {
    tool: string;
    input: Record<string, unknown>;
    signal: AbortSignal;
  }): Promise<ToolResult> {
    const before = this.#refused.length;
    try {
      const result = await this.#client.request(
        { method: 'tools/call', params: { name: tool, arguments: input } },
        callResultSchema,
        {
          signal,
          timeout: this.#times.callInMs,
          maxTotalTimeout: Math.max(CALL_WHOLE_IN_MS, this.#times.callInMs),
          resetTimeoutOnProgress: true,
          onprogress: () => undefined,
        },
      );
      return { text: readResult(result), failed: result.isError === true, refused: this.#refused.slice(before) };
    } catch (error) {
      // A refusal by the server is an answer the model can make something of.
      if (error instanceof ProtocolError && !this.#watched?.flooded) {
        const text = plainLine(error.message, 2000);
        return { text, failed: true, refused: this.#refused.slice(before) };
      }
      throw this.#describe(error, signal);
    }
  }

  /** What the server wanted from the person or the house so far. */
  get refused(): readonly RefusedRequest[] {
    return this.#refused;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.close().catch(() => undefined);
    // A transport whose handshake broke off is not the client's any more.
    await this.#watched?.close().catch(() => undefined);
  }

  #note(refused: RefusedRequest): void {
    if (this.#refused.length < MOST_REFUSED) this.#refused.push(refused);
  }

  #tooLate(doing: string, milliseconds: number): UnavailableError {
    const seconds = Math.round(milliseconds / 1000);
    return new UnavailableError(`${this.#target.name} took longer than ${seconds} seconds to ${doing}.`, {
      code: 'tool-server-timeout',
    });
  }

  #describe(error: unknown, signal: AbortSignal): AppError {
    if (signal.aborted) return new AbortedError();
    const { name } = this.#target;
    if (this.#watched?.flooded) {
      return new UnavailableError(`${name} sends more than any server of tools should and was cut off.`, {
        code: 'tool-server-floods',
        retryable: false,
      });
    }
    if (error instanceof AppError) return error;
    const cause = error instanceof Error && error.cause instanceof AppError ? error.cause : null;
    if (cause) return cause;
    if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
      return this.#tooLate('answer', this.#times.callInMs);
    }
    if (error instanceof SdkError && error.code === SdkErrorCode.ConnectionClosed) {
      return new UnavailableError(`${name} ended.${this.#lastWords()}`, { code: 'tool-server-died', cause: error });
    }
    if (error instanceof SdkError && error.code === SdkErrorCode.InvalidResult) {
      return new UnavailableError(`${name} sent something that is no result of MCP.`, {
        code: 'tool-server-garbage',
        cause: error,
      });
    }
    if (error instanceof SdkHttpError && (error.status === 401 || error.status === 403)) {
      return new UnavailableError(`${name} does not let the house in: check the headers you gave it.`, {
        code: 'tool-server-auth',
        retryable: false,
      });
    }
    return new UnavailableError(`${name} cannot be used: ${plainLine(errorMessage(error), 300)}${this.#lastWords()}`, {
      code: 'tool-server-failed',
      cause: error,
    });
  }

  /** The end of what a program wrote, without its secrets. */
  #lastWords(): string {
    let words = plainLine(this.#stdio?.lastWords ?? '', 500);
    for (const secret of Object.values(this.#target.secrets)) {
      if (secret.length >= 4) words = words.replaceAll(secret, '•••');
    }
    return words === '' ? '' : ` It last said: ${words}`;
  }
}

function environmentOf({ target, folder, searchPath }: OpenToolConnectionOptions): Record<string, string> {
  return { PATH: searchPath, HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8', ...target.secrets };
}
