import { z } from 'zod';
import { AbortedError, AppError, isAbort } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { JobHandler, JobRun } from '../../jobs/job-worker.ts';
import type { EmbeddingDirectory } from '../../models/routing/embedding-directory.ts';
import type { EmbeddingHandle } from '../../models/spec/embedding-handle.ts';
import type { Storage } from '../../storage/storage.ts';
import type { HousePairMemories } from '../pair-memories.ts';
import type { Pair } from '../pair-view.ts';
import type { QuietTime } from '../quiet-time.ts';
import type { ForbiddenWords } from '../recall-service.ts';
import { canRead } from '../recall/readable-text.ts';
import type { MissingVector, MissingVectors } from './missing-vectors.ts';
import type { PgvectorStore } from './pgvector-store.ts';
import type { QueryTraffic } from './query-traffic.ts';
import type { ServingModel } from './serving-model.ts';
import type { VectorStore } from './vector-store.ts';

export const EMBED_JOB = 'memory-embed';

/** Texts that are embedded before they are written down: what a crash or giving way costs at most. */
const TEXTS_PER_BATCH = 32;
/** Of a text more than any model reads. UTF-16 units. */
const PASSAGE_LENGTH = 8000;
/** Asked when a model refuses a batch. */
const HARMLESS_TEXT = 'Hello.';
/** Old vectors that are removed in one statement: a few milliseconds. */
const ROWS_PER_REMOVAL = 1000;

const payloadSchema = z.object({ ownerId: z.string(), characterId: z.string() });

export interface EmbedJobOptions {
  storage: Pick<Storage, 'transaction'>;
  store: VectorStore;
  /** Null where pgvector is not what compares. */
  pgvector: PgvectorStore | null;
  memories: HousePairMemories;
  missing: MissingVectors;
  serving: ServingModel;
  directory: EmbeddingDirectory;
  traffic: QueryTraffic;
  quiet: QuietTime;
  rules: (pair: Pair) => Promise<ForbiddenWords>;
  logger: Logger;
}

/**
 * Gives every message of a pair a vector of the chosen model, newest first, in batches that give way to whoever waits;
 * then removes vectors of other models. Begun again at any point it does what is left.
 */
export class EmbedJob implements JobHandler {
  readonly name = EMBED_JOB;
  readonly #options: EmbedJobOptions;

  constructor(options: EmbedJobOptions) {
    this.#options = options;
  }

  async run({ payload }: JobRun, signal: AbortSignal): Promise<'done'> {
    const pair = payloadSchema.parse(payload);
    const { directory, memories, pgvector } = this.#options;
    if (pgvector) await convertAll(pgvector, signal);
    for (;;) {
      const handle = await directory.current(signal);
      // Whoever chooses a model later adds the job again.
      if (!handle) return 'done';
      const memory = await memories.open(pair);
      await this.#forgetPrivate(pair, memory.conversationIds);
      if (await this.#embedMissing(pair, { handle, signal })) {
        await this.#removeOthers(pair, { handle, conversationIds: memory.conversationIds, signal });
        return 'done';
      }
    }
  }

