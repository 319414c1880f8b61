import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  BookAccountList,
  BudgetList,
  CallLog,
  EntryPage,
  Invoice,
  PlanList,
} from '../../contract/platform-books.ts';
import { findDifferences } from '../../src/metering/reconcile-store.ts';
import { openEverwithHome } from './support/everwith-process.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

/** Answers have four tokens; each costs a thousand nano-units. */
const ANSWER = 4_000;

let house: ChatHouse;
let client: OpenAI;
let keyId: string;
let owner: string;
/** Moved by tests. */
let later = 0;

beforeAll(async () => {
  const tokens = ['Hello', ', ', 'world', '.'];
  house = await openHouse({
    script: { rules: [{ steps: [{ type: 'tokens', tokens, delayInMs: 0 }] }] },
    clock: { now: () => Date.parse('2026-11-26T12:00:00Z') + later, monotonic: () => performance.now() },
  });
  const made = await house.owner.call<{ id: string; key: string }>('POST', '/api/keys', {
    name: 'Tests',
    scopes: ['models'],
  });
  keyId = made.id;
  client = new OpenAI({ apiKey: made.key, baseURL: `${house.address}/v1`, maxRetries: 0 });
  await house.owner.call('PUT', '/api/platform/prices', { ref: '*', prices: { outputPerMillion: 1_000_000_000 } });
  await house.owner.call('PUT', '/api/platform/books', {
    currency: 'EUR',
    timeZone: 'Europe/Lisbon',
    memberCreditLimit: 0,
  });
  const { accounts } = await house.owner.call<BookAccountList>('GET', '/api/platform/accounts');
  owner = accounts[0]!.id;
});
afterAll(() => house?.[Symbol.asyncDispose]());

const ask = (most = 4) =>
  client.chat.completions.create({ model: 'test', max_tokens: most, messages: [{ role: 'user', content: 'Hi' }] });
const get = <T>(path: string) => house.owner.call<T>('GET', path);
const eventsOf = async (type: string) =>
  (await house.app.storage.db.selectFrom('event').select('type').execute()).filter((event) => event.type === type)
    .length;

test('500 at once with money for 100: exactly 100 are answered, and not a nano-unit too much is spent', async () => {
  await house.owner.call('POST', `/api/platform/accounts/${owner}/credits`, {
    amount: 100 * ANSWER,
    note: 'For a hundred',
  });
  await house.owner.call('PATCH', `/api/platform/accounts/${owner}`, { creditLimit: 0 });
  const outcomes = await Promise.all(
    Array.from({ length: 500 }, () =>
      ask().then(
        () => 'done',
        (error: unknown) => (error instanceof OpenAI.APIError ? `${error.status} ${error.code}` : String(error)),
      ),
    ),
  );
  expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(100);
  expect(outcomes.filter((outcome) => outcome === '429 insufficient_quota')).toHaveLength(400);
  const { accounts } = await get<BookAccountList>('/api/platform/accounts');
  expect(accounts[0]).toMatchObject({ balance: 0, held: 0, available: 0 });
  expect(await findDifferences(house.app.storage.db)).toEqual([]);
  await house.owner.call('PATCH', `/api/platform/accounts/${owner}`, { creditLimit: null });
});

test('a budget holds in every span anew, tells of both limits once, and names itself', async () => {
  const budget = { scope: 'key', subject: keyId, period: 'day', softLimit: ANSWER, hardLimit: null };
  const { budgets } = await house.owner.call<BudgetList>('POST', '/api/platform/budgets', budget);
  // What was spent today already counts.
  expect(budgets).toMatchObject([{ label: 'Tests', span: '2026-11-26', spent: 100 * ANSWER, held: 0 }]);
  expect(budgets[0]?.endsAt).toBe(Date.parse('2026-11-27T00:00:00Z'));
  const id = budgets[0]!.id;
  const spent = 100 * ANSWER;
  await house.owner.call('PATCH', `/api/platform/budgets/${id}`, {
    softLimit: spent + ANSWER,
    hardLimit: spent + 2 * ANSWER,
  });
  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => ask()));
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
  expect(refused).toHaveLength(4);
  expect(refused[0]).toContain('budget of this API key');
  expect([await eventsOf('budget-soft'), await eventsOf('budget-hard')]).toEqual([1, 1]);
  later += 24 * 3_600_000;
  await ask();
  const next = await get<BudgetList>('/api/platform/budgets');
  expect(next.budgets).toMatchObject([{ span: '2026-11-27', spent: ANSWER, hardAt: null }]);
  expect(await findDifferences(house.app.storage.db)).toEqual([]);
  await house.owner.call('DELETE', `/api/platform/budgets/${id}`);
  await ask();
  expect(await findDifferences(house.app.storage.db)).toEqual([]);
});

