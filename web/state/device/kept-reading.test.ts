import 'fake-indexeddb/auto';
import { afterEach, expect, test } from 'vitest';
import { someConversation, somePath } from '../../../client/conversation-fixtures.ts';
import { removeDeviceDatabase } from './device-database.ts';
import { KEPT_MESSAGES, KeptReading, MOST_KEPT } from './kept-reading.ts';
import { createOutboxDatabase } from './outbox-database.ts';

afterEach(() => Promise.all(['ann', 'bob'].map(removeDeviceDatabase)));

const open = (userId = 'ann') => new KeptReading(userId, () => 77);
const conversation = (id: string, change: Parameters<typeof someConversation>[0] = {}) =>
  someConversation({ id, ...change });

test('the end of a conversation is kept with its time, for that person alone', async () => {
  const messages = somePath(KEPT_MESSAGES + 5);
  await open().keep(conversation('c1'), messages);
  const kept = await open().read('c1');
  expect(kept).toMatchObject({ conversation: { id: 'c1' }, keptAt: 77 });
  expect(kept?.messages).toEqual(messages.slice(5));
  expect(await open('bob').read('c1')).toBeNull();
});

test('no more than the newest are kept, newest first', async () => {
  for (let index = 0; index <= MOST_KEPT; index += 1) {
    await open().keep(conversation(`c${index}`, { updatedAt: index }), somePath(1));
  }
  const ids = (await open().list()).map(({ id }) => id);
  expect(ids).toHaveLength(MOST_KEPT);
  expect([ids[0], ids.at(-1)]).toEqual([`c${MOST_KEPT}`, 'c1']);
});

test('a private conversation is not kept, and is taken away when it becomes private', async () => {
  await open().keep(conversation('c1', { memory: 'private' }), somePath(1));
  expect(await open().read('c1')).toBeNull();
  await open().keep(conversation('c1'), somePath(1));
  await open().keep(conversation('c1', { memory: 'private' }), somePath(1));
  expect(await open().read('c1')).toBeNull();
});

test('what the list does not show any more is taken away; what changed is read again', async () => {
  const same = conversation('same', { updatedAt: 3, revision: 1 });
  const old = conversation('changed', { updatedAt: 2, revision: 1 });
  for (const one of [same, old, conversation('deleted'), conversation('secret')]) await open().keep(one, somePath(1));
  const changed = conversation('changed', { updatedAt: 4, revision: 2 });
  const secret = conversation('secret', { memory: 'private' });
  const missing = await open().align([changed, same, conversation('new', { updatedAt: 1 }), secret]);
  expect(missing.map(({ id }) => id)).toEqual(['changed', 'new']);
  expect((await open().list()).map(({ id }) => id)).toEqual(['same', 'changed']);
});

test('signing out leaves unsent messages and nothing else', async () => {
  const waiting = {
    clientId: 'k1',
    conversationId: 'c1',
    text: 'Hello',
    attachments: [],
    createdAt: 1,
    order: 1,
    state: 'waiting' as const,
    error: null,
  };
  await createOutboxDatabase('ann').put(waiting);
  await open().keep(conversation('c1'), somePath(2));
  await open().clear();
  expect([await open().list(), await open().readPerson()]).toEqual([[], null]);
  expect(await createOutboxDatabase('ann').list()).toEqual([waiting]);
});
