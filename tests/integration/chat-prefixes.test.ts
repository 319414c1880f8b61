import { expect, test } from 'vitest';
import { beginConversation, nextMessage } from '../../bench/storage/seed-conversation.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createIdGenerator } from '../../src/base/ids.ts';
import { createLogger } from '../../src/base/logger.ts';
import type { LiveReply } from '../../src/conversation/live-replies.ts';
import { insertMessage, readMessage, saveReplyPrefixes } from '../../src/conversation/message-store.ts';
import type { MessageNode } from '../../src/conversation/tree-types.ts';
import { PrefixSaver } from '../../src/features/chat/prefix-saver.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { openTestStorage } from '../support/open-test-storage.ts';

const newId = createIdGenerator(systemClock);
const said = (text: string): MessageNode['parts'] => [{ type: 'text', text }];

async function addMessage(storage: Storage, state: MessageNode['state']): Promise<MessageNode> {
  const talk = await beginConversation(storage, newId);
  const message: MessageNode = { ...nextMessage(talk, newId), state, parts: said('') };
  await storage.transaction((trx) => insertMessage(trx, message));
  return message;
}

function liveReply(message: MessageNode): LiveReply {
  const { id: messageId, conversationId, audience } = message;
  const reply = {
    messageId,
    conversationId,
    audience,
    text: '',
    reasoning: '',
    tools: [],
    progress: null,
    finished: Promise.resolve(),
  };
  return { ...reply, stop: new AbortController() };
}

test('the beginnings of several replies are saved at once, and one that has ended is left alone', async () => {
  await using opened = await openTestStorage();
  const { storage } = opened;
  const [one, two, ended] = [
    await addMessage(storage, 'streaming'),
    await addMessage(storage, 'streaming'),
    await addMessage(storage, 'done'),
  ];
  await saveReplyPrefixes(storage.db, [
    { id: one.id, parts: said("It's “quoted” – 雨 \u0000") },
    { id: two.id, parts: said('Rain') },
    { id: ended.id, parts: said('Too late') },
  ]);
  expect((await readMessage(storage.db, one.id))?.parts).toEqual(said("It's “quoted” – 雨 \u0000"));
  expect((await readMessage(storage.db, two.id))?.parts).toEqual(said('Rain'));
  expect((await readMessage(storage.db, ended.id))?.parts).toEqual(said(''));
  await saveReplyPrefixes(storage.db, []);
});

test('a growing reply is saved while it grows, and not after its end', async () => {
  await using opened = await openTestStorage();
  const { storage } = opened;
  const saver = new PrefixSaver({ db: storage.db, logger: createLogger({ level: 'silent' }) });
  const messages = [await addMessage(storage, 'streaming'), await addMessage(storage, 'streaming')];
  const replies = messages.map(liveReply);
  const ends = replies.map((reply) => saver.start(reply));
  for (const [index, reply] of replies.entries()) reply.text = `Beginning ${index}`;
  for (const [index, { id }] of messages.entries()) {
    await expect
      .poll(async () => (await readMessage(storage.db, id))?.parts, { timeout: 20_000 })
      .toEqual(said(`Beginning ${index}`));
  }
  await ends[0]?.();
  for (const reply of replies) reply.text += ', and more';
  await expect
    .poll(async () => (await readMessage(storage.db, messages[1]?.id ?? ''))?.parts, { timeout: 20_000 })
    .toEqual(said('Beginning 1, and more'));
  expect((await readMessage(storage.db, messages[0]?.id ?? ''))?.parts).toEqual(said('Beginning 0'));
  await ends[1]?.();
});
