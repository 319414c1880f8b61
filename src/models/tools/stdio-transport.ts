import { spawn, type ChildProcess } from 'node:child_process';
import {
  deserializeMessage,
  serializeMessage,
  type JSONRPCMessage,
  type Transport,
} from '@modelcontextprotocol/client';
import { ResourceError, UnavailableError, errorMessage } from '../../base/errors.ts';
import type { StdioAddress } from './tool-server.ts';

/** Bytes of one message; a result is cut at a fraction of it. */
export const MOST_MESSAGE_BYTES = 8 * 1024 * 1024;
/** Bytes of the last words on standard error that tell why a program ended. */
const STDERR_TAIL = 2048;
/** Milliseconds that a program gets to end by itself, then to end when asked. */
const GRACE_MS = 1000;

export interface StdioTransportOptions {
  address: StdioAddress;
  /** All that the program sees of the environment. */
  environment: Readonly<Record<string, string>>;
  /** Its working folder, its own. */
  folder: string;
  /** Milliseconds that it gets to end by itself, then to end when asked. */
  graceInMs?: number;
}

/**
 * A child process that speaks MCP, one JSON message a line. It is the leader of a process group of its own, so that
 * what it started ends with it, and it sees nothing of the house's environment. Lines that are no messages are passed
 * over: many programs greet on standard output. A line without end is the end of the program.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #options: StdioTransportOptions;
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #parts: Buffer[] = [];
  #held = 0;
  #stderr = '';

  constructor(options: StdioTransportOptions) {
    this.#options = options;
  }

  /** What the program last wrote on standard error: for people who look for the reason, never for logs. */
  get lastWords(): string {
    return this.#stderr.trim();
  }

  async start(): Promise<void> {
    const { address, environment, folder } = this.#options;
    const child = spawn(address.command, [...address.args], {
      cwd: folder,
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => resolve());
    });
    child.once('exit', () => this.#ended());
    child.stdin?.on('error', (error) => this.onerror?.(error));
    child.stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-STDERR_TAIL);
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', () => resolve());
      child.once('error', (error) => reject(cannotStart(address.command, error)));
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin;
    if (!stdin?.writable)
      throw new UnavailableError('The program of the tools has ended.', { code: 'tool-server-died' });
    if (stdin.write(serializeMessage(message))) return;
    // A program that does not read must not hold whoever calls for ever: the call's own time limit ends it.
    await new Promise<void>((resolve) => {
      stdin.once('drain', resolve);
      stdin.once('close', resolve);
    });
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    child.stdin?.end();
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (await this.#isGone()) break;
      endGroup(child, signal);
    }
    await this.#letGo(child);
  }

  /** Ends a program that sends too much: whatever it would still say is not waited for. */
  async cutOff(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    endGroup(child, 'SIGKILL');
    await this.#letGo(child);
  }

  async #letGo(child: ChildProcess): Promise<void> {
    await this.#exited;
    // What it started may have outlived it.
    endGroup(child, 'SIGKILL');
    child.stdout?.destroy();
    child.stderr?.destroy();
    this.onclose?.();
  }

  async #isGone(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), this.#options.graceInMs ?? GRACE_MS);
    void this.#exited.then(() => resolve(true));
    const gone = await promise;
    clearTimeout(timer);
    return gone;
  }

  #ended(): void {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    endGroup(child, 'SIGKILL');
    this.onclose?.();
  }

  #read(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(0x0a); end !== -1; end = rest.indexOf(0x0a)) {
      this.#parts.push(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      const line = Buffer.concat(this.#parts).toString('utf8');
      this.#parts = [];
      this.#held = 0;
      this.#take(line);
    }
    if (rest.length === 0) return;
    this.#parts.push(rest);
    this.#held += rest.length;
    if (this.#held > MOST_MESSAGE_BYTES) {
      this.onerror?.(
        new UnavailableError('The server of the tools sends a message without end.', { code: 'tool-server-floods' }),
      );
      this.#parts = [];
      void this.cutOff();
    }
  }

  #take(line: string): void {
    if (!line.trimStart().startsWith('{')) return;
    let message: JSONRPCMessage;
    try {
      message = deserializeMessage(line);
    } catch {
      return;
    }
    this.onmessage?.(message);
  }
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

function cannotStart(command: string, error: Error): ResourceError {
  const { code } = error as NodeJS.ErrnoException;
  const reason =
    code === 'ENOENT'
      ? `There is no program “${command}” on this machine: give its whole path, or install it.`
      : `The program “${command}” cannot be started: ${errorMessage(error)}`;
  return new ResourceError(reason, { code: 'tool-server-start', field: 'command', cause: error });
}
