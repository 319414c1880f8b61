import { expect, test } from 'vitest';
import type { Conversation, ConversationEvent } from '../../contract/conversations.ts';
import { LiveReplies, type LiveReply } from './live-replies.ts';

const conversation = { id: 'c' } as Conversation;
const delta = (text: string): ConversationEvent => ({ type: 'text-delta', messageId: 'm', text });

function liveReply(text = ''): LiveReply {
  return {
    audience: 'everyone',
    messageId: 'm',
    conversationId: 'c',
    stop: new AbortController(),
    text,
    reasoning: '',
    tools: [],
    progress: null,
    finished: Promise.resolve(),
  };
}

function say(live: LiveReplies, reply: LiveReply, text: string): void {
  reply.text += text;
  live.publish('c', delta(text));
}

test('words that come while the snapshot is read are in it once', async () => {
  const live = new LiveReplies();
  const reply = liveReply('one');
  live.add(reply);
  const reading = Promise.withResolvers<Conversation>();
  const watching = live.watch({
    conversationId: 'c',
    read: () => reading.promise,
    signal: new AbortController().signal,
  });
  const first = watching.next();
  say(live, reply, ' two');
  live.publish('c', { type: 'conversation-delete', conversationId: 'c' });
  reading.resolve(conversation);
  expect((await first).value).toEqual({
    type: 'conversation-snapshot',
    conversation,
    streaming: [{ messageId: 'm', text: 'one two', reasoning: '', tools: [], progress: null }],
    presence: [],
    run: null,
  });
  say(live, reply, ' three');
  expect((await watching.next()).value).toMatchObject({ type: 'conversation-delete' });
  expect((await watching.next()).value).toEqual(delta(' three'));
  await watching.return(undefined);
});

test('a watcher who leaves, fails to read or is closed leaves nothing behind', async () => {
  const live = new LiveReplies();
  const leaving = new AbortController();
  const read = async () => conversation;
  const left = live.watch({ conversationId: 'c', read, signal: leaving.signal });
  await left.next();
  const next = left.next();
  leaving.abort();
  expect(await next).toEqual({ done: true, value: undefined });

  const failed = live.watch({
    conversationId: 'c',
    read: () => Promise.reject(new Error('no database')),
    signal: new AbortController().signal,
  });
  await expect(failed.next()).rejects.toThrow('no database');

  const gone = live.watch({ conversationId: 'c', read, signal: AbortSignal.abort() });
  expect((await gone.next()).done).toBe(false); // the snapshot was asked for
  expect((await gone.next()).done).toBe(true);

  const closed = live.watch({ conversationId: 'c', read, signal: new AbortController().signal });
  await closed.next();
  const last = closed.next();
  live.closeWatchers();
  expect((await last).done).toBe(true);
});

test('a watcher who reads too slowly gets an error instead of memory', async () => {
  const live = new LiveReplies();
  const slow = live.watch({
    conversationId: 'c',
    read: async () => conversation,
    signal: new AbortController().signal,
  });
  await slow.next();
  for (let index = 0; index < 5000; index += 1) live.publish('c', delta('x'));
  await expect(slow.next()).rejects.toMatchObject({ code: 'slow-reader', retryable: true });
});

test('replies are found by conversation, and other conversations hear nothing', async () => {
  const live = new LiveReplies();
  live.add(liveReply());
  expect(live.inConversation('c')).toHaveLength(1);
  expect(live.inConversation('d')).toEqual([]);
  const other = live.watch({
    conversationId: 'd',
    read: async () => conversation,
    signal: new AbortController().signal,
  });
  await other.next();
  live.publish('c', delta('x'));
  const next = other.next();
  live.publish('d', delta('y'));
  expect((await next).value).toEqual(delta('y'));
  live.remove('m');
  expect([live.size, live.all()]).toEqual([0, []]);
  await other.return(undefined);
});
