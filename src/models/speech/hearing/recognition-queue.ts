import { AbortedError, isAbort } from '../../../base/errors.ts';

export interface QueueOptions {
  priority: 'live' | 'background';
  signal: AbortSignal;
}

interface Work {
  priority: QueueOptions['priority'];
  signal: AbortSignal;
  run(signal: AbortSignal): Promise<void>;
  reject(error: unknown): void;
  /** How often it had to begin again. */
  yielded: number;
}

/** Afterwards background work is left alone, so that it ends some day in a house full of calls. */
const MOST_YIELDS = 3;

/**
 * One thing at a time, the live ones first. A live one that comes while a background one runs stops it; an engine that
 * can stop begins it again later, one that cannot goes on to its end.
 */
export class RecognitionQueue {
  readonly #waiting: Work[] = [];
  #running: { work: Work; yielding: AbortController } | null = null;

  /** Rejects with `AbortedError` as soon as the signal fires while it waits. */
  add<Value>({ priority, signal }: QueueOptions, task: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    if (signal.aborted) return Promise.reject(new AbortedError());
    const work: Work = {
      priority,
      signal,
      run: async (until) => resolve(await task(until)),
      reject,
      yielded: 0,
    };
    const leave = (): void => {
      const index = this.#waiting.indexOf(work);
      if (index < 0) return;
      this.#waiting.splice(index, 1);
      reject(new AbortedError());
    };
    signal.addEventListener('abort', leave, { once: true });
    this.#enqueue(work, this.#waiting.length);
    this.#makeWay(work);
    this.#next();
    return promise.finally(() => signal.removeEventListener('abort', leave));
  }

  #enqueue(work: Work, index: number): void {
    const firstBackground = this.#waiting.findIndex(({ priority }) => priority === 'background');
    this.#waiting.splice(work.priority === 'live' && firstBackground >= 0 ? firstBackground : index, 0, work);
  }

  #makeWay(newcomer: Work): void {
    const running = this.#running;
    if (newcomer.priority !== 'live' || running?.work.priority !== 'background') return;
    if (running.work.yielded < MOST_YIELDS) running.yielding.abort();
  }

  #next(): void {
    if (this.#running) return;
    const work = this.#waiting.shift();
    if (!work) return;
    const yielding = new AbortController();
    this.#running = { work, yielding };
    void this.#run(work, yielding).finally(() => {
      this.#running = null;
      this.#next();
    });
  }

  async #run(work: Work, yielding: AbortController): Promise<void> {
    try {
      await work.run(AbortSignal.any([work.signal, yielding.signal]));
    } catch (error) {
      if (!isAbort(error) || !yielding.signal.aborted || work.signal.aborted) return work.reject(error);
      work.yielded += 1;
      const firstBackground = this.#waiting.findIndex(({ priority }) => priority === 'background');
      this.#enqueue(work, firstBackground < 0 ? this.#waiting.length : firstBackground);
    }
  }
}
