import { setTimeout as delay } from 'node:timers/promises';
import { AbortedError } from '../base/errors.ts';

/** After somebody was served, so that what follows at once (a saved state, the next question) goes first. */
const CALM_IN_MS = 400;

/** Something that people wait for: replies being written, calls under way. */
export interface Foreground {
  readonly busy: boolean;
  /** Called when `busy` may have changed. */
  onChange(listener: () => void): Disposable;
}

/**
 * Lets models work in the background only while nobody waits for them: one piece of work at a time, none while a reply
 * is written or a call is under way. Work is *waiting* for its turn and for quiet → *running* → done, or *given way*:
 * its signal aborts the moment somebody is served, and `run` throws an `AbortedError` so that it is done again later.
 */
export class QuietTime {
  readonly #foregrounds: Foreground[];
  readonly #calmInMs: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor(foregrounds: readonly Foreground[], { calmInMs = CALM_IN_MS }: { calmInMs?: number } = {}) {
    this.#foregrounds = [...foregrounds];
    this.#calmInMs = calmInMs;
  }

  /** Something more that people may wait for from now on; work that runs already does not hear of it. */
  add(foreground: Foreground): void {
    this.#foregrounds.push(foreground);
  }

  async run<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    try {
      await untilSettled(before, signal);
      for (;;) {
        await this.#untilQuiet(signal);
        await delay(this.#calmInMs, undefined, { signal }).catch(() => signal.throwIfAborted());
        if (!this.#busy) break;
      }
      return await this.#undisturbed(work, signal);
    } finally {
      // Whoever waits behind goes on only after the one before has ended too.
      void before.then(() => resolve());
    }
  }

  get #busy(): boolean {
    return this.#foregrounds.some(({ busy }) => busy);
  }

  async #undisturbed<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const gaveWay = new AbortController();
    using _listening = this.#onChange(() => {
      if (this.#busy) gaveWay.abort(new AbortedError('Background work gave way to somebody who waits.'));
    });
    return await work(AbortSignal.any([signal, gaveWay.signal]));
  }

  async #untilQuiet(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#busy) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    using _listening = this.#onChange(() => {
      if (!this.#busy) resolve();
    });
    const stop = (): void => reject(new AbortedError());
    signal.addEventListener('abort', stop, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #onChange(listener: () => void): Disposable {
    const stack = new DisposableStack();
    for (const foreground of this.#foregrounds) stack.use(foreground.onChange(listener));
    return stack;
  }
}

async function untilSettled(before: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(new AbortedError());
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.race([before, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