  /** True when nothing is left to do; false when it has to be looked again. */
  async #embedMissing(
    pair: Pair,
    { handle, signal }: { handle: EmbeddingHandle; signal: AbortSignal },
  ): Promise<boolean> {
    const { memories, missing, rules, directory } = this.#options;
    const memory = await memories.open(pair);
    const left = await missing.of(memory, { model: handle.ref, forbidden: await rules(pair) });
    if (left.length === 0) return true;
    const change = new AbortController();
    using _watching = directory.onChange(() => change.abort(new AbortedError('Another model was chosen.')));
    const going = AbortSignal.any([signal, change.signal]);
    let stored = 0;
    try {
      for (let start = 0; start < left.length; start += TEXTS_PER_BATCH) {
        stored += await this.#embedBatch(pair, {
          handle,
          batch: left.slice(start, start + TEXTS_PER_BATCH),
          signal: going,
        });
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!change.signal.aborted) throw error;
      return false;
    }
    // What could not be written down this time belongs to nobody any more.
    return stored === 0;
  }

  /** Returns how many were written down. */
  async #embedBatch(
    pair: Pair,
    { handle, batch, signal }: { handle: EmbeddingHandle; batch: readonly MissingVector[]; signal: AbortSignal },
  ): Promise<number> {
    const { storage, store, serving, rules } = this.#options;
    const vectors = await this.#whenQuiet((quietly) => this.#embed(handle, { batch, signal: quietly }), signal);
    const stored = await storage.transaction(async (trx) => {
      const there = await store.existing(
        trx,
        batch.map(({ messageId }) => messageId),
      );
      const rows = batch.flatMap(({ messageId, conversationId, hash }, index) => {
        const vector = vectors[index];
        return vector && there.has(messageId) ? [{ messageId, conversationId, hash, vector }] : [];
      });
      await store.put(trx, { model: handle.ref, vectors: rows });
      return rows.length;
    });
    serving.changed(pair);
    // What was forgotten while the model worked found no vector to remove.
    const forbidden = await rules(pair);
    const forgotten = batch.filter(({ messageId, passage }) => forbidden.forbids(messageId, passage));
    if (forgotten.length > 0) {
      await storage.transaction((trx) =>
        store.remove(
          trx,
          forgotten.map(({ messageId }) => messageId),
        ),
      );
    }
    return stored;
  }

  /** Again and again until nobody interrupts: only the batch under way is lost to whoever waits. */
  async #whenQuiet<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      try {
        return await this.#options.quiet.run((quietly) => this.#givingWay(work, quietly), signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!isAbort(error)) throw error;
      }
    }
  }

  /** Stops while somebody waits for a text of theirs to be embedded. */
  async #givingWay<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const { traffic } = this.#options;
    const yielding = new AbortController();
    const look = (): void => {
      if (traffic.busy) yielding.abort(new AbortedError('Background work gave way to a question.'));
    };
    using _listening = traffic.onChange(look);
    look();
    return await work(AbortSignal.any([signal, yielding.signal]));
  }

  /** Texts in a script that the model was not made for, and those that make it fail, get an empty vector. */
  async #embed(
    handle: EmbeddingHandle,
    { batch, signal }: { batch: readonly MissingVector[]; signal: AbortSignal },
  ): Promise<Float32Array[]> {
    const texts = batch.map(({ passage }) => passage.slice(0, PASSAGE_LENGTH));
    const readable = texts.filter((text) => canRead(handle.languages, text));
    const vectors = readable.length === 0 ? [] : await this.#embedReadable(handle, { texts: readable, signal });
    return texts.map((text) => (canRead(handle.languages, text) ? vectors.shift() : null) ?? new Float32Array(0));
  }

  async #embedReadable(
    handle: EmbeddingHandle,
    { texts, signal }: { texts: readonly string[]; signal: AbortSignal },
  ): Promise<Float32Array[]> {
    const embed = (some: readonly string[]) => handle.embed(some, { kind: 'passage', signal });
    try {
      return await embed(texts);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // A model that takes no text at all is at fault itself, and says so here.
      await embed([HARMLESS_TEXT]);
      this.#options.logger.warn({ err: error, model: handle.ref }, 'texts are embedded one by one');
    }
    const vectors: Float32Array[] = [];
    for (const text of texts) {
      const [vector] = await embed([text]).catch((error: unknown) => {
        if (!isRefusal(error)) throw error;
        return [];
      });
      vectors.push(vector ?? new Float32Array(0));
    }
    return vectors;
  }

  async #forgetPrivate(pair: Pair, conversationIds: readonly string[]): Promise<void> {
    const { storage, store, serving } = this.#options;
    const ids = await store.privateOnes(conversationIds);
    if (ids.length === 0) return;
    await storage.transaction(async (trx) => {
      for (const id of ids) await store.removeConversation(trx, id);
    });
    serving.changed(pair);
  }

  async #removeOthers(
    pair: Pair,
    {
      handle,
      conversationIds,
      signal,
    }: { handle: EmbeddingHandle; conversationIds: readonly string[]; signal: AbortSignal },
  ): Promise<void> {
    if (conversationIds.length === 0) return;
    const { store, serving } = this.#options;
    let removed = 0;
    do {
      signal.throwIfAborted();
      removed = await store.removeOthers({ conversationIds, model: handle.ref, limit: ROWS_PER_REMOVAL });
      if (removed > 0) serving.changed(pair);
    } while (removed === ROWS_PER_REMOVAL);
  }
}

/** What was written before the extension was there. */
async function convertAll(pgvector: PgvectorStore, signal: AbortSignal): Promise<void> {
  while ((await pgvector.convertSome()) > 0) signal.throwIfAborted();
}

/** The model says no to these words; asking again would not help. */
function isRefusal(error: unknown): boolean {
  return error instanceof AppError && !error.retryable && !isAbort(error);
}
