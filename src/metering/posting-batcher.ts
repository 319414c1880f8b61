import { AppError } from '../base/errors.ts';
import type { NewId } from '../base/ids.ts';
import type { Storage, Trx } from '../storage/storage.ts';
import { openAccounts, openSpans } from './ledger-store.ts';

import { Postings, spanIdsOf, type AccountState, type LimitReached, type SpanState } from './postings.ts';
import { findAccounts, findCalls, findKeys, findSpans, writePostings } from './posting-store.ts';
import type { Settlement } from './meter.ts';
import type { MeteredCallRow, Operation } from './operation.ts';

/** Operations in one transaction: bounds how long the first of them waits. */
const MOST_AT_ONCE = 256;

export interface PostingBatcherOptions {
  storage: Storage;
  newId: NewId;
  now: () => number;
  /** How far below zero accounts of members may go at first. */
  memberLimit: (trx: Trx) => Promise<number | null>;
  /** Joins the transaction. */
  onReached: (trx: Trx, reached: LimitReached) => Promise<void>;
}

interface Waiting {
  operation: Operation;
  resolve: (settlement: Settlement) => void;
  reject: (error: unknown) => void;
}

type Outcome = { settlement: Settlement } | { error: unknown };

/**
 * Applies operations to the books. *Idle* → (an operation) → *gathering*, until the turn of the event loop ends →
 * *writing*: everything that waits, in its order, in one transaction → *gathering* or *idle*. An operation that is
 * refused leaves the others alone; whoever waits is told when the transaction is on disk.
 */
export class PostingBatcher {
  readonly #options: PostingBatcherOptions;
  /**
   * Held calls as the last transaction left them, so that they need not be read again. Only on SQLite, whose writers come
   * one after the other: elsewhere a row counts when it is locked.
   */
  readonly #held = new Map<string, MeteredCallRow>();
  #queue: Waiting[] = [];
  #running: Promise<void> | null = null;

  constructor(options: PostingBatcherOptions) {
    this.#options = options;
  }

  post(operation: Operation): Promise<Settlement> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ operation, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** In a transaction of somebody else's, which must not wait for what was posted meanwhile. */
  async postIn(trx: Trx, operation: Operation): Promise<Settlement> {
    // Nobody says here whether that transaction comes to its end.
    this.#forget([operation]);
    const [outcome] = (await this.#apply(trx, [operation])).outcomes;
    if (outcome && 'settlement' in outcome) return outcome.settlement;
    throw outcome?.error;
  }

  /** Resolves when nothing waits. */
  async close(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      // Requests that came in together are answered by callbacks of one turn: they share a transaction.
      await new Promise((resolve) => setImmediate(resolve));
      await this.#write(this.#queue.splice(0, MOST_AT_ONCE));
    }
    this.#running = null;
  }

  async #write(waiting: readonly Waiting[]): Promise<void> {
    let outcomes: Outcome[];
    const operations = waiting.map(({ operation }) => operation);
    try {
      const applied = await this.#options.storage.transaction((trx) => this.#apply(trx, operations));
      outcomes = applied.outcomes;
      this.#remember(operations, applied.postings);
    } catch (error) {
      // What was remembered may be why.
      if (this.#forget(operations)) return this.#write(waiting);
      if (waiting.length === 1 || error instanceof AppError) {
        for (const { reject } of waiting) reject(error);
        return;
      }
      // One of them cannot be written: the others must not pay for it.
      for (const one of waiting) await this.#write([one]);
      return;
    }
    for (const [index, { resolve, reject }] of waiting.entries()) {
      const outcome = outcomes[index];
      if (outcome && 'settlement' in outcome) resolve(outcome.settlement);
      else reject(outcome?.error);
    }
  }

  async #apply(trx: Trx, operations: readonly Operation[]): Promise<{ outcomes: Outcome[]; postings: Postings }> {
    const { newId, onReached } = this.#options;
    const accounts = await this.#accounts(trx, operations);
    const calls = await this.#calls(trx, operations);
    const begun = operations.flatMap((one) => (one.type === 'begin' ? [one.call] : []));
    const spans = await this.#spans(
      trx,
      [...begun, ...calls.values()].flatMap(({ budgets }) => spanIdsOf(budgets)),
    );
    const keys = await findKeys(
      trx,
      idsOf(operations, (one) => (one.type === 'credit' && one.key ? [one.key] : [])),
    );
    const postings = new Postings({ accounts, calls, spans, keys }, newId);
    const outcomes = operations.map((operation): Outcome => {
      try {
        return { settlement: postings.post(operation) };
      } catch (error) {
        if (error instanceof AppError) return { error };
        throw error;
      }
    });
    await writePostings(trx, postings);
    for (const reached of postings.reached) await onReached(trx, reached);
    return { outcomes, postings };
  }

  async #calls(trx: Trx, operations: readonly Operation[]): Promise<Map<string, MeteredCallRow>> {
    // What nobody came back for is as it was found in the database.
    this.#forget(operations.filter(({ type }) => type === 'expire'));
    const ids = idsOf(operations, (one) => (one.type === 'begin' || one.type === 'credit' ? [] : [one.id]));
    const known = ids.flatMap((id) => this.#held.get(id) ?? []);
    const calls = await findCalls(
      trx,
      ids.filter((id) => !this.#held.has(id)),
    );
    for (const call of known) calls.set(call.id, call);
    return calls;
  }

  #remember(operations: readonly Operation[], postings: Postings): void {
    if (this.#options.storage.dialect !== 'sqlite') return;
    for (const operation of operations) {
      if (operation.type === 'credit') continue;
      const id = operation.type === 'begin' ? operation.call.id : operation.id;
      const call = postings.call(id);
      if (call?.state === 'held') this.#held.set(id, call);
      else this.#held.delete(id);
    }
  }

  /** True where something was remembered of them. */
  #forget(operations: readonly Operation[]): boolean {
    const forgotten = operations.filter((operation) => 'id' in operation && this.#held.delete(operation.id));
    return forgotten.length > 0;
  }

  async #accounts(trx: Trx, operations: readonly Operation[]): Promise<Map<string, AccountState>> {
    const ids = idsOf(operations, ({ accountId }) => [accountId]);
    const found = await findAccounts(trx, ids);
    const missing = ids.filter((id) => !found.has(id));
    if (missing.length === 0) return found;
    await openAccounts(trx, {
      ids: missing,
      memberLimit: await this.#options.memberLimit(trx),
      now: this.#options.now(),
    });
    return findAccounts(trx, ids);
  }

  async #spans(trx: Trx, all: readonly string[]): Promise<Map<string, SpanState>> {
    const ids = [...new Set(all)].toSorted();
    const found = await findSpans(trx, ids);
    const missing = ids.filter((id) => !found.has(id));
    if (missing.length === 0) return found;
    await openSpans(
      trx,
      missing.map((id) => ({ id, budgetId: id.slice(0, id.indexOf(':')), period: id.slice(id.indexOf(':') + 1) })),
    );
    return findSpans(trx, ids);
  }
}

/** Each once, in the order in which rows are locked. */
function idsOf(operations: readonly Operation[], ids: (operation: Operation) => string[]): string[] {
  return [...new Set(operations.flatMap(ids))].toSorted();
}
