import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import type { OutboxMessage } from '../../../client/outbox-storage.ts';
import { removeDeviceDatabase } from './device-database.ts';
import { createOutboxDatabase } from './outbox-database.ts';

afterEach(() => Promise.all(['ann', 'bob'].map(removeDeviceDatabase)));

const message: OutboxMessage = {
  clientId: 'k1',
  conversationId: 'c1',
  text: '你好',
  attachments: ['a1'],
  to: ['p1'],
  createdAt: 5,
  order: 1,
  state: 'waiting',
  error: null,
};

test('a message waits for the next tab of the same person, whole, and for nobody else', async () => {
  await createOutboxDatabase('ann').put(message);
  expect(await createOutboxDatabase('ann').list()).toEqual([message]);
  expect(await createOutboxDatabase('bob').list()).toEqual([]);
  await createOutboxDatabase('ann').remove('k1');
  expect(await createOutboxDatabase('ann').list()).toEqual([]);
});

test('tabs hear of each other’s changes', async () => {
  const heard = vi.fn<() => void>();
  const stop = createOutboxDatabase('ann').watch(heard);
  await createOutboxDatabase('ann').put(message);
  await vi.waitFor(() => expect(heard).toHaveBeenCalled(), { timeout: 20_000 });
  stop();
});
