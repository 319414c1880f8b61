import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message } from '../../contract/messages.ts';
import type { PromptRecord } from '../../contract/prompts.ts';
import { DATES_JOB } from '../../src/memory/dates/date-memory.ts';
import type { Pair } from '../../src/memory/pair-view.ts';
import { SUMMARISE_JOB } from '../../src/memory/conversation-jobs.ts';
import { DIARY_JOB } from '../../src/memory/summaries/summarise-conversation.ts';
import { listSummaries } from '../../src/memory/summaries/summary-store.ts';
import { MemoryHouse } from './support/memory-house.ts';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const JOBS = [SUMMARISE_JOB, DIARY_JOB];

let memory: MemoryHouse;

beforeAll(async () => {
  memory = await MemoryHouse.open({
    contextLength: 2600,
    rules: [{ steps: [{ type: 'tokens', tokens: ['It keeps ', 'turning, ', 'as it does.'] }] }],
    memoryRules: [
      {
        when: { matches: '^Lines:' },
        steps: [
          {
            type: 'tokens',
            // The first cannot hold up anywhere, and what was said is told instead.
            tokens: ['{"sentences":[{"lines":[2],"text":"The weather in Reykjavik was discussed with Olaf."}]}'],
          },
        ],
      },
      {
        when: { matches: '^The talk:' },
        steps: [
          {
            type: 'tokens',
            tokens: [
              '{"sentences":[{"lines":[4],"text":"The market was loud today, and I listened gladly."},',
              '{"lines":[6],"text":"They bought apples at the loud market, and I keep thinking of it."},',
              '{"lines":[6],"text":"Then Bartholomew sailed with me to Genoa."}]}',
            ],
          },
        ],
      },
      { steps: [{ type: 'tokens', tokens: ['{"kind":"passing"}'] }] },
    ],
  });
});
afterAll(() => memory[Symbol.asyncDispose]());

const words = (round: number): string =>
  `Round ${round}: the market in Aldgate was loud and the bread was late, so we bought ${round} apples.`;

async function talk(conversationId: string, from: number, to: number): Promise<Message[]> {
  const said: Message[] = [];
  for (let round = from; round < to; round += 1) said.push((await memory.say(conversationId, words(round))).mine);
  return said;
}

const rows = (conversationId: string) =>
  listSummaries(memory.house.app.storage.db, { conversationIds: [conversationId] });
const view = (pair: Pair) => memory.house.app.memory.memories.view(pair);
async function listed(pair: Pair) {
  const all = await memory.house.app.memory.summaries.list({ pair, view: await view(pair) });
  return { holding: all.filter(({ stale }) => !stale).map(({ summary }) => summary), all };
}
const own = async (pair: Pair, conversationId: string, layer: string) =>
  (await listed(pair)).holding.filter((one) => one.conversationId === conversationId && one.layer === layer);

test('scenes are written once; a branch shares them and only what changed is written anew', async () => {
  const { conversation, pair } = await memory.begin();
  const { id } = conversation;
  const said = await talk(id, 0, 25);
  await memory.work(JOBS);
  expect(await own(pair, id, 'scene')).toHaveLength(2);
  expect(await rows(id)).toHaveLength(2);

  // Every sentence rests on messages of its scene, and holds their words.
  const path = (await view(pair)).path(id);
  for (const scene of await own(pair, id, 'scene')) {
    expect(scene.messageCount).toBe(24);
    expect(scene.sentences.length).toBeGreaterThanOrEqual(2);
    for (const { text, sources } of scene.sentences) {
      expect(text).not.toMatch(/Reykjavik|Olaf/);
      expect(sources).toHaveLength(1);
      expect(path).toContain(sources[0]);
      const quoted = /“(.+?)…?”/u.exec(text)![1]!;
      expect((await view(pair)).turn(sources[0]!)!.text).toContain(quoted);
    }
  }

  // An edit in the second scene begins a branch: the first scene is shared, the second goes and comes back.
  await memory.house.owner.call('POST', `/api/messages/${said[15]!.id}/edit`, { text: 'Round 15: I was never there.' });
  await memory.work(JOBS);
  expect(await own(pair, id, 'scene')).toHaveLength(1);
  expect((await listed(pair)).all.filter(({ stale }) => stale)).toHaveLength(1);
  await talk(id, 16, 26);
  await memory.work(JOBS);
  expect(await rows(id)).toHaveLength(3);
  expect(await own(pair, id, 'scene')).toHaveLength(2);
  await memory.house.owner.call('POST', `/api/conversations/${id}/path`, { messageId: said[24]!.id });
  await memory.work(JOBS);
  expect(await rows(id)).toHaveLength(3);
  expect(await own(pair, id, 'scene')).toHaveLength(2);

  // Without one of its messages the first scene is another; the second stays as it is.
  const second = (await own(pair, id, 'scene'))[0]!;
  await memory.house.owner.call('DELETE', `/api/messages/${said[3]!.id}`);
  expect((await own(pair, id, 'scene')).map((scene) => scene.id)).toEqual([second.id]);
  await memory.work(JOBS);
  const after = await own(pair, id, 'scene');
  expect(after.map(({ messageCount }) => messageCount)).toEqual([24, 23]);
  expect(after[0]!.id).toBe(second.id);
  expect(JSON.stringify(after)).not.toContain(said[3]!.id);
});

