import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  BranchComparison,
  Branches,
  BranchMark,
  ChangedMessages,
  ConversationTree,
  TreeMatches,
} from '../../contract/branches.ts';
import type { Conversation } from '../../contract/conversations.ts';
import type { Message } from '../../contract/messages.ts';
import type { Caller } from './support/caller.ts';
import { wordsOf } from './support/caller.ts';
import { expectSoundTree, readTree } from './support/check-tree.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
});
afterAll(() => house[Symbol.asyncDispose]());

const sayOnly = async (id: string, text: string) => (await owner.say(id, text, { reply: false })).message;
const choose = (id: string, body: Record<string, unknown>) => owner.call('POST', `/api/conversations/${id}/path`, body);
const tree = (id: string) => owner.call<ConversationTree>('GET', `/api/conversations/${id}/tree`);
const branches = (id: string) => owner.call<Branches>('GET', `/api/conversations/${id}/branches`);
const change = (id: string, body: unknown) =>
  owner.call<ChangedMessages>('POST', `/api/conversations/${id}/batches`, body);
const undo = (id: string, batchId: string | null) =>
  owner.call<ChangedMessages>('POST', `/api/conversations/${id}/batches/${batchId}/undo`);

/** A greeting and five messages. */
async function begin(): Promise<{ id: string; path: Message[] }> {
  const { id } = await owner.begin();
  for (const number of [1, 2, 3, 4, 5]) await sayOnly(id, `Line ${number}`);
  return { id, path: await owner.path(id) };
}

const texts = (messages: readonly Message[]) => messages.map(wordsOf).slice(1);

test('a path that ends in the middle goes on as a branch of its own, and switching back restores the other whole', async () => {
  const { id, path } = await begin();
  await choose(id, { messageId: path[2]!.id, endHere: true });
  expect(texts(await owner.path(id))).toEqual(['Line 1', 'Line 2']);
  const other = await sayOnly(id, 'Another way');
  expect(other.parentId).toBe(path[2]!.id);
  expect(other.siblings).toEqual([path[3]!.id, other.id]);
  await choose(id, { messageId: path[3]!.id });
  expect((await owner.path(id)).map((message) => message.id)).toEqual(path.map((message) => message.id));
  await choose(id, { messageId: other.id });
  expect(texts(await owner.path(id))).toEqual(['Line 1', 'Line 2', 'Another way']);
  expectSoundTree(await readTree(house.app.storage.db, id));
});

test('whoever looked at an older path is told so, and nothing moves', async () => {
  const { id, path } = await begin();
  const { revision } = await owner.conversation(id);
  await choose(id, { messageId: path[2]!.id, endHere: true, expectedRevision: revision });
  const refusal = await owner.refusal('POST', `/api/conversations/${id}/path`, {
    messageId: path[5]!.id,
    expectedRevision: revision,
  });
  expect(refusal).toMatchObject({ status: 409, code: 'revision-conflict' });
  expect(texts(await owner.path(id))).toEqual(['Line 1', 'Line 2']);
});

test('regenerating in the middle keeps the old continuation a step away', async () => {
  const { id } = await owner.begin();
  const { sent, reply } = await owner.talk(id, 'First');
  await owner.talk(id, 'Second');
  const before = (await owner.path(id)).map((message) => message.id);
  const again = await owner.call<{ reply: Message }>('POST', `/api/conversations/${id}/replies`, {
    kind: 'regenerate',
    messageId: reply.id,
  });
  await owner.ended(id, again.reply.id);
  expect((await owner.path(id)).at(-1)?.id).toBe(again.reply.id);
  expect(again.reply.parentId).toBe(sent.message.id);
  await choose(id, { messageId: reply.id });
  expect((await owner.path(id)).map((message) => message.id)).toEqual(before);
  const { messages, total } = await owner.call<{ messages: Message[]; total: number }>(
    'GET',
    `/api/messages/${reply.id}/alternatives`,
  );
  expect(total).toBe(2);
  expect(messages.map((message) => message.id)).toEqual([reply.id, again.reply.id]);
});

