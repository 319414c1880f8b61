import type { ServerResponse } from 'node:http';

/** A reader that takes nothing for so long is cut off: money is set aside for it, and a model waits. */
const STALLED_IN_MS = 120_000;

/** Watches whether a reader still takes what it is sent; `limitInMs` after it stopped, its connection is closed. */
export class StalledReader {
  readonly #response: ServerResponse;
  readonly #limitInMs: number;
  #timer: NodeJS.Timeout | null = null;

  constructor(response: ServerResponse, limitInMs = STALLED_IN_MS) {
    this.#response = response;
    this.#limitInMs = limitInMs;
    response.on('drain', () => this.#moves());
    response.on('close', () => this.#moves());
  }

  /** Writes; false where the reader has to catch up first. */
  write(text: string, encoding: BufferEncoding = 'utf8'): boolean {
    const isTaken = this.#response.write(text, encoding);
    if (!isTaken && !this.#response.destroyed) this.#timer ??= setTimeout(() => this.#cut(), this.#limitInMs);
    return isTaken;
  }

  /** Resolves when there is room again, or nobody to write for. */
  drained(): Promise<void> {
    const response = this.#response;
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
    if (response.destroyed) done();
    return promise;
  }

  #moves(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #cut(): void {
    this.#timer = null;
    this.#response.destroy();
  }
}
