import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Receipt } from '../../contract/messages.ts';
import type { BookAccountList, CallLog } from '../../contract/platform-books.ts';
import { findDifferences } from '../../src/metering/reconcile-store.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

/** Nano-units for a token of an answer; prompts are free, so that costs are round. */
const TOKEN = 1_000;

let house: ChatHouse;
let account: string;

beforeAll(async () => {
  house = await openHouse({
    script: {
      rules: [
        {
          when: { contains: 'much' },
          steps: [{ type: 'tokens', tokens: Array.from({ length: 690 }, () => 'so '), delayInMs: 0 }, { type: 'hang' }],
        },
        { when: { contains: 'break' }, steps: [{ type: 'error', code: 'unavailable' }] },
        { steps: [{ type: 'tokens', tokens: ['Good', ' evening', '.'], delayInMs: 0 }] },
      ],
    },
  });
  await house.owner.call('PUT', '/api/platform/prices', { ref: '*', prices: { outputPerMillion: TOKEN * 1_000_000 } });
  const { accounts } = await house.owner.call<BookAccountList>('GET', '/api/platform/accounts');
  account = accounts[0]!.id;
});
afterAll(() => house?.[Symbol.asyncDispose]());

const balance = async () => {
  const { accounts } = await house.owner.call<BookAccountList>('GET', '/api/platform/accounts');
  return accounts.find(({ id }) => id === account)!;
};
const setLimit = (creditLimit: number | null) =>
  house.owner.call('PATCH', `/api/platform/accounts/${account}`, { creditLimit });
const newestCall = async () =>
  (await house.owner.call<CallLog>('GET', '/api/platform/calls?limit=1&purpose=reply')).calls[0]!;

test('a reply is billed with its commit, and its receipt says what it cost', async () => {
  const conversation = await house.owner.begin('starter-wren');
  const { reply } = await house.owner.talk(conversation.id, 'Hello');
  const receipt = await house.owner.call<Receipt>('GET', `/api/messages/${reply.id}/receipt`);
  expect(receipt.cost).toEqual({ amount: 3 * TOKEN, currency: 'USD' });
  expect(await newestCall()).toMatchObject({
    door: 'conversation',
    state: 'settled',
    outcome: 'done',
    model: 'test',
    cost: 3 * TOKEN,
    conversationId: conversation.id,
    usage: { outputTokens: 3 },
  });
  expect(await balance()).toMatchObject({ balance: -3 * TOKEN, held: 0 });
  expect(await findDifferences(house.app.storage.db)).toEqual([]);
});

test('a reply that the model broke before a word owes nothing', async () => {
  const before = await balance();
  const conversation = await house.owner.begin('starter-wren');
  const { reply } = await house.owner.talk(conversation.id, 'Please break');
  expect(reply.state).toBe('failed');
  expect(await newestCall()).toMatchObject({ outcome: 'failed', errorCode: 'unavailable', cost: 0 });
  expect(await balance()).toEqual(before);
});

test('whose credit is gone is told so, and loses no words; a long answer ends where the money does', async () => {
  const { balance: spent } = await balance();
  await setLimit(-spent + 600 * TOKEN);
  const conversation = await house.owner.begin('starter-wren');
  const { reply } = await house.owner.talk(conversation.id, 'Say much');
  expect(reply).toMatchObject({ state: 'failed', failure: { code: 'insufficient-quota', retryable: false } });
  const call = await newestCall();
  expect(call).toMatchObject({ outcome: 'failed', errorCode: 'insufficient-quota' });
  expect(call.cost).toBe(600 * TOKEN);
  expect((await balance()).available).toBeGreaterThanOrEqual(0);
  await setLimit(-(await balance()).balance);
  const refused = await house.owner.talk(conversation.id, 'And now?');
  expect(refused.reply).toMatchObject({ state: 'failed', failure: { code: 'insufficient-quota' }, parts: [] });
  const path = await house.owner.path(conversation.id);
  expect(JSON.stringify(path)).toContain('And now?');
  expect(await findDifferences(house.app.storage.db)).toEqual([]);
  await setLimit(null);
});
