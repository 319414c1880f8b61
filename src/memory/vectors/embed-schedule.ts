import { z } from 'zod';
import { errorMessage } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { JobQueue } from '../../jobs/job-queue.ts';
import type { EmbeddingDirectory } from '../../models/routing/embedding-directory.ts';
import { readSetting, writeSetting } from '../../storage/setting-store.ts';
import type { Storage, Trx } from '../../storage/storage.ts';
import { readLogEnd } from '../pair-index-store.ts';
import type { Pair } from '../pair-view.ts';
import type { Foreground } from '../quiet-time.ts';
import { EMBED_JOB } from './embed-job.ts';
import { allPairs, pairsOf, readTalkAfter } from './embed-schedule-store.ts';

/** How often the log is looked at when no reply ended: an import, an edit. */
const LOOK_EVERY_IN_MS = 5000;
/** After a reply ended, so that its commit is on disk and whoever reads it goes first. */
const AFTER_REPLY_IN_MS = 300;
const LOG_PAGE = 500;
const PAIRS_PER_PAGE = 200;
/**
 * Places of the log that are looked at again: on PostgreSQL a transaction that began earlier may end later. Jobs are
 * idempotent, so seeing one twice costs a look.
 */
const LOG_OVERLAP = 32;
const PLACE = { scope: 'house', key: 'memory-embed-place' } as const;
/** `sequence`: the log was read up to there. `model`: jobs for all pairs were added for this one. */
const placeSchema = z.object({ sequence: z.int().nonnegative(), model: z.string().nullable() });
type Place = z.output<typeof placeSchema>;

export interface EmbedScheduleOptions {
  storage: Pick<Storage, 'db' | 'transaction'>;
  queue: JobQueue;
  directory: EmbeddingDirectory;
  replies: Foreground;
  logger: Logger;
}

/**
 * Adds the job of a pair whenever something was said, by following the log; and of all pairs when another model was
 * chosen. Its place is kept with the jobs in one transaction: what was said before a crash is embedded after it.
 */
export class EmbedSchedule implements AsyncDisposable {
  readonly #options: EmbedScheduleOptions;
  readonly #closing = new AbortController();
  readonly #stack = new DisposableStack();
  #looking: Promise<void> = Promise.resolve();
  #lookedSequence = 0;

  constructor(options: EmbedScheduleOptions) {
    this.#options = options;
  }

  start(): void {
    const { directory, replies } = this.#options;
    this.#stack.use(directory.onChange(() => this.look()));
    this.#stack.use(replies.onChange(() => this.#lookSoon()));
    const timer = setInterval(() => this.look(), LOOK_EVERY_IN_MS).unref();
    this.#stack.defer(() => clearInterval(timer));
    this.look();
  }

  /** Looks now, one look after another. */
  look(): void {
    this.#looking = this.#looking.then(() => this.#look());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#stack.dispose();
    await this.#looking;
  }

  #lookSoon(): void {
    if (this.#options.replies.busy) return;
    setTimeout(() => this.look(), AFTER_REPLY_IN_MS).unref();
  }

  async #look(): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted) return;
    try {
      const handle = await this.#options.directory.current(signal);
      // Without a model nothing waits; once there is one, everybody's turn comes anyway.
      if (!handle) return;
      const place = await this.#place();
      await this.#follow(place.model === handle.ref ? place : await this.#addAll(handle.ref));
    } catch (error) {
      if (!signal.aborted)
        this.#options.logger.warn({ reason: errorMessage(error) }, 'what is to embed was not looked at');
    }
  }

  /** Jobs for everybody; what is said from now on is in the log after the place that this returns. */
  async #addAll(model: string): Promise<Place> {
    const { storage } = this.#options;
    const place = { sequence: await readLogEnd(storage.db), model };
    for (let offset = 0; ; offset += PAIRS_PER_PAGE) {
      this.#closing.signal.throwIfAborted();
      const pairs = await allPairs(storage.db, { offset, limit: PAIRS_PER_PAGE });
      await storage.transaction((trx) => this.#add(trx, pairs));
      if (pairs.length < PAIRS_PER_PAGE) break;
    }
    await storage.transaction((trx) => this.#keep(trx, place));
    return place;
  }

  async #follow({ sequence, model }: Place): Promise<void> {
    const { storage } = this.#options;
    let from = Math.max(0, sequence - LOG_OVERLAP);
    while (!this.#closing.signal.aborted) {
      const page = await readTalkAfter(storage.db, { sequence: from, limit: LOG_PAGE });
      if (page.end <= this.#lookedSequence) return;
      await storage.transaction(async (trx) => {
        await this.#add(trx, await pairsOf(trx, page.conversationIds));
        await this.#keep(trx, { sequence: page.end, model });
      });
      from = page.end;
      this.#lookedSequence = page.end;
      if (page.isLast) return;
    }
  }

  async #add(trx: Trx, pairs: readonly Pair[]): Promise<void> {
    for (const pair of pairs) {
      await this.#options.queue.add(trx, {
        name: EMBED_JOB,
        key: `${pair.ownerId} ${pair.characterId}`,
        payload: pair,
      });
    }
  }

  async #place(): Promise<Place> {
    const stored = await readSetting(this.#options.storage.db, PLACE);
    return stored === undefined ? { sequence: 0, model: null } : placeSchema.parse(JSON.parse(stored));
  }

  async #keep(trx: Trx, place: Place): Promise<void> {
    await writeSetting(trx, { ...PLACE, value: JSON.stringify(place) });
  }
}
