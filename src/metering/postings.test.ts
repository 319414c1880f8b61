import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meteredPurposeSchema, type MeteredKind, type Usage } from '../../contract/metering.ts';
import { AppError } from '../base/errors.ts';
import { costOf, NO_USAGE } from './cost.ts';
import type { MeteredCallRow, Operation } from './operation.ts';
import { Postings, type AccountState, type SpanState } from './postings.ts';

const runs = process.env['EVERWITH_FULL'] === '1' ? 10_000 : 200;
/** Each unit is priced so that a call of any of them costs about as much. */
const PRICES = {
  model: {
    inputPerMillion: 5_000_000,
    cachedInputPerMillion: 1_000_000,
    outputPerMillion: 7_000_000,
    charactersPerMillion: 6_000_000,
    audioPerMinute: 420_000,
    image: 5,
    videoPerMinute: 300_000,
  },
};
/** Calls of the property take turns in what they are for and what they use. */
const MODALITIES: readonly [MeteredKind, (count: number) => Partial<Usage>][] = [
  ['text', (outputTokens) => ({ outputTokens })],
  ['text', (count) => ({ inputTokens: count, cachedInputTokens: Math.floor(count / 2), outputTokens: count % 700 })],
  ['embedding', (inputTokens) => ({ inputTokens })],
  ['speech', (characters) => ({ characters })],
  ['transcription', (audioInMs) => ({ audioInMs })],
  ['image', (images) => ({ images })],
  ['video', (videoInMs) => ({ videoInMs })],
];
const PURPOSES = meteredPurposeSchema.options;

const modalityOf = (number: number) => MODALITIES[number % MODALITIES.length]!;

function usageOf(number: number, count: number): Usage {
  return { ...NO_USAGE, ...modalityOf(number)[1](count) };
}

const ACCOUNTS = ['user:ana', 'user:bo', 'team:x'];
const SPANS = ['all:2026-11', 'ana:total'];

/** Tables as a database keeps them, and what must be true of them. */
class Tables {
  accounts = new Map<string, AccountState>();
  calls = new Map<string, MeteredCallRow>();
  spans = new Map<string, SpanState>();
  lines: { entryId: string; accountId: string; amount: number }[] = [];
  billed = new Map<string, number>();
  told = new Map<string, number>();
  keys = new Set<string>();
  soft = 0;
  #last = 0;

  constructor(limits: readonly (number | null)[], hard: readonly (number | null)[]) {
    for (const [index, id] of [...ACCOUNTS, 'house:revenue', 'house:credit'].entries()) {
      this.accounts.set(id, { id, balance: 0, held: 0, creditLimit: limits[index] ?? null });
    }
    for (const [index, id] of SPANS.entries()) {
      const [budgetId = '', period = ''] = id.split(':');
      const hardLimit = hard[index] ?? null;
      const limits = { softLimit: hardLimit === null ? null : Math.floor(hardLimit / 2), hardLimit };
      const state = {
        id,
        budgetId,
        scope: 'all',
        subject: null,
        period,
        spent: 0,
        held: 0,
        softAt: null,
        hardAt: null,
      };
      this.spans.set(id, { ...state, ...limits });
    }
  }

  /** One transaction: rows are read, operations posted, what changed is written. */
  post(operations: readonly Operation[]): (number | string)[] {
    const copies = <T>(rows: Map<string, T>) => new Map([...rows].map(([id, row]) => [id, { ...row }]));
    const mine = new Map([...copies(this.accounts)].filter(([id]) => !id.startsWith('house:')));
    const rows = { accounts: mine, calls: copies(this.calls), spans: copies(this.spans), keys: this.keys };
    const postings = new Postings(rows, () => `entry-${(this.#last += 1)}`);
    const outcomes = operations.map((operation) => {
      try {
        return postings.post(operation).cost;
      } catch (error) {
        if (error instanceof AppError) return error.code;
        throw error;
      }
    });
    for (const call of [...postings.insertedCalls, ...postings.updatedCalls]) this.calls.set(call.id, call);
    for (const { id, balance, held } of postings.changes) {
      const account = this.accounts.get(id)!;
      account.balance += balance;
      account.held += held;
    }
    for (const span of postings.changedSpans) this.spans.set(span.id, span);
    for (const { entry, lines } of postings.entries) {
      if (entry.callId) this.billed.set(entry.callId, (this.billed.get(entry.callId) ?? 0) + 1);
      if (entry.key) this.keys.add(entry.key);
      this.lines.push(...lines);
    }
    for (const { subjectId } of postings.events) this.told.set(subjectId, (this.told.get(subjectId) ?? 0) + 1);
    this.soft += postings.reached.filter(({ type }) => type === 'budget-soft').length;
    return outcomes;
  }

