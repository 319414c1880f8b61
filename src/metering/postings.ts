import type { Prices, Usage } from '../../contract/metering.ts';
import { ConflictError, RateLimitedError } from '../base/errors.ts';
import type { NewId } from '../base/ids.ts';
import type { EventType } from '../events/event-store.ts';
import type { NewRow } from '../storage/schema.ts';
import { CREDIT_ACCOUNT, REVENUE_ACCOUNT } from './accounts-of-ledger.ts';
import { costOf } from './cost.ts';
import type { CallEnd, Settlement } from './meter.ts';
import type { Credit, MeteredCallRow, Operation, VoidEnd } from './operation.ts';

export interface AccountState {
  id: string;
  balance: number;
  held: number;
  creditLimit: number | null;
}

/** A budget in one span of time, with its limits. */
export interface SpanState {
  id: string;
  budgetId: string;
  scope: string;
  subject: string | null;
  period: string;
  spent: number;
  held: number;
  softLimit: number | null;
  hardLimit: number | null;
  softAt: number | null;
  hardAt: number | null;
}

/** A limit that was reached for the first time in its span. */
export interface LimitReached {
  type: 'budget-soft' | 'budget-hard';
  span: SpanState;
}

/** The rows that operations need, as they stand, locked until the transaction ends. */
export interface LoadedRows {
  accounts: ReadonlyMap<string, AccountState>;
  calls: ReadonlyMap<string, MeteredCallRow>;
  spans: ReadonlyMap<string, SpanState>;
  /** Keys of entries that are there already. */
  keys: ReadonlySet<string>;
}

export interface Change {
  id: string;
  balance: number;
  held: number;
}

/** A row of the log of what happened. Its place there is given by the database. */
export type LoggedUse = NewRow<'event'> & { type: EventType };

type Entry = { entry: NewRow<'ledgerEntry'>; lines: NewRow<'ledgerLine'>[] };

/**
 * Operations applied one after the other to rows of one transaction, in memory: pure, so that every interleaving can be
 * tried. What has to be written is read off afterwards. An operation that is refused throws and has changed nothing of
 * the money.
 */
export class Postings {
  readonly #newId: NewId;
  readonly #accounts: ReadonlyMap<string, AccountState>;
  readonly #calls: Map<string, MeteredCallRow>;
  readonly #spans: ReadonlyMap<string, SpanState>;
  readonly #keys: Set<string>;
  readonly #inserted = new Set<string>();
  readonly #updated = new Set<string>();
  readonly #changes = new Map<string, Change>();
  readonly #spanChanges = new Set<SpanState>();
  readonly entries: Entry[] = [];
  readonly reached: LimitReached[] = [];
  /** Calls that have ended: one fact each, in the transaction of its bill. */
  readonly events: LoggedUse[] = [];

  constructor({ accounts, calls, spans, keys }: LoadedRows, newId: NewId) {
    this.#newId = newId;
    this.#accounts = accounts;
    this.#calls = new Map(calls);
    this.#spans = spans;
    this.#keys = new Set(keys);
  }

  /** As it stands now. */
  call(id: string): MeteredCallRow | undefined {
    return this.#calls.get(id);
  }

  get insertedCalls(): MeteredCallRow[] {
    return this.#callsOf(this.#inserted);
  }

  get updatedCalls(): MeteredCallRow[] {
    return this.#callsOf(this.#updated);
  }

  /** What to add to accounts, those of people and teams first, in the order in which rows are locked. */
  get changes(): Change[] {
    const rank = ({ id }: Change) => (id.startsWith('house:') ? 1 : 0);
    return [...this.#changes.values()]
      .filter(({ balance, held }) => balance !== 0 || held !== 0)
      .toSorted((left, right) => rank(left) - rank(right) || (left.id < right.id ? -1 : 1));
  }

  get changedSpans(): SpanState[] {
    return [...this.#spanChanges].toSorted((left, right) => (left.id < right.id ? -1 : 1));
  }

  /** Throws `RateLimitedError` (`insufficient-quota`) and `ConflictError` (`credit-spent`). */
  post(operation: Operation): Settlement {
    switch (operation.type) {
      case 'begin':
        return this.#begin(operation.call);
      case 'note':
        return this.#note(operation);
      case 'settle':
        return this.#settle(operation.id, operation.end, operation.at);
      case 'void':
        return this.#void(operation.id, operation.end, operation.at);
      case 'expire':
        return this.#expire(operation);
      default:
        return this.#credit(operation, operation.at);
    }
  }

  #begin(call: MeteredCallRow): Settlement {
    this.#hold(call, call.held, call.startedAt);
    this.#calls.set(call.id, call);
    this.#inserted.add(call.id);
    return FREE;
  }

  #note({ id, usage, more, expiresAt, at }: Extract<Operation, { type: 'note' }>): Settlement {
    const call = this.#held(id);
    if (!call) return FREE;
    const noted = Object.assign(call, usage, { expiresAt });
    // What was delivered is kept even where nothing more can be set aside.
    this.#change(noted);
    this.#hold(noted, more, at);
    this.#change({ ...noted, held: noted.held + more });
    return FREE;
  }

