import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ProcessSample } from './probe.ts';

const projectRoot = join(import.meta.dirname, '..', '..');
/** Milliseconds a process gets to close by itself. */
const PATIENCE_IN_MS = 10_000;

export interface MeasuredProcessOptions {
  /** Relative to the project. */
  program: string;
  /** Node's own options. */
  nodeOptions?: readonly string[];
  /** False leaves the probe out, whose loading a start should not pay for. */
  probed?: boolean;
  args?: readonly string[];
  environment?: Readonly<Record<string, string>>;
}

/** A Node program of this project in a process of its own, with the probe inside. Disposing ends it. */
export class MeasuredProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  #errors = '';

  constructor({ program, nodeOptions = [], probed = true, args = [], environment = {} }: MeasuredProcessOptions) {
    const probe = probed ? ['--import', join(import.meta.dirname, 'probe.ts')] : [];
    this.#child = spawn(process.execPath, [...nodeOptions, ...probe, join(projectRoot, program), ...args], {
      cwd: projectRoot,
      env: { ...process.env, NODE_ENV: 'production', ...environment },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.on('data', (data: Buffer) => {
      this.#errors = (this.#errors + data.toString()).slice(-4000);
    });
  }

  /** What the process did since it was asked before. */
  async sample(): Promise<ProcessSample> {
    this.#child.send('sample');
    const [answer] = (await once(this.#child, 'message', { signal: AbortSignal.timeout(PATIENCE_IN_MS) })) as [
      ProcessSample,
    ];
    return answer;
  }

  /** Throws with the program's own words when it has ended. */
  assertRuns(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) return;
    throw new Error(`A measured program ended with ${this.#child.exitCode ?? this.#child.signalCode}: ${this.#errors}`);
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

/** Waits until the address answers `/healthz`, looking every two milliseconds. Returns milliseconds waited. */
export async function untilHealthy(child: MeasuredProcess, address: string): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    child.assertRuns();
    try {
      const response = await fetch(`${address}/healthz`);
      await response.arrayBuffer();
      if (response.ok) return performance.now() - startedAt;
    } catch {
      // not listening yet
    }
    if (performance.now() - startedAt > 60_000) throw new Error('A server did not answer within a minute.');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
