import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallList } from '../../contract/calls.ts';
import type { Receipt } from '../../contract/messages.ts';
import type { PromptRecord } from '../../contract/prompts.ts';
import type { OpenCallRequest } from '../../src/features/calls/open-call.ts';
import { wordsOf } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { TestPhone } from './support/test-phone.ts';
import { until } from './support/until.ts';

let house: ChatHouse;

beforeAll(async () => {
  house = await openHouse({
    script: {
      rules: [
        { when: { contains: 'weather' }, steps: [{ type: 'tokens', tokens: ['It', ' rains.'] }] },
        {
          when: { contains: 'story' },
          steps: [
            {
              type: 'tokens',
              tokens: ['Once there was a lamp on the coast.', ' It turned all night long.', ' Nobody came to see it.'],
            },
          ],
        },
      ],
      otherwise: 'echo',
    },
  });
});
afterAll(() => house[Symbol.asyncDispose]());

const actor = () => house.app.accounts.terminalActor;
const open = (conversationId: string, greet = false) =>
  house.app.calls.open(actor(), {
    target: { kind: 'conversation', conversationId },
    playback: 'reported',
    greet,
  });

test('what is said in a call is answered aloud, and both are in the conversation', async () => {
  const { id } = await house.owner.begin();
  const before = await house.owner.path(id);
  await using watcher = house.owner.watch(id);
  await watcher.event('conversation-snapshot');
  const call = await open(id);
  using phone = new TestPhone(call);
  phone.say('weather');
  const committed = await phone.event('turn-commit');
  const ended = await phone.event('reply-end');
  expect(ended).toMatchObject({ state: 'done', heard: 'It rains.' });
  await until('all of it has sounded', () => phone.heard(ended.replyId) === 'It rains.');
  await watcher.event('reply-end', (event) => event.messageId === committed.replyMessageId);
  const path = (await house.owner.path(id)).slice(before.length);
  expect(path.map((message) => [message.author.kind, wordsOf(message), message.state])).toEqual([
    ['human', 'weather', 'done'],
    ['character', 'It rains.', 'done'],
  ]);
  expect(path[0]?.parts.at(-1)).toMatchObject({ type: 'voice', callId: call.id, interrupted: false });
  expect(path[1]?.parts.at(-1)).toMatchObject({ type: 'voice', callId: call.id, recorded: false, interrupted: false });
  const receipt = await house.owner.call<Receipt>('GET', `/api/messages/${path[1]?.id}/receipt`);
  expect(receipt.spoken).toMatchObject({ profile: 'normal', interrupted: false });
  expect(receipt.spoken?.firstFrameOutInMs).toBeGreaterThan(0);
  const prompt = await house.owner.call<PromptRecord>('GET', `/api/messages/${path[1]?.id}/prompt`);
  expect(prompt.exact).toBe(true);
  expect(prompt.segments.some(({ kind }) => kind === 'spoken')).toBe(true);
  await call.call.end('hung-up');
});

test('who interrupts keeps what was heard in the conversation, and the model is told once', async () => {
  const { id } = await house.owner.begin();
  const before = await house.owner.path(id);
  await using watcher = house.owner.watch(id);
  await watcher.event('conversation-snapshot');
  const call = await open(id);
  using phone = new TestPhone(call);
  phone.say('A story, please');
  const { replyId } = await phone.event('reply-start');
  await watcher.event('text-delta');
  const mark = phone.events.length;
  // Which sounds are an interruption is the loop's own affair and tested there: here it is a tap.
  call.call.interrupt();
  phone.say('And the weather');
  const ended = await phone.event('reply-end', { test: (event) => event.replyId === replyId });
  expect(ended.state).toBe('interrupted');
  expect(ended.heard).not.toBe('');
  expect(ended.heard).not.toContain('Nobody came');
  const next = await phone.event('reply-end', { after: mark, test: (event) => event.replyId !== replyId });
  expect(next).toMatchObject({ state: 'done', heard: 'It rains.' });
  await call.call.end('hung-up');
  const path = (await house.owner.path(id)).slice(before.length);
  expect(path.map((message) => [wordsOf(message), message.state])).toEqual([
    ['A story, please', 'done'],
    [ended.heard.trim(), 'stopped'],
    [expect.stringMatching(/weather$/), 'done'],
    ['It rains.', 'done'],
  ]);
  expect(path[1]?.parts.at(-1)).toMatchObject({ type: 'voice', interrupted: true });
  const prompt = await house.owner.call<PromptRecord>('GET', `/api/messages/${path[3]?.id}/prompt`);
  const sent = prompt.messages
    .filter(({ role }) => role !== 'system')
    .map(({ pieces }) => pieces.map(({ text }) => text).join(''));
  expect(sent.filter((text) => text.endsWith(`${ended.heard.trim()} [interrupted]`))).toHaveLength(1);
  expect(sent.join('\n').split('[interrupted]')).toHaveLength(2);
});

