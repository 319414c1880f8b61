import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Receipt } from '../../contract/messages.ts';
import { wordsOf } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { openRoom } from './support/rooms.ts';
import { TestPhone } from './support/test-phone.ts';
import { until } from './support/until.ts';

const STORY = ['Once there was a lamp on the coast.', ' It turned all night long.', ' Nobody came to see it.'];

let house: ChatHouse;

beforeAll(async () => {
  house = await openHouse({
    script: {
      rules: [
        {
          when: { contains: 'pass it on' },
          times: 1,
          steps: [{ type: 'tokens', tokens: ['What', ' says', ' Mira?'] }],
        },
        {
          when: { contains: 'tell a story' },
          times: 1,
          steps: [{ type: 'tokens', tokens: ['Let', ' Mira', ' tell.'] }],
        },
        { when: { contains: 'Let Mira tell' }, times: 1, steps: [{ type: 'tokens', tokens: STORY }] },
        { steps: [{ type: 'tokens', tokens: ['Quite', '.'] }] },
      ],
    },
  });
});
afterAll(() => house[Symbol.asyncDispose]());

test('where there are fewer voices than characters the call says who sounds like whom', async () => {
  const { id } = await quietRoom(1);
  const open = await call(id);
  using phone = new TestPhone(open);
  const notice = await phone.event('failure');
  expect(notice).toMatchObject({ stage: 'speaking', code: 'voice-shared', retryable: false });
  expect(notice.message).toMatch(/Wren.*Tom.* sounds like .*Mira/);
  await open.call.end('hung-up');
});

const silent = { talkativeness: 0 };
const quietRoom = (mostReplies: number) =>
  openRoom(house, {
    settings: { turnOrder: 'natural', mostReplies },
    change: { mira: silent, wren: silent, tomas: silent },
  });

const call = (conversationId: string) =>
  house.app.calls.open(house.app.accounts.terminalActor, {
    target: { kind: 'conversation', conversationId },
    playback: 'reported',
    greet: false,
  });

test('a name that was misheard is answered by whoever was meant, and by whom they ask in turn', async () => {
  const { id, seats } = await quietRoom(3);
  const before = (await house.owner.path(id)).length;
  const open = await call(id);
  using phone = new TestPhone(open);
  phone.say('Rain, pass it on');
  const first = await phone.event('reply-end');
  const second = await phone.event('reply-end', { test: ({ replyId }) => replyId !== first.replyId });
  const speakers = phone.events.flatMap((event) => (event.type === 'reply-speaker' ? [event] : []));
  expect(speakers.map(({ replyId, speaker }) => [replyId, speaker.id])).toEqual([
    [first.replyId, seats['wren']],
    [second.replyId, seats['mira']],
  ]);
  expect(phone.heard(first.replyId)).toBe('What says Mira?');
  expect(phone.heard(second.replyId)).toContain('Quite');
  await until('nobody speaks any more', () => open.call.state === 'listening');
  await open.call.end('hung-up');
  const path = (await house.owner.path(id)).slice(before);
  expect(path.map((message) => [message.author.kind, message.author.id, wordsOf(message), message.state])).toEqual([
    ['human', expect.any(String), 'Rain, pass it on', 'done'],
    ['character', 'starter-wren', 'What says Mira?', 'done'],
    ['character', 'starter-mira', 'Quite.', 'done'],
  ]);
  // Everybody on the stage heard it, and says so.
  for (const message of path) expect(message.audience).toHaveLength(4);
  const receipt = await house.owner.call<Receipt>('GET', `/api/messages/${path[2]?.id}/receipt`);
  expect(receipt.turn).toMatchObject({ participantId: seats['mira'], by: 'mention' });
  expect(receipt.spoken?.firstFrameOutInMs).toBeGreaterThanOrEqual(0);
});

test('who interrupts the second of them ends the round: heard words are kept, each by whoever said them', async () => {
  const { id, seats } = await quietRoom(5);
  const before = (await house.owner.path(id)).length;
  const open = await call(id);
  using phone = new TestPhone(open);
  phone.say('Tomas, tell a story');
  const { replyId } = await phone.event('reply-speaker', { test: ({ speaker }) => speaker.id === seats['mira'] });
  const kept = await phone.event('reply-commit', { test: (event) => event.replyId === replyId });
  open.call.interrupt();
  const ended = await phone.event('reply-end', { test: (event) => event.replyId === replyId });
  expect(ended.state).toBe('interrupted');
  expect(ended.heard).toContain('lamp on the coast');
  expect(ended.heard).not.toContain('Nobody came');
  phone.say('I see');
  const last = await phone.event('turn-commit', { after: phone.events.indexOf(ended) });
  await phone.event('reply-end', { test: (event) => event.replyId === last.replyId });
  await open.call.end('hung-up');
  const path = (await house.owner.path(id)).slice(before);
  expect(path.slice(0, 4).map((message) => [message.author.kind, wordsOf(message), message.state])).toEqual([
    ['human', 'Tomas, tell a story', 'done'],
    ['character', 'Let Mira tell.', 'done'],
    ['character', ended.heard.trim(), 'stopped'],
    ['human', 'I see', 'done'],
  ]);
  expect(path[2]?.id).toBe(kept.replyMessageId);
  expect(path[2]?.parts.at(-1)).toMatchObject({ type: 'voice', callId: open.id, interrupted: true });
});

test('who interrupts the first leaves nothing of those who would have followed', async () => {
  const { id } = await quietRoom(3);
  const before = (await house.owner.path(id)).length;
  const open = await call(id);
  using phone = new TestPhone(open);
  phone.say('Wren and Mira, well?');
  await phone.event('reply-start');
  open.call.interrupt();
  await phone.event('reply-end');
  await open.call.end('hung-up');
  const path = (await house.owner.path(id)).slice(before);
  expect(path.filter(({ author }) => author.kind === 'character').length).toBeLessThanOrEqual(1);
  expect(phone.events.filter(({ type }) => type === 'reply-start')).toHaveLength(1);
  expect(house.app.live.inConversation(id)).toEqual([]);
});

test('whoever greets is named, and turns in text end when somebody speaks', async () => {
  const { id, seats } = await openRoom(house, {
    settings: { turnOrder: 'natural', mostReplies: 1, autoRun: true, autoRunDelayInSeconds: 60 },
    change: { mira: silent, wren: silent, tomas: silent },
  });
  const open = await house.app.calls.open(house.app.accounts.terminalActor, {
    target: { kind: 'conversation', conversationId: id },
    playback: 'reported',
    greet: true,
  });
  using phone = new TestPhone(open);
  const greeting = await phone.event('reply-start');
  const named = await phone.event('reply-speaker', { test: ({ replyId }) => replyId === greeting.replyId });
  expect(named.speaker).toMatchObject({ id: seats['mira'], name: 'Mira' });
  open.call.interrupt();
  await house.owner.say(id, 'Well?');
  const { live } = house.app;
  await until('the characters would go on', () => live.runOf(id).state === 'waiting');
  await phone.event('reply-end');
  phone.say('Now it is my turn');
  await until('nobody goes on in text', () => live.runOf(id).state === 'idle');
  await phone.event('turn-commit');
  await open.call.end('hung-up');
});