test('names and checkpoints stand on messages, are renamed and removed, and go with the conversation', async () => {
  const { id, path } = await begin();
  const mark = (body: unknown) => owner.call<BranchMark>('POST', `/api/conversations/${id}/marks`, body);
  const named = await mark({ messageId: path[5]!.id, kind: 'branch', name: 'The long way' });
  const place = await mark({ messageId: path[2]!.id, kind: 'checkpoint' });
  expect(place).toMatchObject({ name: '', depth: 2, words: 'Line 2' });
  await owner.call('PATCH', `/api/conversations/${id}/marks/${named.id}`, { name: 'The short way' });
  expect((await branches(id)).marks.map(({ kind, name }) => [kind, name])).toEqual([
    ['branch', 'The short way'],
    ['checkpoint', ''],
  ]);
  await owner.call('DELETE', `/api/messages/${path[2]!.id}`);
  expect((await branches(id)).marks[1]).toMatchObject({ words: '' });
  await owner.call('DELETE', `/api/conversations/${id}/marks/${named.id}`);
  expect((await branches(id)).marks).toHaveLength(1);
  expect(await owner.refusal('PATCH', `/api/conversations/${id}/marks/${named.id}`, { name: 'x' })).toMatchObject({
    status: 404,
    field: 'markId',
  });
  expect(
    await owner.refusal('POST', `/api/conversations/${id}/marks`, { messageId: 'nothing', kind: 'branch' }),
  ).toMatchObject({ status: 404, field: 'messageId' });
  await owner.call('POST', `/api/conversations/${id}/purge`);
  for (const table of ['branchMark', 'messageBatch', 'conversationOrigin'] as const) {
    const left = await house.app.storage.db
      .selectFrom(table)
      .select('conversationId')
      .where('conversationId', '=', id)
      .execute();
    expect(left).toEqual([]);
  }
});

test('a path is branched off into a conversation of its own; both go on alone and know of each other', async () => {
  const { id } = await owner.begin();
  const { reply } = await owner.talk(id, 'Tell me of the lamp');
  await owner.talk(id, 'And then?');
  const before = await owner.path(id);
  const url = `/api/conversations/${id}/branch-off`;
  const request = { messageId: reply.id, title: 'Another night', clientId: 'branch-off-1' };
  const copy = await owner.call<Conversation>('POST', url, request);
  expect((await owner.call<Conversation>('POST', url, request)).id).toBe(copy.id);
  expect(copy).toMatchObject({ title: 'Another night', messageCount: 3, revision: 0 });
  const copied = await owner.path(copy.id);
  expect(copied.map(wordsOf)).toEqual(before.slice(0, 3).map(wordsOf));
  expect(copied.map((message) => message.id).some((one) => before.some((other) => other.id === one))).toBe(false);
  const receipt = await owner.call<{ messageId: string }>('GET', `/api/messages/${copied[2]!.id}/receipt`);
  expect(receipt.messageId).toBe(copied[2]!.id);
  await owner.talk(copy.id, 'Only here');
  expect((await owner.path(id)).map((message) => message.id)).toEqual(before.map((message) => message.id));
  expectSoundTree(await readTree(house.app.storage.db, copy.id));
  expect((await branches(copy.id)).origin).toMatchObject({ conversationId: id, messageId: copied[2]!.id });
  expect((await branches(id)).offshoots).toMatchObject([
    { conversationId: copy.id, title: 'Another night', messageId: reply.id },
  ]);
  await owner.call('POST', `/api/conversations/${copy.id}/purge`);
  expect((await branches(id)).offshoots).toEqual([]);
  const found = await owner.call<{ conversations: Conversation[] }>('GET', '/api/conversations?search=lamp');
  expect(found.conversations.map((one) => one.id)).toContain(id);
});

test('what was forgotten in a conversation is not remembered through its copy', async () => {
  const { id, path } = await begin();
  const characterId = (await owner.conversation(id)).character.id;
  await house.app.storage.db
    .insertInto('memoryRule')
    .values({
      id: 'rule-1',
      ownerId: house.app.accounts.terminalActor.userId,
      characterId,
      kind: 'message',
      value: path[1]!.id,
      label: '',
      createdAt: 1,
    })
    .execute();
  const copy = await owner.call<Conversation>('POST', `/api/conversations/${id}/branch-off`, {
    messageId: path[3]!.id,
  });
  const copied = await owner.path(copy.id);
  const rules = await house.app.storage.db
    .selectFrom('memoryRule')
    .select('value')
    .where('kind', '=', 'message')
    .execute();
  expect(rules.map(({ value }) => value)).toContain(copied[1]!.id);
  await owner.call('POST', `/api/conversations/${copy.id}/purge`);
});

