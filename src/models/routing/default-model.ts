import { AbortedError, UnavailableError, type AppError } from '../../base/errors.ts';
import { readSetting, writeSetting } from '../../storage/setting-store.ts';
import type { Db } from '../../storage/storage.ts';

const SETTING = { scope: 'house', key: 'defaultModel' } as const;

/**
 * The model a conversation uses unless it names another. States: *unknown* (nothing chosen yet, those who ask wait) →
 * *set*, or *stuck* with the reason why no first model could be had; setting one leaves any state.
 */
export class DefaultModel {
  readonly #db: Db;
  #ref: string | null = null;
  #stuck: AppError | null = null;
  readonly #waiting = new Set<() => void>();

  constructor(db: Db) {
    this.#db = db;
  }

  get ref(): string | null {
    return this.#ref;
  }

  get stuck(): AppError | null {
    return this.#stuck;
  }

  async load(): Promise<string | null> {
    this.#ref = (await readSetting(this.#db, SETTING)) ?? null;
    return this.#ref;
  }

  async set(ref: string): Promise<void> {
    await writeSetting(this.#db, { ...SETTING, value: ref });
    this.#ref = ref;
    this.#stuck = null;
    this.#wake();
  }

  /** Nothing is chosen any more, for example because the weights were removed: those who ask wait again. */
  clear(): void {
    this.#ref = null;
    this.#stuck = null;
  }

  fail(error: AppError): void {
    this.#stuck = error;
    this.#wake();
  }

  /** Waits until there is one. Throws `UnavailableError` (`no-model`) with the reason when there will be none. */
  async wait(signal: AbortSignal): Promise<string> {
    for (;;) {
      if (this.#ref !== null) return this.#ref;
      if (this.#stuck) {
        throw new UnavailableError(`There is no model to answer yet. ${this.#stuck.message}`, {
          code: 'no-model',
          cause: this.#stuck,
        });
      }
      if (signal.aborted) throw new AbortedError();
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
