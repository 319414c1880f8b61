import { Listeners } from '../../base/listeners.ts';

/** Texts that somebody waits for being embedded: work in the background on the same model gives way to them. */
export class QueryTraffic {
  readonly #listeners = new Listeners();
  #under = 0;

  get busy(): boolean {
    return this.#under > 0;
  }

  onChange(listener: () => void): Disposable {
    return this.#listeners.add(listener);
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    this.#under += 1;
    this.#listeners.tell();
    try {
      return await work();
    } finally {
      this.#under -= 1;
      this.#listeners.tell();
    }
  }
}