  /** What is not as it must be. */
  problems(): string[] {
    const sums = new Map<string, number>();
    const perEntry = new Map<string, number>();
    for (const { accountId, entryId, amount } of this.lines) {
      sums.set(accountId, (sums.get(accountId) ?? 0) + amount);
      perEntry.set(entryId, (perEntry.get(entryId) ?? 0) + amount);
    }
    const held = [...this.calls.values()].filter(({ state }) => state === 'held');
    const heldBy = (counts: (call: MeteredCallRow) => boolean) =>
      held.filter(counts).reduce((sum, call) => sum + call.held, 0);
    const truths: [boolean, string][] = [
      [[...perEntry.values()].every((sum) => sum === 0), 'lines of an entry sum to zero'],
      [[...this.accounts.values()].reduce((sum, { balance }) => sum + balance, 0) === 0, 'the trial balance is zero'],
    ];
    for (const { id, balance, held: found, creditLimit } of this.accounts.values()) {
      truths.push([balance === (sums.get(id) ?? 0), `the balance of ${id} is what happened to it`]);
      truths.push([found === heldBy(({ accountId }) => accountId === id), `what ${id} holds is what its calls hold`]);
      truths.push([creditLimit === null || balance + creditLimit - found >= 0, `${id} is within its limit`]);
    }
    for (const { id, spent, held: found, hardLimit, softLimit, softAt } of this.spans.values()) {
      truths.push([found === heldBy(({ budgets }) => budgets?.includes(`"${id}"`) ?? false), `what ${id} holds`]);
      truths.push([hardLimit === null || spent + found <= hardLimit, `${id} is within its limit`]);
      truths.push([softLimit === null || spent <= softLimit || softAt !== null, `${id} was told of`]);
    }
    for (const { id, cost, held: found, state } of this.calls.values()) {
      truths.push([cost <= found, `${id} costs no more than was held`]);
      truths.push([(this.billed.get(id) ?? 0) === (cost > 0 ? 1 : 0), `${id} was billed once`]);
      truths.push([(this.told.get(id) ?? 0) === (state === 'held' ? 0 : 1), `${id} was told of once, at its end`]);
      truths.push([cost === 0 || state === 'settled' || state === 'expired', `${id} owes nothing yet`]);
    }
    return truths.flatMap(([isTrue, words]) => (isTrue ? [] : [words]));
  }
}

