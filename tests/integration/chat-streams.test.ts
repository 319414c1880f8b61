import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../client/create-client.ts';
import { ConversationSession } from '../../client/conversation-session.ts';
import { messageText } from '../../client/message-text.ts';
import { wordsOf, type Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { HANGING_WORDS, LONG_REPLY, talkingScript } from './support/scripts.ts';
import { until } from './support/until.ts';
import { shownText, type Watcher } from './support/watcher.ts';

let house: ChatHouse;
let owner: Caller;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
});
afterAll(() => house[Symbol.asyncDispose]());

const deltas = (watcher: Watcher) => watcher.events.filter(({ type }) => type === 'text-delta').length;

async function beginWatched(characterId?: string) {
  const { id } = await owner.begin(characterId);
  const watcher = owner.watch(id);
  await watcher.event('conversation-snapshot');
  return { id, watcher };
}

describe('watching a reply', () => {
  test('whoever comes at any moment sees exactly the same words', async () => {
    const { id, watcher } = await beginWatched();
    await using first = watcher;
    const { reply } = await owner.say(id, 'long');
    await using late = new AsyncDisposableStack();
    const watchers: Watcher[] = [first];
    for (let seen = 0; seen < 100; seen += 4) {
      await first.until(`${seen} words`, () => deltas(first) >= seen);
      watchers.push(late.use(owner.watch(id)));
    }
    const ends = await Promise.all(watchers.map((one) => one.event('reply-end')));
    for (const [index, one] of watchers.entries()) {
      expect(ends[index]).toMatchObject({ messageId: reply!.id, state: 'done' });
      expect(wordsOf(ends[index]?.message)).toBe(LONG_REPLY);
      expect(shownText(one.events, reply!.id)).toBe(LONG_REPLY);
      expect(one.events[0]?.type).toBe('conversation-snapshot');
      expect(one.events.findIndex(({ type }) => type === 'reply-end')).toBeGreaterThan(
        one.events.findLastIndex(({ type }) => type === 'text-delta'),
      );
    }
    // At least one of them came in the middle, or this test proved nothing.
    const middle = watchers.filter(({ events }) => {
      const [snapshot] = events;
      const text = snapshot?.type === 'conversation-snapshot' ? (snapshot.streaming[0]?.text ?? '') : '';
      return text !== '' && text !== LONG_REPLY;
    });
    expect(middle.length).toBeGreaterThan(0);
  });

  test('two watchers hear the same, in the same order', async () => {
    const { id, watcher } = await beginWatched();
    await using first = watcher;
    await using second = owner.watch(id);
    await second.event('conversation-snapshot');
    const { reply } = await owner.say(id, 'Hello there');
    await Promise.all([first, second].map((one) => one.event('reply-end')));
    const both = [first, second].map(({ events }) =>
      events.slice(0, events.findIndex(({ type }) => type === 'reply-end') + 1).slice(1),
    );
    expect(both[0]).toEqual(both[1]);
    expect(both[0]?.map(({ type }) => type).filter((type) => type !== 'conversation-change')).toEqual([
      'message-commit',
      'reply-start',
      'text-delta',
      'text-delta',
      'reply-end',
    ]);
    await first.until('the list is told', () => {
      const last = first.events.at(-1);
      return last?.type === 'conversation-change' && !last.conversation.replying;
    });
    expect((await owner.message(reply!.id)).state).toBe('done');
  });

  test('two tabs of the client stay in step', async () => {
    const { id } = await owner.begin();
    const client = createClient({ baseUrl: house.address, token: house.terminalToken });
    const open = () => {
      const session = new ConversationSession({
        client,
        conversationId: id,
        newId: () => crypto.randomUUID(),
        now: () => 0,
      });
      session.open();
      return session;
    };
    using here = open();
    using there = open();
    await until('both are live', () => [here, there].every((tab) => tab.getState().connection === 'live'));
    await here.send('long');
    const shown = () =>
      [here, there].map((tab) => {
        const state = tab.getState();
        return state.streaming.size === 0 ? state.path.map(messageText) : [];
      });
    await until('both show the reply', () => shown().every((texts) => texts.at(-1) === LONG_REPLY));
    expect(shown()[0]).toEqual(shown()[1]);
    const reply = here.getState().path.at(-1)!;
    await there.edit({ messageId: reply.id, text: 'Shorter', reply: false });
    await until('both show the edit', () => shown().every((texts) => texts.at(-1) === 'Shorter'));
    await here.choose(reply.id);
    await until('both went back', () => shown().every((texts) => texts.at(-1) === LONG_REPLY));
  });

  test('a reply goes on and finishes when everybody has left', async () => {
    const { id, watcher } = await beginWatched();
    const { reply } = await owner.say(id, 'long');
    await watcher.event('text-delta');
    await watcher[Symbol.asyncDispose]();
    const ended = await until('it is done', async () => {
      const message = await owner.message(reply!.id);
      return message.state === 'streaming' ? null : message;
    });
    expect(ended.state).toBe('done');
    expect(wordsOf(ended)).toBe(LONG_REPLY);
  });

  test('a sender who leaves before the answer has still said it', async () => {
    const { id, watcher } = await beginWatched();
    await using seen = watcher;
    const leaving = new AbortController();
    const send = owner.fetch(`/api/conversations/${id}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'I must go', clientId: 'leaver' }),
      signal: leaving.signal,
    });
    const settled = send.then(
      () => undefined,
      () => undefined,
    );
    await seen.event('message-commit');
    leaving.abort();
    await settled;
    expect(wordsOf((await seen.event('reply-end')).message)).toBe('I must go');
  });

  test('Stop keeps what was said until then', async () => {
    const { id, watcher } = await beginWatched();
    await using seen = watcher;
    const { reply } = await owner.say(id, 'long');
    await seen.until('twenty words', () => deltas(seen) >= 20);
    await owner.call('POST', `/api/conversations/${id}/stop`);
    const { message } = await seen.event('reply-end');
    expect(message).toMatchObject({ id: reply!.id, state: 'stopped', failure: null });
    const words = wordsOf(message);
    expect(LONG_REPLY.startsWith(words)).toBe(true);
    expect(words.length).toBeGreaterThan(0);
    expect(words.length).toBeLessThan(LONG_REPLY.length);
    expect(shownText(seen.events, reply!.id)).toBe(words);
    expect(wordsOf(await owner.message(reply!.id))).toBe(words);
    await owner.call('POST', `/api/conversations/${id}/stop`); // nothing to stop is no error
  });

  test('a stream of a conversation that is not there is refused, not opened', async () => {
    expect(await owner.refusal('GET', '/api/conversations/nothing/events')).toMatchObject({ status: 404 });
  });
});

describe('closing the house', () => {
  test('commits the beginning of a reply under way as stopped, and ends the streams', async () => {
    await using other = await openHouse({ script: talkingScript });
    const { id } = await other.owner.begin();
    const watcher = other.owner.watch(id);
    await watcher.event('conversation-snapshot');
    const { reply } = await other.owner.say(id, 'hang');
    await watcher.until('its beginning', () => deltas(watcher) > 0);
    await other.close();
    await watcher.ended;
    await other.reopen();
    const message = await other.owner.message(reply!.id);
    expect(message.state).toBe('stopped');
    expect(wordsOf(message)).toMatch(/^The/);
    expect(HANGING_WORDS.startsWith(wordsOf(message))).toBe(true);
    const { reply: next } = await other.owner.talk(id, 'Still there?');
    expect(next.state).toBe('done');
  });
});
