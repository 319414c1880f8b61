import type { Prices, Usage } from '../../contract/metering.ts';
import type { Clock } from '../base/clock.ts';
import { RateLimitedError } from '../base/errors.ts';
import type { NewId } from '../base/ids.ts';
import type { Logger } from '../base/logger.ts';
import type { Storage, Trx } from '../storage/storage.ts';
import { accountOf, REVENUE_ACCOUNT } from './accounts-of-ledger.ts';
import { costOf, NO_USAGE } from './cost.ts';
import { HeldCall } from './held-call.ts';
import {
  addToBalance,
  endCall,
  holdMoney,
  insertCall,
  insertEntry,
  listOverdueCalls,
  noteProgress,
  openAccount,
  readCall,
  releaseMoney,
  type MeteredCallRow,
} from './ledger-store.ts';
import type { CallEnd, Meter, MeteredCall, MeterRequest, Settlement } from './meter.ts';
import { insertPriceVersion, readPrices } from './price-store.ts';

/** Nobody answers longer than this without a checkpoint, milliseconds. */
const HOLD_LASTS_IN_MS = 10 * 60_000;
const SWEEP_AT_ONCE = 200;
/** What counts where a ref has no prices of its own. */
const ANY_REF = '*';

export interface LedgerOptions {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  logger: Logger;
}

/**
 * The house's books. Money is set aside before a model works and billed when it has; every bill is an entry whose
 * lines sum to zero. After a crash `recover` bills what was noted of calls that nobody will settle any more.
 */