test('a plan grants each month once; what is not spent lapses where it does not roll over', async () => {
  await house.member('ana');
  const { users } = await get<{ users: { id: string; username: string | null }[] }>('/api/house/users');
  const ana = users.find(({ username }) => username === 'ana')!.id;
  const account = `user:${ana}`;
  const { plans } = await house.owner.call<PlanList>('POST', '/api/platform/plans', {
    name: 'Family',
    allowance: 10_000,
    rollover: false,
  });
  const choose = () => house.owner.call<PlanList>('PUT', `/api/platform/people/${ana}/plan`, { planId: plans[0]!.id });
  expect((await choose()).plans).toMatchObject([{ name: 'Family', members: [ana] }]);
  await choose();
  await house.app.ledger.plans.grantDue();
  const { ledger } = house.app;
  const call = await ledger.begin({
    payer: { userId: ana, keyId: null, teamId: null },
    door: 'conversation',
    kind: 'text',
    model: 'test',
    refs: ['local:test'],
    estimate: usage(3),
  });
  await call.settle({ ref: 'local:test', usage: usage(3), usageSource: 'tokenizer', outcome: 'done' });
  later += 10 * 24 * 3_600_000;
  await ledger.plans.grantDue();
  await ledger.plans.grantDue();
  const { entries } = await get<EntryPage>(`/api/platform/accounts/${account}/entries`);
  expect(entries.map(({ kind, amount }) => [kind, amount])).toEqual([
    ['grant', 10_000],
    ['lapse', -7_000],
    ['settle', -3_000],
    ['grant', 10_000],
  ]);
  const { accounts } = await get<BookAccountList>('/api/platform/accounts');
  expect(accounts.find(({ id }) => id === account)).toMatchObject({ balance: 10_000, creditLimit: 0, ownLimit: false });
  expect(await findDifferences(house.app.storage.db)).toEqual([]);
});

test('an invoice is the ledger to the nano-unit, also as a table', async () => {
  const invoice = await get<Invoice>(`/api/platform/invoices?accountId=${owner}&month=2026-11`);
  const { calls } = await get<CallLog>('/api/platform/calls?limit=200&door=api&from=0');
  const billed = calls.reduce((sum, { cost }) => sum + cost, 0);
  expect(invoice).toMatchObject({ currency: 'EUR', total: billed, opening: 0, credits: 100 * ANSWER });
  expect(invoice.closing).toBe(invoice.credits - billed);
  expect(invoice.rows).toMatchObject([{ model: 'test', calls: 104, cost: billed, usage: { outputTokens: 416 } }]);
  const response = await house.owner.fetch(`/api/platform/invoices/csv?accountId=${owner}&month=2026-11`);
  expect(response.headers.get('content-type')).toContain('text/csv');
  const last = (await response.text()).trim().split('\r\n').at(-1);
  expect(last).toContain(`total,,104,`);
  expect(last).toContain('0.000416000,EUR');
  const empty = await get<Invoice>(`/api/platform/invoices?accountId=${owner}&month=2026-10`);
  expect(empty).toMatchObject({ rows: [], total: 0, opening: 0, closing: 0 });
});

test('the terminal compares the books, with an invoice too, and fails where something does not agree', async () => {
  await using home = await openEverwithHome();
  const invoice = join(home.folder, 'invoice.csv');
  await writeFile(invoice, 'date,model,output_tokens\n2026-11-26,test,408\n2026-11-27,test,9\n');
  const everwith = (...words: string[]) => home.run([...words, '--data', house.dataDirectory]);
  const right = await everwith('ledger', 'reconcile');
  expect([right.code, right.stderr]).toEqual([0, expect.stringContaining('The books agree.')]);
  const wrong = await everwith('ledger', 'reconcile', '--import', invoice);
  expect([wrong.code, wrong.stdout]).toEqual([
    1,
    expect.stringContaining('2026-11-27 test outputTokens: provider 9, house 11'),
  ]);
  const { stdout } = await everwith('ledger', 'export');
  const lines = await house.app.storage.db.selectFrom('ledgerLine').select('id').execute();
  expect(stdout.trim().split('\r\n')).toHaveLength(lines.length + 1);
});

test('who goes leaves no trace but the sums: the books still agree', async () => {
  const { users } = await get<{ users: { id: string; username: string | null }[] }>('/api/house/users');
  const ana = users.find(({ username }) => username === 'ana')!.id;
  const { personalBooks } = house.app.platform.books;
  const taken = await personalBooks.belongings({ ...house.app.accounts.terminalActor, userId: ana });
  expect(taken).toMatchObject({ account: { balance: 10_000 }, calls: [{ cost: 3_000 }] });
  await personalBooks.purgeAllOf(ana);
  const { db } = house.app.storage;
  expect(await db.selectFrom('meteredCall').select('id').where('userId', '=', ana).execute()).toEqual([]);
  expect(await db.selectFrom('planMember').selectAll().execute()).toEqual([]);
  expect(await findDifferences(db)).toEqual([]);
});

function usage(outputTokens: number) {
  return { inputTokens: 0, cachedInputTokens: 0, outputTokens, characters: 0, audioInMs: 0, images: 0, videoInMs: 0 };
}
