import type { Prices } from '../../contract/metering.ts';
import type { BooksSettings } from '../../contract/platform-books.ts';
import type { Clock } from '../base/clock.ts';
import type { NewId } from '../base/ids.ts';
import type { Logger } from '../base/logger.ts';
import type { EventWriter } from '../events/event-store.ts';
import type { Storage, Trx } from '../storage/storage.ts';
import { accountOf, CREDIT_ACCOUNT, REVENUE_ACCOUNT } from './accounts-of-ledger.ts';
import { readBooksSettings, writeBooksSettings } from './books-settings.ts';
import { Budgets } from './budgets.ts';
import { CheckpointBeat } from './checkpoint-beat.ts';
import { batchPrices, costOf } from './cost.ts';
import { HeldCall, HOLD_LASTS_IN_MS } from './held-call.ts';
import { applyUsualLimit, listOverdueCalls, openAccounts, setAccountLimit } from './ledger-store.ts';
import type { Meter, MeteredCall, MeterRequest, Payer } from './meter.ts';
import { newCallRow } from './new-call-row.ts';
import type { Credit } from './operation.ts';
import { PostingBatcher } from './posting-batcher.ts';
import { Plans } from './plans.ts';
import type { LimitReached } from './postings.ts';
import { insertPriceVersion, readPrices } from './price-store.ts';

const SWEEP_AT_ONCE = 200;
const SWEEP_EVERY_MS = 60_000;
/** A call of this process that lasts longer was forgotten by whoever began it. */
const LONGEST_CALL_IN_MS = 6 * 3_600_000;
/** What counts where a ref has no prices of its own. */
const ANY_REF = '*';

export interface LedgerOptions {
  storage: Storage;
  events: EventWriter;
  clock: Clock;
  newId: NewId;
  logger: Logger;
}

/**
 * The house's books. Money is set aside before a model works and billed when it has; every bill is an entry whose
 * lines sum to zero. After a crash `recover` bills what was noted of calls that nobody will settle any more.
 */
