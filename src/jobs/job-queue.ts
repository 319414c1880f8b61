import type { Clock } from '../base/clock.ts';
import type { NewId } from '../base/ids.ts';
import type { Db, Trx } from '../storage/storage.ts';
import { putJob } from './job-store.ts';

/** The most urgent is 0. */
const USUAL_PRIORITY = 100;

export interface NewJob {
  name: string;
  /** One waiting job for each name and key. */
  key: string;
  payload: object;
  /** Lower first. */
  priority?: number;
  /** Epoch milliseconds; absent = now. */
  runAt?: number;
}

/** Work to be done once, also after a crash. */
export class JobQueue {
  readonly #clock: Clock;
  readonly #newId: NewId;
  readonly #listeners = new Set<(name: string) => void>();

  constructor({ clock, newId }: { clock: Clock; newId: NewId }) {
    this.#clock = clock;
    this.#newId = newId;
  }

  /** Joins the caller's transaction. Where the same work waits already, it gets this payload and this time. */
  async add(trx: Db | Trx, { name, key, payload, priority = USUAL_PRIORITY, runAt }: NewJob): Promise<void> {
    const createdAt = this.#clock.now();
    await putJob(trx, {
      id: this.#newId(),
      name,
      key,
      payload: JSON.stringify(payload),
      priority,
      runAt: runAt ?? createdAt,
      createdAt,
    });
    for (const listener of this.#listeners) listener(name);
  }

  /** Tells when work was added; its transaction may still be under way. Returns what ends it. */
  onAdd(listener: (name: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
