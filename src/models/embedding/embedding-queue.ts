import { AbortedError } from '../../base/errors.ts';
import type { EmbeddingKind } from './embedding-protocol.ts';

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

/**
 * One text at a time: the engine has one context. Whoever wants to embed a text waits for a turn, gives it back, and
 * asks again for the next text; queries go first, so that a reply waits for one passage of a backlog at most.
 */
export class EmbeddingQueue {
  readonly #waiting: Record<EmbeddingKind, Waiting[]> = { query: [], passage: [] };
  #busy = false;

  /** Rejects with `AbortedError` as soon as the signal fires while it waits. */
  async turn<Value>(
    { kind, signal }: { kind: EmbeddingKind; signal: AbortSignal },
    work: () => Promise<Value>,
  ): Promise<Value> {
    if (signal.aborted) throw new AbortedError();
    if (this.#busy) await this.#wait(kind, signal);
    this.#busy = true;
    try {
      return await work();
    } finally {
      this.#passOn();
    }
  }

  async #wait(kind: EmbeddingKind, signal: AbortSignal): Promise<void> {
    const line = this.#waiting[kind];
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { resolve, reject };
    line.push(waiting);
    const leave = (): void => {
      const index = line.indexOf(waiting);
      if (index < 0) return;
      line.splice(index, 1);
      reject(new AbortedError());
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** It stays busy while it is handed on, so that nobody slips in between. */
  #passOn(): void {
    const next = this.#waiting.query.shift() ?? this.#waiting.passage.shift();
    if (next) next.resolve();
    else this.#busy = false;
  }
}