test('a session that closed is summed up, says how things stand, and leaves a page in the diary', async () => {
  const { conversation, pair } = await memory.begin();
  const { id } = conversation;
  const said = await talk(id, 0, 15);
  await memory.work(JOBS);
  expect(await own(pair, id, 'session')).toHaveLength(0);
  memory.pass(5 * HOUR);
  await memory.work(JOBS);
  const [session] = await own(pair, id, 'session');
  const [relationship] = await own(pair, id, 'relationship');
  expect(session).toMatchObject({ messageCount: 31 });
  expect(relationship!.sentences.length).toBeGreaterThan(0);
  const pages = async () => {
    const { diary } = memory.house.app.memory;
    return (await diary.list({ pair, view: await view(pair) })).filter((page) => page.conversationId === id);
  };
  const [page] = await pages();
  expect(page).toMatchObject({ by: 'character', counts: true });
  expect(page!.text).toContain('the loud market');
  // Whoever was never spoken of is not in it.
  expect(page!.text).not.toContain('Bartholomew');

  // A page leaves with its sources.
  const source = said.find((message) => page!.sources.includes(message.id))!;
  await memory.house.owner.call('DELETE', `/api/messages/${source.id}`);
  expect((await pages()).map(({ counts }) => counts)).toEqual([false]);
  expect(await own(pair, id, 'session')).toHaveLength(0);
  expect(await own(pair, id, 'relationship')).toHaveLength(0);
  await memory.house.owner.call('POST', `/api/messages/${source.id}/restore`);
  expect((await pages()).map(({ counts }) => counts)).toEqual([true]);
  expect((await own(pair, id, 'session')).map((one) => one.id)).toEqual([session!.id]);

  // The next day's prompt begins with it, the same bytes while the window stays.
  await talk(id, 20, 34);
  const prompts: string[] = [];
  for (const round of [40, 41]) {
    const { reply } = await memory.say(id, words(round));
    const record = await memory.house.owner.call<PromptRecord>('GET', `/api/messages/${reply.id}/prompt`);
    const pieces = record.messages.flatMap((message) => message.pieces);
    const told = pieces.find(({ text }) => text.includes('What happened before, in short:'));
    prompts.push(told?.text ?? '');
  }
  expect(prompts[0]).toContain('Between the two: ');
  expect(prompts[1]).toBe(prompts[0]);
});

test('nothing is told of private talks, or where the person wants no summaries', async () => {
  const { conversation } = await memory.begin();
  await memory.house.app.storage.db
    .updateTable('conversation')
    .set({ memory: 'private' })
    .where('id', '=', conversation.id)
    .execute();
  await talk(conversation.id, 0, 13);
  memory.pass(5 * HOUR);
  await memory.work(JOBS);
  expect(await rows(conversation.id)).toEqual([]);
});

test('a date that becomes due is told once, also when the clock is set back', async () => {
  const { pair } = await memory.begin();
  const { app } = memory.house;
  const { dates } = app.memory;
  const told = async () => {
    const events = await app.storage.db.selectFrom('event').selectAll().where('type', '=', 'memory-date-due').execute();
    return events.map(({ payload }) => (JSON.parse(payload) as { dateId: string }).dateId);
  };
  const once = await dates.add(pair, { text: 'The cello concert', dueAt: app.clock.now() + DAY });
  const yearly = await dates.add(pair, { text: 'Hedwig’s birthday', dueAt: app.clock.now() + DAY, recurs: 'yearly' });
  const near = await dates.near({ pair, view: await view(pair), now: app.clock.now() });
  expect(near.map(({ id }) => id)).toEqual(expect.arrayContaining([once.id, yearly.id]));
  await memory.work([DATES_JOB]);
  expect(await told()).toEqual([]);

  memory.pass(DAY + HOUR);
  await memory.work([DATES_JOB]);
  expect((await told()).toSorted()).toEqual([once.id, yearly.id].toSorted());
  const after = await dates.list({ pair, view: await view(pair) });
  expect(after.find(({ id }) => id === once.id)).toMatchObject({ state: 'due', counts: true });
  const next = after.find(({ id }) => id === yearly.id)!;
  expect(next.state).toBe('open');
  expect(next.dueAt - yearly.dueAt).toBeGreaterThanOrEqual(364 * DAY);

  memory.pass(-2 * DAY);
  await memory.work([DATES_JOB]);
  memory.pass(2 * DAY);
  await memory.work([DATES_JOB]);
  expect(await told()).toHaveLength(2);

  // A new time opens it again; what was removed is told no more.
  await dates.change({ ownerId: pair.ownerId, id: once.id, change: { dueAt: app.clock.now() + HOUR } });
  await dates.remove({ ownerId: pair.ownerId, id: yearly.id });
  memory.pass(2 * HOUR);
  await memory.work([DATES_JOB]);
  expect(await told()).toHaveLength(3);
  await expect(dates.remove({ ownerId: 'somebody', id: once.id })).rejects.toMatchObject({ code: 'date-missing' });
});

test('a diary can be written in, changed and torn out by the person', async () => {
  const { pair } = await memory.begin();
  const { diary } = memory.house.app.memory;
  const mine = await diary.add(pair, { text: 'We planted a quince tree in the yard.' });
  const at = async () => ({ pair, view: await view(pair) });
  const relevant = async (text: string) =>
    (await diary.relevant({ ...(await at()), texts: [text], limit: 2 })).map(({ id }) => id);
  expect(await relevant('Do you remember the quince tree?')).toEqual([mine.id]);
  expect(await relevant('What about trains?')).toEqual([]);
  await diary.change({ ownerId: pair.ownerId, id: mine.id, text: 'We planted a fig tree.' });
  expect((await diary.list(await at())).find(({ id }) => id === mine.id)?.text).toBe('We planted a fig tree.');
  await diary.remove({ ownerId: pair.ownerId, id: mine.id });
  await expect(diary.remove({ ownerId: pair.ownerId, id: mine.id })).rejects.toMatchObject({ code: 'page-missing' });
});
