import type { ResponseEvent } from '../../../../contract/openai/response-events.ts';
import type { ResponseObject } from '../../../../contract/openai/response-object.ts';

/** A response that runs by itself: what it told so far, for whoever looks in. */
export class ResponseRun {
  readonly #stop = new AbortController();
  readonly #events: ResponseEvent[] = [];
  #wakers: (() => void)[] = [];
  #ended = false;
  readonly response: ResponseObject;
  /** Settles when it has ended and is kept. */
  finished: Promise<void> = Promise.resolve();

  constructor(response: ResponseObject) {
    this.response = response;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get events(): readonly ResponseEvent[] {
    return this.#events;
  }

  stop(): void {
    this.#stop.abort();
  }

  tell(event: ResponseEvent): void {
    this.#events.push(event);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Everything after a sequence number, until the run ends or `signal` aborts. */
  async *watch(after: number, signal: AbortSignal): AsyncGenerator<ResponseEvent> {
    const wake = () => this.#wake();
    signal.addEventListener('abort', wake, { once: true });
    try {
      let next = Math.max(0, after + 1);
      while (!signal.aborted) {
        const event = this.#events[next];
        if (event) {
          next += 1;
          yield event;
        } else if (this.#ended) return;
        else await new Promise<void>((resolve) => this.#wakers.push(resolve));
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  #wake(): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }
}
