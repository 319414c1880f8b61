import { personally } from '../../models/billing/payers.ts';
import { z } from 'zod';
import { AbortedError } from '../../base/errors.ts';
import type { JobHandler, JobRun } from '../../jobs/job-worker.ts';
import type { EmbeddingDirectory } from '../../models/routing/embedding-directory.ts';
import type { EmbeddingHandle } from '../../models/spec/embedding-handle.ts';
import type { Storage } from '../../storage/storage.ts';
import type { HousePairMemories } from '../pair-memories.ts';
import type { Pair } from '../pair-view.ts';
import type { ForbiddenWords } from '../recall-service.ts';
import type { MissingVector, MissingVectors } from './missing-vectors.ts';
import type { PgvectorStore } from './pgvector-store.ts';
import type { QuietEmbedder } from './quiet-embedder.ts';
import type { ServingModel } from './serving-model.ts';
import type { VectorStore } from './vector-store.ts';

export const EMBED_JOB = 'memory-embed';

/** Texts that are embedded before they are written down: what a crash or giving way costs at most. */
const TEXTS_PER_BATCH = 32;
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
  embedder: QuietEmbedder;
  rules: (pair: Pair) => Promise<ForbiddenWords>;
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
      const offered = await directory.current(signal);
      // Whoever chooses a model later adds the job again.
      if (!offered) return 'done';
      const account = { payer: personally(pair.ownerId), purpose: 'recall', characterId: pair.characterId } as const;
      const handle = offered.billed({ account });
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
    const texts = batch.map(({ passage }) => passage);
    const vectors = await this.#options.embedder.embed(handle, { texts, signal });
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
