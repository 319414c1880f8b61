import { setImmediate as yieldLoop } from 'node:timers/promises';
import type { CallClock } from '../voice-ports.ts';

/** What fakes need of time. */
export interface TestClock extends CallClock {
  /** Resolves when this clock says so; rejects when the signal fires. */
  sleep(delayInMs: number, signal?: AbortSignal): Promise<void>;
  advance(byInMs: number): Promise<void>;
}

interface Timer {
  at: number;
  order: number;
  run: () => void;
}

/** Turns of the event loop given to promises before time goes on. */
const TURNS = 3;

/** Time that moves only when told. Everything due runs in order, and what it starts by promises is given its turn. */
export class VirtualClock implements TestClock {
  readonly #timers = new Set<Timer>();
  readonly #pending = new Set<Promise<unknown>>();
  #now = 0;
  #order = 0;

  now(): number {
    return this.#now;
  }

  after(delayInMs: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(delayInMs, 0), order: (this.#order += 1), run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  sleep(delayInMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const cancel = this.after(delayInMs, resolve);
      signal?.addEventListener('abort', () => {
        cancel();
        reject(signal.reason as Error);
      });
    });
  }

  /** Real work that takes no virtual time: the clock waits for it. */
  hold<T>(work: Promise<T>): Promise<T> {
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    this.#pending.add(settled);
    void settled.then(() => this.#pending.delete(settled));
    return work;
  }

  async advance(byInMs: number): Promise<void> {
    const until = this.#now + byInMs;
    for (;;) {
      await this.#breathe();
      const next = this.#nextBefore(until);
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = until;
    await this.#breathe();
  }

  async #breathe(): Promise<void> {
    do {
      await Promise.all(this.#pending);
      for (let turn = 0; turn < TURNS; turn += 1) await yieldLoop();
    } while (this.#pending.size > 0);
  }

  #nextBefore(until: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at > until) continue;
      if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    }
    return next;
  }
}