export class Ledger implements Meter, AsyncDisposable {
  readonly #options: LedgerOptions;
  readonly #batcher: PostingBatcher;
  readonly budgets: Budgets;
  readonly plans: Plans;
  readonly #beat = new CheckpointBeat();
  /** Calls under way in this process. */
  readonly #open = new Map<string, HeldCall>();
  /** Read once; forgotten when a price changes, also where that reading is still under way. */
  #prices: Promise<Map<string, Prices>> | null = null;
  #sweeper: NodeJS.Timeout | null = null;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.budgets = new Budgets(options);
    this.plans = new Plans({ ...options, credit: (credit) => this.credit(credit) });
    this.#batcher = new PostingBatcher({
      ...options,
      now: () => options.clock.now(),
      memberLimit: async (trx) => (await readBooksSettings(trx)).memberCreditLimit,
      onReached: (trx, reached) => this.#tell(trx, reached),
    });
  }

  /** Opens the house's own accounts, bills what a crash left, and looks for calls that nobody ends while it runs. */
  async start(): Promise<void> {
    const { storage, clock, logger } = this.#options;
    const ids = [CREDIT_ACCOUNT, REVENUE_ACCOUNT];
    await openAccounts(storage.db, { ids, memberLimit: null, now: clock.now() });
    await this.recover({ all: true });
    await this.plans.grantDue();
    this.#sweeper = setInterval(() => {
      this.#sweep().catch((error: unknown) => logger.warn({ err: error }, 'the books could not be swept'));
    }, SWEEP_EVERY_MS).unref();
  }

  async #sweep(): Promise<void> {
    await this.recover({ all: false });
    await this.plans.grantDue();
  }

  async begin(request: MeterRequest): Promise<MeteredCall> {
    const { clock, logger, newId } = this.#options;
    const prices = await this.#pricesOf(request.refs, request.payer);
    const held = Object.values(prices).reduce((most, price) => Math.max(most, costOf(request.estimate, price)), 0);
    const accountId = accountOf(request.payer);
    const spans = await this.budgets.spansFor(request);
    const budgets = spans.length === 0 ? null : JSON.stringify(spans);
    const id = newId();
    const startedAt = clock.now();
    const span = { startedAt, expiresAt: startedAt + HOLD_LASTS_IN_MS };
    const call = newCallRow(request, { id, accountId, held, prices: JSON.stringify(prices), budgets, ...span });
    await this.#batcher.post({ type: 'begin', accountId, call });
    const onEnd = () => this.#open.delete(id);
    const options = { poster: this.#batcher, beat: this.#beat, clock, logger, id, accountId, prices, held, onEnd };
    const heldCall = new HeldCall(options);
    this.#open.set(id, heldCall);
    return heldCall;
  }

  /** Bills what was noted of calls whose time is over; `all` at the start of the house, when nobody can settle them. */
  async recover({ all }: { all: boolean }): Promise<number> {
    const { storage, clock } = this.#options;
    let count = 0;
    for (;;) {
      const at = clock.now();
      const now = all ? Number.MAX_SAFE_INTEGER : at;
      const overdue = await listOverdueCalls(storage.db, { now, limit: SWEEP_AT_ONCE });
      if (overdue.length === 0) return count;
      await Promise.all(overdue.map((call) => this.#keepOrExpire(call, at)));
      count += overdue.length;
    }
  }

  async #keepOrExpire(
    { startedAt, ...call }: { id: string; accountId: string; startedAt: number; expiresAt: number },
    at: number,
  ): Promise<void> {
    const isForgotten = at - startedAt > LONGEST_CALL_IN_MS;
    const open = isForgotten ? undefined : this.#open.get(call.id);
    if (open) await open.keep();
    else await this.#batcher.post({ type: 'expire', ...call, at });
  }

  /** Throws `ConflictError` (`credit-spent`) where more would be taken back than there is. */
  async credit(credit: Credit): Promise<void> {
    await this.#batcher.post({ type: 'credit', ...credit, at: this.#options.clock.now() });
  }

  async openAccount(id: string): Promise<void> {
    const { storage, clock } = this.#options;
    const { memberCreditLimit } = await readBooksSettings(storage.db);
    await openAccounts(storage.db, { ids: [id], memberLimit: memberCreditLimit, now: clock.now() });
  }

  /** Undefined = the house's usual limit again. */
  async setCreditLimit(id: string, creditLimit: number | null | undefined): Promise<void> {
    await this.#options.storage.transaction(async (trx) => {
      if (creditLimit !== undefined) return setAccountLimit(trx, { id, creditLimit, own: true });
      await setAccountLimit(trx, { id, creditLimit: null, own: false });
      await applyUsualLimit(trx, (await readBooksSettings(trx)).memberCreditLimit);
    });
  }

  /** Throws `InvalidInputError` for a time zone that nobody knows. */
  async setSettings(settings: BooksSettings): Promise<void> {
    await this.#options.storage.transaction(async (trx) => {
      await writeBooksSettings(trx, settings);
      await applyUsualLimit(trx, settings.memberCreditLimit);
    });
    this.budgets.forget();
  }

  async setPrices({ ref, prices, actorId }: { ref: string; prices: Prices; actorId: string | null }): Promise<void> {
    const { storage, clock, newId } = this.#options;
    const row = { id: newId(), ref, prices: JSON.stringify(prices), actorId, createdAt: clock.now() };
    await insertPriceVersion(storage.db, row);
    this.#prices = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#sweeper) clearInterval(this.#sweeper);
    this.#beat.close();
    await this.#batcher.close();
  }

  async #tell(trx: Trx, { type, span }: LimitReached): Promise<void> {
    const { budgetId, scope, subject, period, spent, softLimit, hardLimit } = span;
    await this.#options.events.append(trx, {
      type,
      actorId: null,
      subjectId: budgetId,
      payload: { scope, subject, period, spent, softLimit, hardLimit },
    });
  }

  async #pricesOf(refs: readonly string[], { inBatch }: Payer): Promise<Record<string, Prices>> {
    const reading = (this.#prices ??= readPrices(this.#options.storage.db));
    const all = await reading.catch((error: unknown) => {
      if (this.#prices === reading) this.#prices = null;
      throw error;
    });
    const priced = refs.map((ref) => [ref, all.get(ref) ?? all.get(ANY_REF) ?? {}] as const);
    return Object.fromEntries(inBatch ? priced.map(([ref, prices]) => [ref, batchPrices(prices)]) : priced);
  }
}