  #settle(id: string, end: CallEnd, at: number): Settlement {
    const call = this.#held(id);
    if (!call) return { cost: this.#calls.get(id)?.cost ?? 0 };
    const cost = this.#payable(call, costOf(end.usage, pricesFor(call, end.ref)));
    this.#end(
      Object.assign(call, end.usage, {
        state: 'settled',
        cost,
        ref: end.ref,
        outcome: end.outcome,
        attempts: end.attempts ?? 1,
        usageSource: end.usageSource,
        errorCode: end.errorCode ?? null,
        firstTokenInMs: end.firstTokenInMs ?? null,
        durationInMs: end.durationInMs ?? null,
        endedAt: at,
      }),
    );
    return { cost };
  }

  #void(id: string, end: VoidEnd, at: number): Settlement {
    const call = this.#held(id);
    if (!call) return { cost: this.#calls.get(id)?.cost ?? 0 };
    const { outcome, errorCode = null, durationInMs = null, attempts = 1 } = end;
    this.#end({ ...call, state: 'void', cost: 0, outcome, errorCode, durationInMs, attempts, endedAt: at });
    return FREE;
  }

  #expire({ id, expiresAt, at }: Extract<Operation, { type: 'expire' }>): Settlement {
    const call = this.#held(id);
    if (!call || call.expiresAt !== expiresAt) return { cost: this.#calls.get(id)?.cost ?? 0 };
    const cost = this.#payable(call, costOf(usageOf(call), pricesFor(call, null)));
    const errorCode = 'nobody-came-back';
    this.#end({ ...call, state: 'expired', cost, outcome: 'failed', usageSource: 'estimate', errorCode, endedAt: at });
    return { cost };
  }

  #credit({ accountId, amount, kind, key = null, actorId, note }: Credit, at: number): Settlement {
    if (key !== null && this.#keys.has(key)) return FREE;
    const available = this.#available(accountId);
    if (amount < 0 && available !== null && -amount > available) {
      throw new ConflictError(
        'That is more than is left on this account: what was spent or set aside cannot be taken back.',
        { code: 'credit-spent', field: 'amount', details: { account: accountId, available } },
      );
    }
    if (key !== null) this.#keys.add(key);
    this.#add(accountId, { balance: amount, held: 0 });
    this.#add(CREDIT_ACCOUNT, { balance: -amount, held: 0 });
    this.#enter({ kind, callId: null, key, actorId, note, createdAt: at }, [
      [accountId, amount],
      [CREDIT_ACCOUNT, -amount],
    ]);
    return FREE;
  }

  /** Gives back what was set aside, and bills. */
  #end(call: MeteredCallRow): void {
    this.#change(call);
    this.#log(call);
    const { id, accountId, held, cost, endedAt } = call;
    this.#add(accountId, { balance: -cost, held: -held });
    for (const span of this.#spansOf(call)) {
      span.held -= held;
      span.spent += cost;
      this.#spanChanges.add(span);
      if (span.softAt === null && span.softLimit !== null && span.spent >= span.softLimit) {
        span.softAt = endedAt;
        this.reached.push({ type: 'budget-soft', span });
      }
    }
    if (cost === 0) return;
    this.#add(REVENUE_ACCOUNT, { balance: cost, held: 0 });
    this.#enter({ kind: 'settle', callId: id, key: null, actorId: null, note: '', createdAt: endedAt ?? 0 }, [
      [accountId, -cost],
      [REVENUE_ACCOUNT, cost],
    ]);
  }

  /** Who and where is told by the call itself, which forgets it when the person leaves. */
  #log({ id, userId, state, outcome, door, purpose, kind, model, cost, endedAt }: MeteredCallRow): void {
    const payload = JSON.stringify({ state, outcome, door, purpose, kind, model, cost });
    const createdAt = endedAt ?? 0;
    this.events.push({ id: this.#newId(), type: 'model-use', actorId: userId, subjectId: id, payload, createdAt });
  }

  /** Sets money aside on the account and in every budget, or throws and changes neither. */
  #hold(call: MeteredCallRow, amount: number, at: number): void {
    if (amount === 0) return;
    const { accountId } = call;
    const available = this.#available(accountId);
    if (available !== null && amount > available) throw noCredit(accountId);
    const spans = this.#spansOf(call);
    const full = spans.find((span) => amount > leftIn(span));
    if (full) {
      this.#reachHard(full, at);
      throw budgetReached(full);
    }
    this.#add(accountId, { balance: 0, held: amount });
    for (const span of spans) {
      span.held += amount;
      this.#spanChanges.add(span);
    }
  }

  #reachHard(span: SpanState, at: number): void {
    if (span.hardAt !== null) return;
    span.hardAt = at;
    this.#spanChanges.add(span);
    this.reached.push({ type: 'budget-hard', span });
  }

  /** What is owed, as far as it was set aside or there is money left for it. */
  #payable(call: MeteredCallRow, owed: number): number {
    const more = owed - call.held;
    if (more <= 0) return owed;
    const limits = [this.#available(call.accountId) ?? more, ...this.#spansOf(call).map(leftIn)];
    const extra = Math.max(0, Math.min(more, ...limits));
    if (extra > 0) {
      this.#hold(call, extra, call.startedAt);
      call.held += extra;
    }
    return call.held;
  }

  #available(accountId: string): number | null {
    const account = this.#accounts.get(accountId);
    if (!account) throw new Error(`The account ${accountId} was not loaded.`);
    return account.creditLimit === null ? null : account.balance + account.creditLimit - account.held;
  }

  #add(id: string, { balance, held }: Omit<Change, 'id'>): void {
    const account = this.#accounts.get(id);
    if (account) {
      account.balance += balance;
      account.held += held;
    }
    const change = this.#changes.get(id) ?? { id, balance: 0, held: 0 };
    this.#changes.set(id, { id, balance: change.balance + balance, held: change.held + held });
  }

  #enter(entry: Omit<NewRow<'ledgerEntry'>, 'id'>, lines: [account: string, amount: number][]): void {
    const entryId = this.#newId();
    this.entries.push({
      entry: { ...entry, id: entryId },
      lines: lines.map(([accountId, amount], index) => ({ id: `${entryId}:${index}`, entryId, accountId, amount })),
    });
  }

  /** A copy of a call that is still held. */
  #held(id: string): MeteredCallRow | undefined {
    const call = this.#calls.get(id);
    return call?.state === 'held' ? { ...call } : undefined;
  }

  #change(call: MeteredCallRow): void {
    this.#calls.set(call.id, call);
    if (!this.#inserted.has(call.id)) this.#updated.add(call.id);
  }

  #spansOf({ budgets }: MeteredCallRow): SpanState[] {
    return spanIdsOf(budgets).flatMap((id) => this.#spans.get(id) ?? []);
  }

  #callsOf(ids: ReadonlySet<string>): MeteredCallRow[] {
    return [...ids].toSorted().flatMap((id) => this.#calls.get(id) ?? []);
  }
}

