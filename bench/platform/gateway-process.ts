import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

/** Milliseconds a process gets to close by itself. */
const PATIENCE_IN_MS = 10_000;
/** LiteLLM takes half a minute to begin on two busy cores. */
const START_PATIENCE_IN_MS = 120_000;
/** Of `utime` and `stime` in /proc/PID/stat: USER_HZ, 100 on every Linux that Node runs on; milliseconds. */
const TICK_IN_MS = 10;
const KIB = 1024;

export interface GatewayOptions {
  command: string;
  args: readonly string[];
  environment?: Readonly<Record<string, string>>;
  directory?: string;
  port: number;
  /** Answers as soon as it works. */
  healthPath: string;
}

/** A program under measurement, seen from outside: what the operating system says of it. Disposing ends it. */
export class GatewayProcess implements AsyncDisposable {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #begunAt = performance.now();
  #startInMs = 0;
  #words = '';

  private constructor({ command, args, environment = {}, directory, port }: GatewayOptions) {
    this.port = port;
    this.#child = spawn(command, [...args], {
      env: { ...process.env, NODE_ENV: 'production', ...environment },
      ...(directory === undefined ? {} : { cwd: directory }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (data: Buffer) => (this.#words = (this.#words + data.toString()).slice(-4000)));
    }
  }

  /** Resolves with its first answer. */
  static async start(options: GatewayOptions): Promise<GatewayProcess> {
    const gateway = new GatewayProcess(options);
    while (!(await answers(`http://127.0.0.1:${options.port}${options.healthPath}`))) {
      const isOver = gateway.#child.exitCode !== null || gateway.ageInMs > START_PATIENCE_IN_MS;
      if (isOver) {
        await gateway[Symbol.asyncDispose]();
        throw new Error(`${options.command} ${options.args.join(' ')} did not start: ${gateway.#words}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    gateway.#startInMs = gateway.ageInMs;
    return gateway;
  }

  /** Milliseconds since the start of the process. */
  get ageInMs(): number {
    return performance.now() - this.#begunAt;
  }

  /** From the start of the process to its first answer. */
  get startInMs(): number {
    return this.#startInMs;
  }

  /** User and system time since the start, milliseconds, in steps of ten. */
  async cpuInMs(): Promise<number> {
    const text = await readFile(`/proc/${this.#child.pid}/stat`, 'utf8');
    // proc(5): fields 14 and 15, counted from behind the name, which may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_IN_MS;
  }

  async residentBytes(): Promise<number> {
    const text = await readFile(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1]) * KIB;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_IN_MS);
    await gone;
    clearTimeout(timer);
  }
}

async function answers(address: string): Promise<boolean> {
  try {
    const response = await fetch(address);
    await response.arrayBuffer();
    return response.status < 500;
  } catch {
    return false;
  }
}
