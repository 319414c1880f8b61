import { AbortedError } from '../base/errors.ts';
import { EXIT } from './exit-codes.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type InterruptSignal = (typeof SIGNALS)[number];
type Listener = (signal: InterruptSignal) => void;

/**
 * Ctrl-C and its kin. Whoever listened last decides what an interrupt means; where nobody listens, the process ends
 * at once.
 */
export class Interrupts {
  readonly #listeners: Listener[] = [];
  readonly #exit: (code: number) => void;

  constructor(exit: (code: number) => void) {
    this.#exit = exit;
  }

  /** Takes over what signals mean to this process. */
  attach(): void {
    for (const signal of SIGNALS) process.on(signal, () => this.raise(signal));
  }

  /** Also for a terminal in raw mode, where Ctrl-C is a key and no signal. */
  raise(signal: InterruptSignal): void {
    const listener = this.#listeners.at(-1);
    if (listener) listener(signal);
    else this.end();
  }

  listen(listener: Listener): Disposable {
    this.#listeners.push(listener);
    return {
      [Symbol.dispose]: () => {
        const index = this.#listeners.lastIndexOf(listener);
        if (index !== -1) this.#listeners.splice(index, 1);
      },
    };
  }

  /** A signal that aborts at the first interrupt; the second ends the process. */
  signal(): Disposable & { signal: AbortSignal } {
    const controller = new AbortController();
    const listening = this.listen(() => {
      if (controller.signal.aborted) this.end();
      else controller.abort(new AbortedError());
    });
    return { signal: controller.signal, [Symbol.dispose]: () => listening[Symbol.dispose]() };
  }

  /** Leaves without waiting for anything. */
  end(): void {
    this.#exit(EXIT.interrupted);
  }
}