test('a call has a row and events from its beginning to its end', async () => {
  const { id } = await house.owner.begin();
  const call = await open(id);
  const calls = () => house.owner.call<CallList>('GET', `/api/conversations/${id}/calls`);
  expect((await calls()).calls).toMatchObject([{ id: call.id, endedAt: null, turns: 0 }]);
  using phone = new TestPhone(call);
  phone.say('weather');
  await phone.event('reply-end');
  await call.call.end('hung-up');
  const [ended] = (await calls()).calls;
  expect(ended).toMatchObject({ id: call.id, endReason: 'hung-up', turns: 1 });
  expect(ended?.durationInMs).toBeGreaterThan(500);
  expect(house.app.calls.list(actor())).toEqual([]);
});

test('a second device takes the call over, and a lost one comes back to it', async () => {
  const { id } = await house.owner.begin();
  const call = await open(id);
  using first = new TestPhone(call);
  const again = await open(id);
  expect(again).toMatchObject({ id: call.id, resumed: true });
  using second = new TestPhone(again);
  await first.event('taken-over');
  second.say('weather');
  await second.event('reply-end');
  second.lose();
  const resumed = await house.app.calls.open(actor(), {
    target: { kind: 'call', callId: call.id },
    playback: 'reported',
    greet: false,
  });
  expect(resumed).toMatchObject({ id: call.id, resumed: true, conversationId: id });
  using third = new TestPhone(resumed);
  third.say('weather');
  await third.event('reply-end');
  await call.call.end('hung-up');
  expect((await house.owner.path(id)).slice(1).map(wordsOf)).toEqual(['weather', 'It rains.', 'weather', 'It rains.']);
  const later = await house.app.calls.open(actor(), {
    target: { kind: 'call', callId: call.id },
    playback: 'reported',
    greet: false,
  });
  expect(later).toMatchObject({ resumed: false, conversationId: id });
  expect(later.id).not.toBe(call.id);
  await later.call.end('hung-up');
});

test('the greeting is said where nothing else was, and only there', async () => {
  const { id } = await house.owner.begin();
  const [greeting] = await house.owner.path(id);
  const call = await open(id, true);
  using phone = new TestPhone(call);
  const clause = await phone.event('clause-start');
  expect(wordsOf(greeting)).toContain(clause.text.trim());
  await call.call.end('hung-up');
  expect(await house.owner.path(id)).toHaveLength(1);
});

test('words typed beside the voice are a turn, and its text tab sees all of it live', async () => {
  const { id } = await house.owner.begin();
  await using watcher = house.owner.watch(id);
  await watcher.event('conversation-snapshot');
  const call = await open(id);
  using _phone = new TestPhone(call);
  call.call.type('weather');
  const kept = await watcher.event('message-commit');
  expect(wordsOf(kept.message)).toBe('weather');
  expect(kept.message.parts).toHaveLength(1);
  const begun = await watcher.event('reply-start');
  const heard = await watcher.event('text-delta', (event) => event.messageId === begun.message.id);
  expect('It rains.').toContain(heard.text);
  await watcher.event('reply-end', (event) => event.messageId === begun.message.id);
  await call.call.end('hung-up');
});

test('a text that was sent meanwhile keeps its place, and the call goes on behind it', async () => {
  const { id } = await house.owner.begin();
  const call = await open(id);
  using phone = new TestPhone(call);
  phone.say('weather');
  await phone.event('speech-start');
  await house.owner.talk(id, 'typed elsewhere');
  await phone.event('reply-end');
  await call.call.end('hung-up');
  const words = (await house.owner.path(id)).slice(1).map(wordsOf);
  expect(words).toHaveLength(4);
  expect(words.toSorted()).toEqual(['It rains.', 'typed elsewhere', 'typed elsewhere', 'weather'].toSorted());
});

test('the stop button of the text page silences the reply', async () => {
  const { id } = await house.owner.begin();
  const call = await open(id);
  using phone = new TestPhone(call);
  phone.say('A story, please');
  const { replyId } = await phone.event('reply-start');
  await phone.event('turn-commit');
  await phone.event('clause-end', { test: (event) => event.replyId === replyId });
  await house.owner.call('POST', `/api/conversations/${id}/stop`);
  const ended = await phone.event('reply-end', { test: (event) => event.replyId === replyId });
  expect(ended.state).toBe('interrupted');
  await call.call.end('hung-up');
});

test('a conversation that is deleted ends its call', async () => {
  const { id } = await house.owner.begin();
  const call = await open(id);
  using phone = new TestPhone(call);
  await phone.event('state-change');
  await house.owner.call('DELETE', `/api/conversations/${id}`);
  await phone.event('call-end');
  expect(house.app.calls.find(actor(), call.id)).toBeUndefined();
});

test('another person cannot reach a call, and unknown ones are refused by name', async () => {
  const { id } = await house.owner.begin();
  const call = await open(id);
  const stranger = { ...actor(), userId: 'stranger' };
  const ask = (target: OpenCallRequest['target']) =>
    house.app.calls.open(stranger, { target, playback: 'reported', greet: false });
  await expect(ask({ kind: 'conversation', conversationId: id })).rejects.toMatchObject({ code: 'not-found' });
  await expect(ask({ kind: 'call', callId: call.id })).rejects.toMatchObject({ code: 'call-missing' });
  await expect(ask({ kind: 'character', slug: 'nobody', locale: null })).rejects.toMatchObject({
    code: 'character-missing',
  });
  expect(house.app.calls.find(stranger, call.id)).toBeUndefined();
  await call.call.end('hung-up');
});
