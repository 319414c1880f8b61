import type { OnAccount } from '../../models/billing/bill.ts';
import { errorMessage } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { JobQueue } from '../../jobs/job-queue.ts';
import type { EmbeddingDirectory } from '../../models/routing/embedding-directory.ts';
import type { Storage } from '../../storage/storage.ts';
import { canRead } from '../recall/readable-text.ts';
import { cosineOf } from '../vectors/quantize.ts';
import { unlessAborted, type QueryVectors } from '../vectors/query-vectors.ts';
import { EMBED_PASSAGES_JOB } from './embed-passages.ts';
import { readPassageVectors } from './passage-vector-store.ts';

/** Files whose vectors are held; a book of 300 pages takes some 250 kB. */
const MOST_HELD = 24;

export interface PassageMeaningOptions {
  storage: Pick<Storage, 'db'>;
  directory: EmbeddingDirectory;
  queries: QueryVectors;
  queue: JobQueue;
  logger: Logger;
}

export interface MeaningQuery {
  files: readonly { id: string; passages: number }[];
  text: string;
  /** Who pays where a model reads the question. */
  account: OnAccount;
  /** True in a call, where every wait is heard. */
  spoken: boolean;
  signal: AbortSignal;
}

/** How near passages of files are to a question in meaning, where an embedding model is here; never waits long. */
export class PassageMeaning {
  readonly #options: PassageMeaningOptions;
  readonly #held = new Map<string, ReadonlyMap<number, Int8Array>>();

  constructor(options: PassageMeaningOptions) {
    this.#options = options;
  }

  /**
   * Cosines by `attachment:position`; null where no model is here, it does not read this script, or it took too long.
   * Files that the model has not read whole are put in the queue, and take part with what is read of them.
   */
  async similar(query: MeaningQuery): Promise<ReadonlyMap<string, number> | null> {
    const { signal, text, spoken } = query;
    if (text.trim() === '') return null;
    const limit = this.#options.queries.patience({ spoken, signal });
    try {
      return await unlessAborted(this.#find(query, limit), limit);
    } catch (error) {
      signal.throwIfAborted();
      if (!limit.aborted) {
        this.#options.logger.warn({ reason: errorMessage(error) }, 'passages are looked for by words only');
      }
      return null;
    }
  }

  async #find(
    { files, text, account }: MeaningQuery,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, number> | null> {
    const handle = await this.#options.directory.current(signal);
    if (!handle || !canRead(handle.languages, text)) return null;
    const vectors = await Promise.all(files.map((file) => this.#vectorsOf(file, handle.ref)));
    if (vectors.every(({ size }) => size === 0)) return null;
    const query = await this.#options.queries.of(handle.billed({ account }), { text, signal });
    if (query.length === 0) return null;
    const cosines = new Map<string, number>();
    for (const [index, { id }] of files.entries()) {
      for (const [position, vector] of vectors[index] ?? []) {
        if (vector.length > 0) cosines.set(`${id}:${position}`, cosineOf(query, vector));
      }
    }
    return cosines.size === 0 ? null : cosines;
  }

  async #vectorsOf(
    { id, passages }: MeaningQuery['files'][number],
    model: string,
  ): Promise<ReadonlyMap<number, Int8Array>> {
    const key = `${model} ${id}`;
    const known = this.#held.get(key);
    if (known) return known;
    const { storage, queue } = this.#options;
    const vectors = await readPassageVectors(storage.db, { attachmentId: id, model });
    if (vectors.size < passages) {
      await queue.add(storage.db, { name: EMBED_PASSAGES_JOB, key: id, payload: {} });
      return vectors;
    }
    this.#held.set(key, vectors);
    const oldest = this.#held.keys().next().value;
    if (this.#held.size > MOST_HELD && oldest !== undefined) this.#held.delete(oldest);
    return vectors;
  }
}
