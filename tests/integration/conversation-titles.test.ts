import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConversationList } from '../../contract/conversations.ts';
import type { RoomDoor } from '../../contract/rooms.ts';
import { TITLE_JOB } from '../../src/features/naming/title-changes.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { comeAsGuest, inviteTo, seatOf } from './support/room-people.ts';

const answer = (contains: string, title: string) => ({
  when: { contains },
  steps: [{ type: 'tokens' as const, tokens: ['{"title": ', JSON.stringify(title), '}'] }],
});

let house: ChatHouse;
let owner: Caller;
beforeAll(async () => {
  house = await openHouse({
    script: {
      rules: [{ steps: [{ type: 'tokens', tokens: ['So ', 'it ', 'is.'] }] }],
      titleRules: [
        answer('SECRET', 'What nobody should read'),
        answer('红烧肉', '《红烧肉的家常做法》'),
        answer('tides turn', 'Where the Tides Turn'),
        answer('tides', '"The Tides of a Very Long and Cold Winter."'),
        answer('umbrella', 'Conversation'),
      ],
    },
  });
  ({ owner } = house);
});
afterAll(() => house[Symbol.asyncDispose]());

/** Waits until the conversation was looked at. */
async function looked(id: string, at = house): Promise<void> {
  const { db } = at.app.storage;
  const waiting = () =>
    db.selectFrom('job').select('key').where('name', '=', TITLE_JOB).where('key', '=', id).execute();
  await expect.poll(waiting, { timeout: 20_000, interval: 150 }).toEqual([]);
}

async function named(id: string, at = house): Promise<{ title: string; titled: boolean }> {
  await looked(id, at);
  const { title, titled } = await at.owner.conversation(id);
  return { title, titled };
}

test('after the first exchange the model names a conversation in its language, live, and says what it cost', async () => {
  const [{ id }, { id: chinese }] = await Promise.all([
    owner.begin(),
    owner.begin('starter-mira', { locale: 'zh-CN' }),
  ]);
  await using watcher = owner.watch(id);
  await watcher.event('conversation-snapshot');
  await Promise.all([
    owner.talk(id, 'Hi Mira, what do the tides do in winter?'),
    owner.talk(chinese, '我想学做红烧肉'),
  ]);
  const { conversation } = await watcher.event('conversation-change', (event) => event.conversation.titled);
  expect(conversation.title).toBe('The Tides of a Very Long');
  expect(await named(chinese)).toEqual({ title: '红烧肉的家常做法', titled: true });
  const list = await owner.call<ConversationList>('GET', '/api/conversations');
  expect(list.conversations.map(({ title }) => title)).toContain('The Tides of a Very Long');
  const events = await house.app.storage.db
    .selectFrom('event')
    .select('payload')
    .where('type', '=', 'conversation-title')
    .where('subjectId', '=', id)
    .execute();
  expect(events.map(({ payload }) => JSON.parse(payload) as object)).toEqual([
    { source: 'model', model: 'scripted:test', inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
  ]);
  expect(events[0]?.payload).not.toContain('"outputTokens":0');
  // The first words said enough: however long it becomes, the title stays.
  for (const words of ['And the moon?', 'Where do the tides turn?', 'Thank you, good night'])
    await owner.talk(id, words);
  expect((await named(id)).title).toBe('The Tides of a Very Long');
});

test('a greeting names nothing; what follows does, and a name from little is looked at once more', async () => {
  const { id } = await owner.begin();
  await owner.talk(id, 'Hello Mira!');
  expect((await named(id)).titled).toBe(false);
  await owner.talk(id, 'I forgot my umbrella on the train');
  // The model had nothing to say: the person's own words do.
  expect(await named(id)).toEqual({ title: 'I forgot my umbrella…', titled: true });
  await owner.talk(id, 'Never mind. Where do the tides turn?');
  await looked(id);
  await owner.talk(id, 'Just there');
  expect((await named(id)).title).toBe('Where the Tides Turn');
});

test('what a person wrote, switched off or wants unremembered is left alone', async () => {
  const [{ id: renamed }, { id: hidden }, { id: late }] = await Promise.all([
    owner.begin(),
    owner.begin(),
    owner.begin(),
  ]);
  const member = await house.member('quiet-one');
  await member.call('PATCH', '/api/me', { preferences: { autoTitles: false } });
  const { id: unwanted } = await member.begin();
  await owner.call('PATCH', `/api/conversations/${renamed}`, { title: 'My own' });
  await owner.call('PATCH', `/api/conversations/${hidden}`, { memory: 'private' });
  const words = 'Tell me of the tides in winter';
  await Promise.all([owner.talk(renamed, words), owner.talk(hidden, words), member.talk(unwanted, words)]);
  const { sent } = await owner.talk(late, words);
  expect((await named(renamed)).title).toBe('My own');
  expect((await named(hidden)).titled).toBe(false);
  await looked(unwanted);
  expect((await member.conversation(unwanted)).titled).toBe(false);
  // What was forgotten leaves the title too.
  expect((await named(late)).titled).toBe(true);
  await owner.call('POST', `/api/messages/${sent.message.id}/forget`, {});
  expect((await owner.conversation(late)).titled).toBe(false);
  // Writing the house's own words makes them one's own.
  await owner.call('PATCH', `/api/conversations/${hidden}`, { memory: 'on' });
  await owner.talk(hidden, 'Where do the tides turn?');
  expect((await named(hidden)).title).toBe('Where the Tides Turn');
  await owner.call('PATCH', `/api/conversations/${hidden}`, { title: 'Where the Tides Turn' });
  expect(
    await house.app.storage.db
      .selectFrom('conversationTitle')
      .selectAll()
      .where('conversationId', '=', hidden)
      .execute(),
  ).toEqual([]);
});

test('a room is named by what all its people heard, and strangers at the door read no such name', async () => {
  const { id } = await owner.begin();
  const token = await inviteTo(owner, id, 2);
  const guest = await comeAsGuest(house, { token, name: 'Kim' });
  const mira = seatOf(await owner.conversation(id), 'Mira');
  await guest.say(id, 'SECRET treasure below the pier', { to: [mira], speakers: [mira] });
  await looked(id);
  await owner.talk(id, 'Do the tides come here too?');
  expect((await named(id)).title).toBe('The Tides of a Very Long');
  const [visited] = (await guest.call<ConversationList>('GET', '/api/conversations')).conversations;
  expect(visited?.title).toBe('The Tides of a Very Long');
  expect((await house.owner.call<RoomDoor>('GET', `/api/rooms/door/${token}`)).title).toBe('Mira');
  await comeAsGuest(house, { token, name: 'Lee' });
  expect((await owner.conversation(id)).titled).toBe(false);
});

test('beside the fallback model the first telling words are the title, at once and for good', async () => {
  await using small = await openHouse({
    script: {
      fallback: true,
      rules: [{ steps: [{ type: 'tokens', tokens: ['Yes.'] }] }],
      titleRules: [answer('', 'No')],
    },
  });
  const ids = await Promise.all([small.owner.begin(), small.owner.begin()]);
  const [english = '', chinese = ''] = ids.map(({ id }) => id);
  await small.owner.talk(english, '*waves* Hello! Could you explain how lighthouses were lit long ago?');
  await small.owner.talk(chinese, '你好，给我讲讲古时候的灯塔是怎么点灯的');
  expect((await named(english, small)).title).toBe('Could you explain how lighthouses were…');
  expect((await named(chinese, small)).title).toBe('给我讲讲古时候的灯塔是…');
});