export class Ledger implements Meter {
  readonly #options: LedgerOptions;
  #prices: Map<string, Prices> | null = null;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  async begin(request: MeterRequest): Promise<MeteredCall> {
    const { storage, clock, newId } = this.#options;
    const prices = await this.#pricesOf(request.refs);
    const amount = Math.max(...Object.values(prices).map((price) => costOf(request.estimate, price)));
    const accountId = accountOf(request.payer);
    const now = clock.now();
    const id = newId();
    await storage.transaction(async (trx) => {
      await this.#hold(trx, { accountId, amount, now });
      const { payer, door, kind, model, characterId = null, conversationId = null, requestId = null } = request;
      await insertCall(trx, {
        ...NO_USAGE,
        ...payer,
        id,
        accountId,
        door,
        kind,
        model,
        ref: null,
        characterId,
        conversationId,
        requestId,
        state: 'held',
        outcome: null,
        held: amount,
        cost: 0,
        prices: JSON.stringify(prices),
        usageSource: null,
        errorCode: null,
        firstTokenInMs: null,
        durationInMs: null,
        startedAt: now,
        expiresAt: now + HOLD_LASTS_IN_MS,
        endedAt: null,
      });
    });
    return new HeldCall({ books: this, clock, logger: this.#options.logger, id, prices, held: amount, accountId });
  }

  /** Sets more aside for a call and notes how far it came. Throws `RateLimitedError` (`insufficient-quota`). */
  async extend({
    id,
    accountId,
    more,
    usage,
  }: {
    id: string;
    accountId: string;
    more: number;
    usage: Usage;
  }): Promise<void> {
    const now = this.#options.clock.now();
    await this.#options.storage.transaction(async (trx) => {
      await this.#hold(trx, { accountId, amount: more, now });
      const stands = await noteProgress(trx, id, {
        ...usage,
        expiresAt: now + HOLD_LASTS_IN_MS,
        ...(more === 0 ? {} : { held: await heldOf(trx, id, more) }),
      });
      // It was settled meanwhile: nothing more is set aside.
      if (!stands) await releaseMoney(trx, { accountId, held: more, paid: 0 });
    });
  }

  settle(id: string, end: CallEnd): Promise<Settlement> {
    return this.#options.storage.transaction((trx) => this.settleIn(trx, id, end));
  }

  /** Bills a call, once: whoever comes later learns what it cost. */
  async settleIn(trx: Trx, id: string, end: CallEnd): Promise<Settlement> {
    const before = await readCall(trx, id);
    if (!before || before.state !== 'held') return { cost: before?.cost ?? 0 };
    const prices = pricesOfCall(before);
    const owed = costOf(end.usage, prices[end.ref] ?? prices[Object.keys(prices)[0] ?? ''] ?? {});
    const cost = await this.#affordable(trx, before, owed);
    const ended = await endCall(trx, id, {
      ...end.usage,
      state: 'settled',
      cost,
      ref: end.ref,
      outcome: end.outcome,
      usageSource: end.usageSource,
      errorCode: end.errorCode ?? null,
      firstTokenInMs: end.firstTokenInMs ?? null,
      durationInMs: end.durationInMs ?? null,
      endedAt: this.#options.clock.now(),
    });
    if (!ended) return { cost: (await readCall(trx, id))?.cost ?? 0 };
    await this.#bill(trx, ended);
    return { cost };
  }

  /** Nothing is owed. */
  async void(id: string, end: Pick<CallEnd, 'outcome' | 'errorCode' | 'durationInMs'>): Promise<void> {
    await this.#options.storage.transaction(async (trx) => {
      const ended = await endCall(trx, id, {
        state: 'void',
        outcome: end.outcome,
        errorCode: end.errorCode ?? null,
        durationInMs: end.durationInMs ?? null,
        endedAt: this.#options.clock.now(),
      });
      if (ended && ended.held > 0) {
        await releaseMoney(trx, { accountId: ended.accountId, held: ended.held, paid: 0 });
      }
    });
  }

  /** Bills what was noted of calls whose time is over; `all` at the start of the house, when nobody can settle them. */
  async recover({ all }: { all: boolean }): Promise<number> {
    const { storage, clock } = this.#options;
    let count = 0;
    for (;;) {
      const before = all ? Number.MAX_SAFE_INTEGER : clock.now();
      const overdue = await listOverdueCalls(storage.db, before, SWEEP_AT_ONCE);
      if (overdue.length === 0) return count;
      for (const call of overdue) await this.#expire(call);
      count += overdue.length;
    }
  }

  async setPrices({ ref, prices, actorId }: { ref: string; prices: Prices; actorId: string | null }): Promise<void> {
    const { storage, clock, newId } = this.#options;
    const row = { id: newId(), ref, prices: JSON.stringify(prices), actorId, createdAt: clock.now() };
    await insertPriceVersion(storage.db, row);
    this.#prices = null;
  }

  async #expire(call: MeteredCallRow): Promise<void> {
    await this.#options.storage.transaction(async (trx) => {
      const prices = pricesOfCall(call);
      const cost = Math.min(call.held, costOf(call, prices[call.ref ?? ''] ?? Object.values(prices)[0] ?? {}));
      const ended = await endCall(trx, call.id, {
        state: 'expired',
        cost,
        outcome: 'failed',
        usageSource: 'estimate',
        endedAt: this.#options.clock.now(),
      });
      if (ended) await this.#bill(trx, ended);
    });
  }

  async #bill(trx: Trx, { id, accountId, held, cost }: MeteredCallRow): Promise<void> {
    if (held > 0 || cost > 0) await releaseMoney(trx, { accountId, held, paid: cost });
    if (cost === 0) return;
    const { newId, clock } = this.#options;
    const now = clock.now();
    await openAccount(trx, { id: REVENUE_ACCOUNT, creditLimit: null, now });
    await addToBalance(trx, { accountId: REVENUE_ACCOUNT, amount: cost });
    const entryId = newId();
    await insertEntry(trx, {
      entry: { id: entryId, kind: 'settle', callId: id, actorId: null, note: '', createdAt: now },
      lines: [
        { id: newId(), entryId, accountId, amount: -cost },
        { id: newId(), entryId, accountId: REVENUE_ACCOUNT, amount: cost },
      ],
    });
  }

  /** What was set aside, and more where the account has it: never more than that. */
  async #affordable(trx: Trx, call: MeteredCallRow, owed: number): Promise<number> {
    if (owed <= call.held) return owed;
    const more = owed - call.held;
    if (!(await holdMoney(trx, { accountId: call.accountId, amount: more }))) return call.held;
    await noteProgress(trx, call.id, { held: owed });
    return owed;
  }

  async #hold(trx: Trx, { accountId, amount, now }: { accountId: string; amount: number; now: number }): Promise<void> {
    if (amount === 0 || (await holdMoney(trx, { accountId, amount }))) return;
    await openAccount(trx, { id: accountId, creditLimit: null, now });
    if (await holdMoney(trx, { accountId, amount })) return;
    throw new RateLimitedError('There is not enough credit left for this. Ask the owner of this house for more.', {
      code: 'insufficient-quota',
      retryable: false,
      details: { account: accountId },
    });
  }

  async #pricesOf(refs: readonly string[]): Promise<Record<string, Prices>> {
    this.#prices ??= await readPrices(this.#options.storage.db);
    const all = this.#prices;
    return Object.fromEntries(refs.map((ref) => [ref, all.get(ref) ?? all.get(ANY_REF) ?? {}]));
  }
}

async function heldOf(trx: Trx, id: string, more: number): Promise<number> {
  return ((await readCall(trx, id))?.held ?? 0) + more;
}

function pricesOfCall({ prices }: Pick<MeteredCallRow, 'prices'>): Record<string, Prices> {
  // Written by `begin` alone.
  return JSON.parse(prices) as Record<string, Prices>;
}
