import { afterAll, beforeAll, expect, test } from 'vitest';
import type { QuickReplySet } from '../../contract/quick-replies.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

let house: ChatHouse;
let owner: Caller;
let mallory: Caller;

beforeAll(async () => {
  house = await openHouse({ script: { rules: [], otherwise: 'echo' } });
  owner = house.owner;
  mallory = await house.member('mallory');
});
afterAll(() => house[Symbol.asyncDispose]());

const REPLIES = [
  { label: 'Look', text: '*{{user}} looks around.*', send: true },
  { label: '等等', text: '我等一会儿。', send: false },
];
const make = (person: Caller, more: object = {}) =>
  person.call<QuickReplySet>('POST', '/api/quick-replies', { name: 'Travel', replies: REPLIES, ...more });
const listOf = async (person: Caller) =>
  (await person.call<{ sets: QuickReplySet[] }>('GET', '/api/quick-replies')).sets;
test('sets are made, changed, switched off and deleted by their own person alone', async () => {
  const made = await make(owner);
  expect(made).toMatchObject({ scope: 'everywhere', subjectId: null, on: true, replies: REPLIES });
  const body = { name: 'Journey', on: false, replies: REPLIES.slice(0, 1) };
  const saved = await owner.call<QuickReplySet>('PUT', `/api/quick-replies/${made.id}`, body);
  expect(saved).toMatchObject({ id: made.id, ...body, createdAt: made.createdAt });
  expect(await listOf(owner)).toEqual([saved]);
  expect(await listOf(mallory)).toEqual([]);
  expect((await mallory.refusal('PUT', `/api/quick-replies/${made.id}`, body)).status).toBe(404);
  expect((await mallory.refusal('DELETE', `/api/quick-replies/${made.id}`)).status).toBe(404);
  await owner.call('DELETE', `/api/quick-replies/${made.id}`);
  expect(await listOf(owner)).toEqual([]);
});

test('a set hangs only on what its person may see, and goes with its conversation', async () => {
  const { id } = await owner.begin();
  const here = { scope: 'conversation', subjectId: id };
  expect((await mallory.refusal('POST', '/api/quick-replies', { name: 'x', ...here })).status).toBe(404);
  expect((await owner.refusal('POST', '/api/quick-replies', { name: 'x', scope: 'character' })).status).toBe(400);
  const odd = { name: 'x', scope: 'everywhere', subjectId: id };
  expect((await owner.refusal('POST', '/api/quick-replies', odd)).status).toBe(400);
  await make(owner, here);
  await make(owner, { scope: 'character', subjectId: 'starter-mira' });
  await owner.call('DELETE', `/api/conversations/${id}`);
  await owner.call('POST', `/api/conversations/${id}/purge`);
  expect((await listOf(owner)).map(({ scope }) => scope)).toEqual(['character']);
});

test('a set of SillyTavern’s is read in; what is none is refused by name', async () => {
  const file = JSON.stringify({
    version: 2,
    name: 'Imported',
    disableSend: true,
    qrList: [
      { label: 'Hi', message: 'Hello {{char}}' },
      { label: 'Script', message: '/echo x' },
    ],
  });
  const read = await owner.call<{ set: QuickReplySet; skipped: unknown[] }>('POST', '/api/quick-replies/import', {
    file,
  });
  expect(read.set).toMatchObject({ name: 'Imported', replies: [{ label: 'Hi', text: 'Hello {{char}}', send: false }] });
  expect(read.skipped).toEqual([{ label: 'Script', reason: 'script' }]);
  expect((await owner.refusal('POST', '/api/quick-replies/import', { file: '{}' })).status).toBe(400);
});