const tokens = fc.nat({ max: 3_000 });
const step = fc.record({
  what: fc.constantFrom('begin', 'begin', 'note', 'note', 'settle', 'settle', 'void', 'expire', 'credit'),
  account: fc.nat({ max: ACCOUNTS.length - 1 }),
  call: fc.nat({ max: 11 }),
  tokens,
  more: fc.nat({ max: 9_000 }),
  sign: fc.boolean(),
  /** Ends the transaction. */
  commit: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function toOperation({ what, account, call: number, tokens: count, more, sign }: Step, at: number): Operation {
  // A call belongs to one account for good.
  const accountId = ACCOUNTS[number % ACCOUNTS.length]!;
  const id = `call-${number}`;
  const usage = usageOf(number, count);
  switch (what) {
    case 'note':
      return { type: 'note', accountId, id, usage, more, expiresAt: at, at };
    case 'settle': {
      const end = { ref: 'model', usage, usageSource: 'provider', outcome: 'done' } as const;
      return { type: 'settle', accountId, id, end, at };
    }
    case 'void':
      return { type: 'void', accountId, id, end: { outcome: 'failed' }, at };
    case 'expire':
      return { type: 'expire', accountId, id, expiresAt: sign ? 0 : at - 1, at };
    case 'credit': {
      const amount = (sign ? 1 : -1) * (more + 1);
      const key = count % 3 === 0 ? `plan:${count % 5}` : null;
      return {
        type: 'credit',
        accountId: ACCOUNTS[account]!,
        amount,
        kind: 'credit',
        key,
        actorId: null,
        note: '',
        at,
      };
    }
    default:
      return { type: 'begin', accountId, call: newCall({ id, accountId, held: costOf(usage, PRICES.model), number }) };
  }
}

function newCall({ id, accountId, held, number }: { id: string; accountId: string; held: number; number: number }) {
  const names = {
    door: 'background',
    purpose: PURPOSES[number % PURPOSES.length]!,
    kind: modalityOf(number)[0],
    model: 'model',
    userId: 'ana',
    requestId: null,
    keyId: null,
    teamId: null,
  };
  const ends = {
    ref: null,
    outcome: null,
    attempts: 1,
    usageSource: null,
    errorCode: null,
    firstTokenInMs: null,
    durationInMs: null,
  };
  const budgets = number % 2 === 0 ? JSON.stringify(SPANS.slice(0, 1 + (number % 4) / 2)) : null;
  return {
    ...NO_USAGE,
    ...names,
    ...ends,
    id,
    accountId,
    held,
    characterId: null,
    conversationId: null,
    state: 'held',
    cost: 0,
    prices: JSON.stringify(PRICES),
    budgets,
    startedAt: 1,
    expiresAt: 0,
    endedAt: null,
  } satisfies MeteredCallRow;
}

const limit = fc.option(fc.nat({ max: 30_000 }), { nil: null });

test('whatever is done in whatever order, money is conserved and nobody spends what they do not have', () => {
  const seen = { costs: 0, refused: 0, soft: 0 };
  fc.assert(
    fc.property(
      fc.array(limit, { minLength: 3, maxLength: 3 }),
      fc.array(limit, { minLength: 2, maxLength: 2 }),
      fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }),
      (limits, hard, steps) => {
        const tables = new Tables(limits, hard);
        const begun = new Set<string>();
        let batch: Operation[] = [];
        for (const [index, one] of steps.entries()) {
          const operation = toOperation(one, index + 2);
          // The same id is never given twice.
          if (operation.type === 'begin' && begun.has(operation.call.id)) continue;
          if (operation.type === 'begin') begun.add(operation.call.id);
          batch.push(operation);
          if (!one.commit) continue;
          const outcomes = tables.post(batch);
          seen.costs += outcomes.filter((outcome) => typeof outcome === 'number' && outcome > 0).length;
          seen.refused += outcomes.filter((outcome) => outcome === 'insufficient-quota').length;
          batch = [];
          expect(tables.problems()).toEqual([]);
        }
        // Whatever came first counted: settling again tells the same, and changes nothing.
        const before = JSON.stringify([[...tables.accounts], [...tables.calls]]);
        const ended = [...tables.calls.values()].filter(({ state }) => state !== 'held');
        for (const { id, accountId, cost } of ended) {
          const end = {
            ref: 'model',
            usage: { ...NO_USAGE, outputTokens: 99, images: 9 },
            usageSource: 'provider',
            outcome: 'done',
          } as const;
          const again = tables.post([
            { type: 'settle', accountId, id, end, at: 99 },
            { type: 'void', accountId, id, end: { outcome: 'failed' }, at: 99 },
            { type: 'note', accountId, id, usage: NO_USAGE, more: 5, expiresAt: 99, at: 99 },
          ]);
          expect(again).toEqual([cost, cost, 0]);
        }
        expect(JSON.stringify([[...tables.accounts], [...tables.calls]])).toBe(before);
        seen.soft += tables.soft;
      },
    ),
    { numRuns: runs },
  );
  // Otherwise the property met nothing.
  expect(Math.min(seen.costs, seen.refused, seen.soft * 10)).toBeGreaterThan(runs / 10);
}, 120_000);
