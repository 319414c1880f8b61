import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BookAccountList, CallLog, EntryPage, PriceList, UsageReport } from '../../contract/platform-books.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

/** Nano-units for a million tokens: one token costs a thousand. */
const PER_MILLION = 1_000_000_000;

let house: ChatHouse;
let mallory: Caller;
let client: OpenAI;

beforeAll(async () => {
  const tokens = ['Hello', ', ', 'world', '.'];
  house = await openHouse({ script: { rules: [{ steps: [{ type: 'tokens', tokens, delayInMs: 0 }] }] } });
  mallory = await house.member('mallory');
  const { key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'Tests', scopes: ['models'] });
  client = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
  await house.owner.call('PUT', '/api/platform/prices', { ref: '*', prices: { outputPerMillion: PER_MILLION } });
  for (let index = 0; index < 3; index += 1) await ask();
});
afterAll(() => house?.[Symbol.asyncDispose]());

const ask = () => client.chat.completions.create({ model: 'test', messages: [{ role: 'user', content: 'Hi' }] });
const get = <T>(path: string) => house.owner.call<T>('GET', path);

test('usage adds up what was billed, by whatever one asks for', async () => {
  const report = await get<UsageReport>('/api/platform/usage?by=key&per=day');
  expect(report.rows).toMatchObject([
    { label: 'Tests', calls: 3, failed: 0, cost: 12_000, usage: { outputTokens: 12 } },
  ]);
  expect(report.total).toMatchObject({ calls: 3, cost: 12_000 });
  for (const by of ['model', 'ref', 'user', 'door', 'purpose', 'kind', 'character', 'team']) {
    const { total } = await get<UsageReport>(`/api/platform/usage?by=${by}&per=hour`);
    expect(total.cost, by).toBe(12_000);
  }
  expect((await get<UsageReport>('/api/platform/usage?model=other')).total.calls).toBe(0);
});

test('the log shows calls page by page, newest first', async () => {
  const first = await get<CallLog>('/api/platform/calls?limit=2');
  expect(first.calls).toHaveLength(2);
  expect(first.calls[0]).toMatchObject({ state: 'settled', model: 'test', door: 'api', cost: 4_000 });
  const rest = await get<CallLog>(`/api/platform/calls?limit=2&cursor=${first.next}`);
  expect(rest.calls).toHaveLength(1);
  expect(rest.next).toBeNull();
  const id = rest.calls[0]?.id ?? '';
  expect(await get(`/api/platform/calls/${id}`)).toEqual(rest.calls[0]);
  expect(await mallory.refusal('GET', `/api/platform/calls/${id}`)).toMatchObject({ status: 404 });
});

test('a new price counts from then on, and old ones stay to be seen', async () => {
  const change = { ref: 'local:other', prices: { inputPerMillion: 5 } };
  const { prices } = await house.owner.call<PriceList>('PUT', '/api/platform/prices', change);
  expect(prices.map(({ ref }) => ref)).toEqual(['*', 'local:other']);
  await house.owner.call('PUT', '/api/platform/prices', { ref: 'local:other', prices: {} });
  const { versions } = await get<{ versions: unknown[] }>('/api/platform/prices/history?ref=local:other');
  expect(versions).toMatchObject([{ prices: {} }, { prices: { inputPerMillion: 5 } }]);
  expect(await mallory.refusal('PUT', '/api/platform/prices', change)).toMatchObject({ status: 403 });
});

test('credit is given and taken back by new entries; nobody sees the account of another', async () => {
  const { accounts } = await get<BookAccountList>('/api/platform/accounts');
  const own = accounts[0]!;
  expect(own).toMatchObject({ balance: -12_000, held: 0, creditLimit: null, available: null });
  const credit = (amount: number) =>
    house.owner.call('POST', `/api/platform/accounts/${own.id}/credits`, { amount, note: 'For tests' });
  expect(await credit(20_000)).toMatchObject({ balance: 8_000 });
  expect(await credit(-3_000)).toMatchObject({ balance: 5_000 });
  const limited = await house.owner.call('PATCH', `/api/platform/accounts/${own.id}`, { creditLimit: 0 });
  expect(limited).toMatchObject({ creditLimit: 0, ownLimit: true, available: 5_000 });
  const { entries } = await get<EntryPage>(`/api/platform/accounts/${own.id}/entries?limit=3`);
  expect(entries.map(({ kind, amount }) => [kind, amount])).toEqual([
    ['correction', -3_000],
    ['credit', 20_000],
    ['settle', -4_000],
  ]);
  const tooMuch = await house.owner.refusal('POST', `/api/platform/accounts/${own.id}/credits`, {
    amount: -6_000,
    note: 'More than there is',
  });
  expect(tooMuch).toMatchObject({ status: 409, code: 'credit-spent' });
  const theirs = await mallory.call<BookAccountList>('GET', '/api/platform/accounts');
  expect(theirs.accounts.map(({ balance }) => balance)).toEqual([0]);
  expect(await mallory.refusal('GET', `/api/platform/accounts/${own.id}/entries`)).toMatchObject({ status: 404 });
  // 5,000 are left: one answer for 4,000 at most, and what is set aside for it must be there.
  await expect(ask()).rejects.toMatchObject({ status: 429, code: 'insufficient_quota' });
  await house.owner.call('PATCH', `/api/platform/accounts/${own.id}`, { creditLimit: null });
});
