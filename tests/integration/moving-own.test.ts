import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BranchMark } from '../../contract/branches.ts';
import type { Message } from '../../contract/messages.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createIdGenerator } from '../../src/base/ids.ts';
import { textOf } from '../../src/conversation/tree-types.ts';
import { attach } from './support/attach.ts';
import { wordsOf } from './support/caller.ts';
import { expectSoundTree, readTree } from './support/check-tree.ts';
import { Mover } from './support/mover.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { growRandomTree } from './support/random-tree.ts';
import { Chance } from './support/room-history.ts';
import { openRoom } from './support/rooms.ts';
import { talkingScript } from './support/scripts.ts';
import { isFull } from './support/test-database.ts';

const ROUNDS = isFull ? 200 : 12;

type Line = Record<string, unknown>;

let house: ChatHouse;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
});
afterAll(() => house[Symbol.asyncDispose]());

async function exported(id: string, query: string): Promise<string> {
  const response = await house.owner.fetch(`/api/conversations/${id}/export?${query}`);
  expect(response.status).toBe(200);
  return response.text();
}

async function moveIn(name: string, content: string | Buffer): Promise<string> {
  const { result } = await new Mover(house.owner).moveIn(new Map([[name, content]]));
  expect(result?.problems).toEqual([]);
  expect(result?.conversations).toHaveLength(1);
  return result!.conversations[0]!.id;
}

const parse = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

test(
  'a room goes out whole and comes in again the same, and only what its host heard',
  { timeout: 600_000 },
  async () => {
    const newId = createIdGenerator(systemClock);
    for (let round = 0; round < ROUNDS; round += 1) {
      const chance = new Chance(`own-${round}`);
      const room = await openRoom(house, { characters: ['mira', 'wren'], settings: { turnOrder: 'list' } });
      await house.owner.call('PATCH', `/api/conversations/${room.id}`, { title: `Round ${round}` });
      const grown = await growRandomTree(
        { app: { storage: house.app.storage, clock: house.app.clock, newId } },
        { conversationId: room.id, chance, count: chance.between(1, 120) },
      );
      const first = await exported(room.id, 'format=everwith&scope=all');
      for (const words of grown.heard) expect(first).toContain(words);
      for (const words of grown.withheld) expect(first).not.toContain(words);
      const copy = await moveIn('room.everwith.jsonl', first);
      const tree = await readTree(house.app.storage.db, copy);
      expectSoundTree(tree);
      const second = await exported(copy, 'format=everwith&scope=all');
      expect(parse(second), `round ${round}`).toEqual(parse(first));
      expect((await house.owner.conversation(copy)).room).toMatchObject({ turnOrder: 'list' });
    }
  },
);

test('files come along with their bytes, or leave their names', async () => {
  const { id } = await house.owner.begin();
  const bytes = Buffer.from('# Lighthouse\n\nThe lamp was lit in 1871.');
  const file = await attach(house.owner, id, { name: 'notes.md', bytes });
  await house.owner.say(id, 'Read this', { reply: false, attachments: [file.id] });
  const whole = await exported(id, 'format=everwith&scope=all&files=true');
  const copy = await moveIn('whole.jsonl', whole);
  const last = (await house.owner.page(copy)).messages.at(-1) as Message;
  const part = last.parts.find((one) => one.type === 'file');
  expect(part).toMatchObject({ name: 'notes.md' });
  expect(part?.attachmentId).not.toBe(file.id);
  const kept = await house.owner.fetch(`/api/attachments/${part?.attachmentId}/file`);
  expect(Buffer.from(await kept.arrayBuffer())).toEqual(bytes);
  expect(parse(await exported(copy, 'format=everwith&scope=all&files=true'))).toEqual(parse(whole));
  const bare = await exported(id, 'format=everwith&scope=all');
  expect(bare).not.toContain('file-bytes');
  const without = await moveIn('bare.jsonl', bare);
  expect((await house.owner.page(without)).messages.at(-1)?.parts).toContainEqual({ type: 'note', text: 'notes.md' });
});