const FREE: Settlement = { cost: 0 };

function leftIn({ hardLimit, spent, held }: SpanState): number {
  return hardLimit === null ? Number.MAX_SAFE_INTEGER : hardLimit - spent - held;
}

/** Of a call's `budgets`. */
export function spanIdsOf(budgets: string | null): string[] {
  // Written by `begin` alone.
  return budgets === null ? [] : (JSON.parse(budgets) as string[]);
}

function pricesFor(call: MeteredCallRow, ref: string | null): Prices {
  // Written by `begin` alone.
  const prices = JSON.parse(call.prices) as Record<string, Prices>;
  return prices[ref ?? call.ref ?? ''] ?? Object.values(prices)[0] ?? {};
}

function usageOf(call: MeteredCallRow): Usage {
  const { inputTokens, cachedInputTokens, outputTokens, characters, audioInMs, images, videoInMs } = call;
  return { inputTokens, cachedInputTokens, outputTokens, characters, audioInMs, images, videoInMs };
}

function noCredit(accountId: string): RateLimitedError {
  const whose = accountId.startsWith('team:') ? 'The team’s credit' : 'Your credit';
  return new RateLimitedError(`${whose} does not suffice for this. Ask the owner of this house for more.`, {
    code: 'insufficient-quota',
    retryable: false,
    details: { account: accountId },
  });
}

const PERIOD_WORDS: Readonly<Record<string, string>> = { all: 'this house', key: 'this API key', model: 'this model' };

function budgetReached({ budgetId, scope, subject, period }: SpanState): RateLimitedError {
  const whose = PERIOD_WORDS[scope] ?? `this ${scope}`;
  const when = period === 'total' ? 'in all' : `for ${period}`;
  return new RateLimitedError(
    `The budget of ${whose} ${when} is used up. Wait for the next one, or ask the owner of this house for a greater one.`,
    { code: 'insufficient-quota', retryable: false, details: { budget: budgetId, scope, subject, period } },
  );
}
