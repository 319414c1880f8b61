import { execFile } from 'node:child_process';

export interface SideProgramOptions {
  /** A file of this house that does one piece of work and ends. */
  program: string;
  /** JavaScript memory of one run, MiB. */
  heapInMib: number;
  /** A run that takes longer is ended, milliseconds. */
  patienceInMs: number;
  /** Runs at the same time; the others wait. */
  atOnce: number;
  /** All that the program sees of the environment; nothing where absent. */
  environment?: Readonly<Record<string, string>>;
}

/** The program was ended for its time (`too-slow`), or broke off for its memory or by itself. */
export class SideProgramError extends Error {
  readonly reason: 'too-slow' | 'broken';

  constructor(reason: 'too-slow' | 'broken', cause: unknown) {
    super(`The program ended: ${reason}`, { cause });
    this.reason = reason;
  }
}

/**
 * Work on what strangers send, in child processes with limits of memory and time: a bomb or an endless loop costs one
 * piece of work and never the house.
 */
export class SideProgram {
  readonly #options: SideProgramOptions;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: SideProgramOptions) {
    this.#options = options;
  }

  /** Throws `SideProgramError`, or the signal's reason. */
  async run(words: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#enter();
    try {
      signal.throwIfAborted();
      await this.#execute(words, signal);
    } finally {
      this.#leave();
    }
  }

  #execute(words: readonly string[], signal: AbortSignal): Promise<void> {
    const { program, heapInMib, patienceInMs, environment: env = {} } = this.#options;
    return new Promise((resolve, reject) => {
      const options = { timeout: patienceInMs, killSignal: 'SIGKILL', signal, env } as const;
      execFile(process.execPath, [`--max-old-space-size=${heapInMib}`, program, ...words], options, (error) => {
        if (!error) resolve();
        else if (signal.aborted) reject(signal.reason as Error);
        else reject(new SideProgramError(error.killed ? 'too-slow' : 'broken', error));
      });
    });
  }

  async #enter(): Promise<void> {
    if (this.#running >= this.#options.atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
  }

  /** Whoever waits takes the place. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }
}
