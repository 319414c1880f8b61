import { type Logger } from '../base/logger.ts';
import type { Db } from '../storage/storage.ts';
import { readLogAfter, readLogEnd } from './pair-index-store.ts';
import { PairMemory, type LivingView } from './pair-memory.ts';
import type { Pair, PairMemories, Standpoint } from './pair-view.ts';

/** Memory that indexes of pairs may take together, in bytes; the pair asked for stays whatever it takes. */
const MOST_BYTES = 384 * 1024 * 1024;
/** Pairs in memory, however small. */
const MOST_PAIRS = 200;
/** Places in the log read at once. */
const LOG_PAGE = 1000;
/**
 * Places that are looked at again: on PostgreSQL a transaction that began earlier may end later, and its place in the
 * log then appears behind us.
 */
const LOG_OVERLAP = 256;

/** Every pair's memory that was asked for lately. What is committed when `view` is called is seen by it. */
export class HousePairMemories implements PairMemories {
  readonly #db: Db;
  readonly #logger: Logger;
  readonly #pairs = new Map<string, PairMemory>();
  #cursor: number | undefined;
  #seen = new Set<number>();
  #following: Promise<void> = Promise.resolve();

  constructor({ db, logger }: { db: Db; logger: Logger }) {
    this.#db = db;
    this.#logger = logger;
  }

  async view(pair: Pair, standpoint?: Standpoint): Promise<LivingView> {
    const memory = await this.open(pair);
    return memory.view(standpoint);
  }

  /** The view if everything is read within the time, else undefined; reading goes on. */
  async viewWithin(pair: Pair, standpoint: Standpoint, timeInMs: number): Promise<LivingView | undefined> {
    const opening = this.open(pair);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, timeInMs, undefined);
    });
    try {
      const memory = await Promise.race([opening, late]);
      if (memory) return memory.view(standpoint);
      opening.catch((error: unknown) => this.#logger.warn({ error }, 'a memory could not be read'));
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** A pair's memory, read up to now. */
  async open(pair: Pair): Promise<PairMemory> {
    const key = `${pair.ownerId} ${pair.characterId}`;
    let memory = this.#pairs.get(key);
    if (!memory) memory = new PairMemory(this.#db, pair);
    this.#pairs.delete(key);
    this.#pairs.set(key, memory);
    await this.#follow();
    await memory.sync();
    this.#evict(key);
    return memory;
  }

  /** Drops what is held of a pair; the next look reads it anew. */
  forget(pair: Pair): void {
    this.#pairs.delete(`${pair.ownerId} ${pair.characterId}`);
  }

  #follow(): Promise<void> {
    this.#following = this.#following.catch(() => undefined).then(() => this.#readLog());
    return this.#following;
  }

  async #readLog(): Promise<void> {
    if (this.#cursor === undefined) {
      // Pairs are read whole when they are opened, which comes after this.
      this.#cursor = await readLogEnd(this.#db);
      return;
    }
    let from = Math.max(0, this.#cursor - LOG_OVERLAP);
    for (;;) {
      const page = await readLogAfter(this.#db, { sequence: from, limit: LOG_PAGE });
      for (const { sequence, subjectId, messageId } of page) {
        from = Math.max(from, sequence);
        if (this.#seen.has(sequence)) continue;
        this.#seen.add(sequence);
        for (const memory of this.#pairs.values()) if (memory.has(subjectId)) memory.soil(subjectId, messageId);
      }
      this.#cursor = Math.max(this.#cursor, from);
      if (page.length < LOG_PAGE) break;
    }
    const oldest = this.#cursor - 2 * LOG_OVERLAP;
    if (this.#seen.size > 4 * LOG_OVERLAP)
      this.#seen = new Set([...this.#seen].filter((sequence) => sequence > oldest));
  }

  #evict(newest: string): void {
    let bytes = [...this.#pairs.values()].reduce((sum, memory) => sum + memory.bytes, 0);
    for (const [key, memory] of this.#pairs) {
      if (key === newest || (bytes <= MOST_BYTES && this.#pairs.size <= MOST_PAIRS)) break;
      this.#pairs.delete(key);
      bytes -= memory.bytes;
    }
  }
}
