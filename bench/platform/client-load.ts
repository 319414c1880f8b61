import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Longer than any order takes; milliseconds. */
const PATIENCE_IN_MS = 60_000;

/** Requests over so many connections at once, each the next as soon as it has its answer. */
export interface LoadOrder {
  port: number;
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  connections: number;
  durationInMs: number;
}

export interface LoadReport {
  count: number;
  /** Answers that were not 200. */
  refused: number;
  perSecond: number;
  /** To the whole answer. */
  latenciesInMs: number[];
  /** To the first bytes of a body. */
  firstBytesInMs: number[];
}

/** The process with the clients. */
export class ClientLoad implements Disposable {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, 'client-program.ts'), { execArgv: [] });

  async run(order: LoadOrder): Promise<LoadReport> {
    this.#child.send(order);
    const [report] = (await once(this.#child, 'message', { signal: AbortSignal.timeout(PATIENCE_IN_MS) })) as [
      LoadReport,
    ];
    return report;
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}