test('the map folds what has no forks, marks the path, leaves deleted branches out and finds words anywhere', async () => {
  const { id, path } = await begin();
  await choose(id, { messageId: path[2]!.id, endHere: true });
  const other = await sayOnly(id, 'A harbour in the fog');
  await sayOnly(id, 'Line 7');
  const shape = async () =>
    (await tree(id)).runs
      .filter(({ by, parent }) => by === 'human' || parent >= 0)
      .map(({ words, length, active, parent }) => [words, length, active, parent >= 0]);
  expect(await shape()).toEqual([
    ['Line 3', 3, 0, true],
    ['A harbour in the fog', 2, 2, true],
  ]);
  const find = (query: string) =>
    owner.call<TreeMatches>('GET', `/api/conversations/${id}/tree/search?query=${encodeURIComponent(query)}`);
  const found = await find('harbour');
  expect(found.matches.map(({ messageId }) => messageId)).toEqual([other.id]);
  expect((await tree(id)).runs[found.matches[0]!.run]?.id).toBe(other.id);
  await choose(id, { messageId: path[3]!.id });
  await change(id, { action: 'delete', selection: { messageIds: [other.id, (await tree(id)).runs.at(-1)!.lastId] } });
  expect((await find('harbour')).matches).toEqual([]);
  expect((await tree(id)).runs.every(({ words }) => words !== 'A harbour in the fog')).toBe(true);
  expect((await tree(id)).messages).toBe((await tree(id)).runs.reduce((sum, { length }) => sum + length, 0));
});

test('two branches are compared from their last common message', async () => {
  const { id, path } = await begin();
  await choose(id, { messageId: path[2]!.id, endHere: true });
  const other = await sayOnly(id, 'Line 3, but kinder');
  const compared = await owner.call<BranchComparison>(
    'GET',
    `/api/conversations/${id}/compare?left=${path[5]!.id}&right=${other.id}`,
  );
  expect(wordsOf(compared.common)).toBe('Line 2');
  expect(compared.left).toMatchObject({ length: 3, endId: path[5]!.id });
  expect(compared.left.messages.map(wordsOf)).toEqual(['Line 3', 'Line 4', 'Line 5']);
  expect(wordsOf(compared.right.last)).toBe('Line 3, but kinder');
  const same = await owner.call<BranchComparison>(
    'GET',
    `/api/conversations/${id}/compare?left=${path[2]!.id}&right=${path[5]!.id}`,
  );
  expect([same.left.length, same.right.length, same.left.last]).toEqual([0, 3, null]);
});

test('many messages are deleted at once and one undo restores exactly those', async () => {
  const { id, path } = await begin();
  await owner.call('DELETE', `/api/messages/${path[4]!.id}`);
  await using watcher = owner.watch(id);
  await watcher.event('conversation-snapshot');
  const deleted = await change(id, { action: 'delete', selection: { fromId: path[3]!.id } });
  expect(deleted.changed).toBe(2);
  const told = await watcher.event('messages-change');
  expect([told.change, told.messageIds]).toEqual(['delete', [path[3]!.id, path[5]!.id]]);
  expect((await owner.path(id)).map((message) => message.deleted)).toEqual([false, false, false, true, true, true]);
  expectSoundTree(await readTree(house.app.storage.db, id));
  expect((await undo(id, deleted.batchId)).changed).toBe(2);
  expect((await owner.path(id)).map((message) => message.deleted)).toEqual([false, false, false, false, true, false]);
  expect(await owner.refusal('POST', `/api/conversations/${id}/batches/${deleted.batchId}/undo`)).toMatchObject({
    status: 409,
    code: 'already-undone',
  });
});

test('a selection goes by stretch and author; hiding keeps words for people and undo shows what it hid', async () => {
  const { id } = await owner.begin();
  const { reply } = await owner.talk(id, 'One');
  await owner.talk(id, 'Two');
  const hidden = await change(id, { action: 'hide', selection: { by: 'human' } });
  expect(hidden.changed).toBe(2);
  expect((await owner.path(id)).map((message) => message.hidden)).toEqual([false, true, false, true, false]);
  expect(await change(id, { action: 'hide', selection: { by: 'human' } })).toMatchObject({ batchId: null, changed: 0 });
  await undo(id, hidden.batchId);
  expect((await owner.path(id)).some((message) => message.hidden)).toBe(false);
  const stretch = await change(id, { action: 'delete', selection: { fromId: reply.id, toId: reply.id } });
  expect(stretch.changed).toBe(1);
  for (const selection of [{ fromId: 'nothing' }, { messageIds: ['nothing'] }]) {
    const refusal = await owner.refusal('POST', `/api/conversations/${id}/batches`, { action: 'delete', selection });
    expect(refusal.status).toBe(404);
  }
});