test('one branch: the active one, through a message, at one, or by its name', async () => {
  const { id } = await house.owner.begin();
  const { reply } = await house.owner.talk(id, 'First way');
  const greeting = (await house.owner.page(id)).messages[0]!;
  await house.owner.call('POST', `/api/conversations/${id}/path`, { messageId: greeting.id, endHere: true });
  await house.owner.talk(id, 'Second way');
  const name = { messageId: reply.id, kind: 'branch', name: 'first' };
  const branch = await house.owner.call<BranchMark>('POST', `/api/conversations/${id}/marks`, name);
  const stop = { messageId: greeting.id, kind: 'checkpoint', name: 'start' };
  const checkpoint = await house.owner.call<BranchMark>('POST', `/api/conversations/${id}/marks`, stop);
  const said = async (query: string) => exported(id, `format=text&${query}`);
  expect(await said('')).toContain('Second way');
  expect(await said('')).not.toContain('First way');
  for (const query of [`through=${reply.id}`, `mark=${branch.id}`, `at=${reply.id}`]) {
    expect(await said(query), query).toContain('First way');
    expect(await said(query), query).not.toContain('Second way');
  }
  const start = await said(`mark=${checkpoint.id}`);
  expect(start).not.toContain('First way');
  expect(start).not.toContain('Second way');
  const own = parse(await exported(id, `format=everwith&mark=${branch.id}`));
  expect(own.slice(1).map(({ parent, chosen }) => [parent, chosen])).toEqual([
    [null, true],
    [0, true],
    [1, true],
  ]);
  expect(own[0]).toMatchObject({
    end: 2,
    marks: [
      { message: 2, name: 'first' },
      { message: 0, name: 'start' },
    ],
  });
  for (const query of ['format=html&scope=all', `scope=all&at=${reply.id}`, `at=${reply.id}&mark=${branch.id}`]) {
    expect(await house.owner.refusal('GET', `/api/conversations/${id}/export?${query}`)).toMatchObject({ status: 400 });
  }
  for (const query of ['at=nobody', 'mark=nobody', 'through=nobody']) {
    expect(await house.owner.refusal('GET', `/api/conversations/${id}/export?${query}`)).toMatchObject({ status: 404 });
  }
});

test('all branches go to SillyTavern as chats that name the one they left, and come in as one tree', async () => {
  const { id } = await house.owner.begin();
  const { reply } = await house.owner.talk(id, 'One');
  await house.owner.talk(id, 'Two');
  await house.owner.call('POST', `/api/conversations/${id}/path`, { messageId: reply.id, endHere: true });
  await house.owner.talk(id, 'Another two');
  const response = await house.owner.fetch(`/api/conversations/${id}/export?scope=all`);
  expect(response.headers.get('content-disposition')).toContain('.zip');
  const copy = await moveIn('all.zip', Buffer.from(await response.arrayBuffer()));
  const tree = await readTree(house.app.storage.db, copy);
  expectSoundTree(tree);
  const words = tree.nodes.filter(({ author }) => author.kind === 'human').map((node) => textOf(node.parts));
  expect(words.filter((one) => one === 'One')).toHaveLength(1);
  expect(words).toEqual(expect.arrayContaining(['Two', 'Another two']));
  const path = (await house.owner.page(copy)).messages.map((message) => wordsOf(message));
  expect(path).toContain('Another two');
});

test('hostile files: what cannot be read is reported, and what is there stays sound', async () => {
  const { id } = await house.owner.begin();
  await house.owner.talk(id, 'Hello');
  const [head = {}, first = {}, second = {}, third = {}] = parse(await exported(id, 'format=everwith&scope=all'));
  const host = { ...(head['participants'] as Line[])[0], role: 'host', kind: 'human' };
  const lines = [
    { ...head, end: 4_000_000, marks: [{ message: 99, kind: 'branch', name: 'x', createdAt: 1 }], world: null },
    {
      type: 'file',
      key: 'f0',
      name: 'x',
      mediaType: 'text/html',
      alt: '',
      size: 9e9,
      sha256: '0'.repeat(64),
      lines: 3,
    },
    { type: 'file-bytes', key: 'f1', data: 'AAAA' },
    first,
    { ...second, parent: 7 },
    {
      ...third,
      parent: 0,
      audience: ['nobody'],
      state: 'streaming',
      parts: [{ type: 'text', text: 'a\u0000b\ud800' }],
    },
    { ...third, parts: 'none' },
    { ...third, parent: 3, author: { kind: 'human', participant: 'p1', name: '<b>' }, audience: 'everyone' },
  ];
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  const mover = new Mover(house.owner);
  const { report } = await mover.survey(new Map([['hostile.jsonl', text]]));
  expect(report?.problems.map(({ line, reason }) => [line, reason])).toEqual([
    [5, 'not-a-message'],
    [7, 'not-a-message'],
  ]);
  await mover.start();
  const { result } = await mover.reach('done');
  const tree = await readTree(house.app.storage.db, result!.conversations[0]!.id);
  expectSoundTree(tree);
  expect(tree.nodes).toHaveLength(3);
  expect(tree.nodes.every(({ state }) => state !== 'streaming')).toBe(true);

  const hosts = { ...head, participants: [host, { ...host, key: 'p9' }, { ...host, key: 'p9', kind: 'character' }] };
  const twice = await moveIn('hosts.jsonl', [hosts, first].map((line) => JSON.stringify(line)).join('\n'));
  const { participants } = await house.owner.conversation(twice);
  expect(participants.filter(({ role }) => role === 'host')).toHaveLength(1);

  for (const broken of [
    { ...head, version: 2 },
    { ...head, participants: Array.from({ length: 201 }, () => host) },
  ]) {
    const survey = await new Mover(house.owner).survey(new Map([['broken.jsonl', JSON.stringify(broken)]]));
    expect(survey.report?.problemCount).toBeGreaterThan(0);
    expect(survey.report?.messages).toBe(0);
  }
});
