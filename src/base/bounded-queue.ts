import { UnavailableError } from './errors.ts';

/**
 * A queue between one fast producer and one reader. A reader that falls more than `limit` items behind
 * gets an error instead of costing memory without end.
 */
export class BoundedQueue<T> implements AsyncIterable<T> {
  readonly #limit: number;
  #items: T[] = [];
  #wake: (() => void) | undefined;
  #ended = false;
  #overflowed = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(item: T): void {
    if (this.#ended) return;
    if (this.#items.length >= this.#limit) {
      this.#overflowed = true;
      this.end();
      return;
    }
    this.#items.push(item);
    this.#wake?.();
  }

  /** Drops the queued items that fail the test. */
  retain(test: (item: T) => boolean): void {
    this.#items = this.#items.filter(test);
  }

  /** No more items; the reader gets what is queued, then the end. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      if (this.#overflowed)
        throw new UnavailableError('The reader is too slow for this stream.', { code: 'slow-reader' });
      const item = this.#items.shift();
      if (item !== undefined) {
        yield item;
      } else if (this.#ended) {
        return;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        this.#wake = undefined;
      }
    }
  }
}
