import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConversationList } from '../../contract/conversations.ts';
import type { ChangedConversations, ConversationOperation, OrganisedConversations } from '../../contract/organising.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;
let mallory: Caller;
/** Oldest first. */
let ids: string[];

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
  mallory = await house.member('mallory');
  ids = [];
  for (let index = 0; index < 6; index += 1) ids.push((await owner.begin()).id);
});
afterAll(() => house[Symbol.asyncDispose]());

const change = (operations: ConversationOperation[], who = owner) =>
  who.call<ChangedConversations>('POST', '/api/conversation-marks', { operations });
const one = (action: ConversationOperation['action'], some: string[], who = owner) =>
  change([{ ids: some, action }], who);
const listed = async (query = '', who = owner) =>
  (await who.call<ConversationList>('GET', `/api/conversations${query}`)).conversations.map(({ id }) => id);
const organised = (who = owner) => who.call<OrganisedConversations>('GET', '/api/conversation-folders');
const folder = async (body: object, who = owner) =>
  (await who.call<{ id: string }>('POST', '/api/conversation-folders', body)).id;

test('pinned ones come first, also with pages, and each is listed once', async () => {
  const [first = ''] = ids;
  await one({ type: 'pin', value: true }, [first]);
  expect(await listed()).toEqual([first, ...ids.slice(1).toReversed()]);
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: ConversationList = await owner.call('GET', `/api/conversations?limit=2&cursor=${cursor}`);
    seen.push(...page.conversations.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(await listed());
  await one({ type: 'pin', value: false }, [first]);
});

test('archived ones leave the list and nothing else: they are found, and come back', async () => {
  const [, second = '', third = ''] = ids;
  const { undo, changed } = await one({ type: 'archive', value: true }, [second, third]);
  expect(changed).toBe(2);
  expect(await listed()).not.toContain(second);
  expect(await listed('?archived=only')).toEqual([third, second]);
  expect(await listed('?search=Mira')).toContain(second);
  expect((await owner.conversation(second)).mark.archived).toBe(true);
  expect((await organised()).archived).toBe(2);
  await change(undo);
  expect(await listed()).toEqual(ids.toReversed());
});

test('favourites and tags narrow the list; signs in tags are no patterns', async () => {
  const [, second = '', third = '', fourth = ''] = ids;
  await one({ type: 'favourite', value: true }, [third]);
  await one({ type: 'add-tags', tags: ['50 %', 'a"b\\c', '港口'] }, [second]);
  await one({ type: 'add-tags', tags: ['50 x'] }, [fourth]);
  expect(await listed('?favourite=true')).toEqual([third]);
  for (const tag of ['50 %', 'a"b\\c', '港口']) {
    expect(await listed(`?tag=${encodeURIComponent(tag)}`)).toEqual([second]);
  }
  expect(await listed(`?tag=${encodeURIComponent('50 _')}`)).toEqual([]);
  expect(await listed('?tag=50')).toEqual([]);
  expect((await organised()).tags.map(({ tag }) => tag)).toEqual(expect.arrayContaining(['50 %', '50 x', '港口']));
  const { undo } = await one({ type: 'remove-tags', tags: ['港口'] }, ids);
  expect((await owner.conversation(second)).mark.tags).toEqual(['50 %', 'a"b\\c']);
  await change(undo);
  expect((await owner.conversation(second)).mark.tags).toEqual(['50 %', 'a"b\\c', '港口']);
});

test('a folder holds conversations and folders of one depth; removing it loses nothing and can be undone', async () => {
  const [first = '', second = ''] = ids;
  const harbour = await folder({ name: 'Harbour', colour: 'teal', conversationIds: [first] });
  const inner = await folder({ name: 'Pier', parentId: harbour });
  await one({ type: 'move', folderId: inner }, [second]);
  expect(await listed(`?folder=${harbour}`)).toEqual([first]);
  expect(await owner.refusal('POST', '/api/conversation-folders', { name: 'Deep', parentId: inner })).toMatchObject({
    status: 400,
    field: 'parentId',
  });
  expect(await owner.refusal('PATCH', `/api/conversation-folders/${harbour}`, { parentId: harbour })).toMatchObject({
    status: 400,
  });
  const { undo } = await owner.call<{ undo: object }>('DELETE', `/api/conversation-folders/${harbour}`);
  expect((await organised()).folders).toMatchObject([{ name: 'Pier', parentId: null, count: 1 }]);
  expect(await listed()).toContain(first);
  const again = await folder(undo);
  expect((await organised()).folders).toMatchObject([
    { id: again, name: 'Harbour', colour: 'teal', count: 1 },
    { id: inner, parentId: again },
  ]);
  expect(await listed(`?folder=${again}`)).toEqual([first]);
});

test('many are deleted at once and come back with one undo', async () => {
  const some = ids.slice(0, 3);
  const { undo } = await one({ type: 'delete' }, some);
  expect(await listed()).toEqual(ids.slice(3).toReversed());
  await change(undo);
  expect(new Set(await listed())).toEqual(new Set(ids));
});

test('orders: by beginning, by length', async () => {
  expect(await listed('?sort=oldest')).toEqual(ids);
  const [, , third = ''] = ids;
  await owner.talk(third, 'More words');
  expect((await listed('?sort=longest'))[0]).toBe(third);
});

test('by name as people of a language sort, page by page; pinned ones stay in front', async () => {
  const reader = await house.member('reader');
  await reader.call('PATCH', '/api/me', { locale: 'zh-CN' });
  const titles = ['赵州桥', '第10章', '安徽', '第9章', null];
  const made: string[] = [];
  for (const title of titles) {
    const { id } = await reader.begin();
    if (title !== null) await reader.call('PATCH', `/api/conversations/${id}`, { title });
    made.push(id);
  }
  const [zhao, ten, an, nine, untitled] = made;
  const pages: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: ConversationList = await reader.call('GET', `/api/conversations?sort=name&limit=2&cursor=${cursor}`);
    pages.push(...page.conversations.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(pages).toEqual([an, nine, ten, zhao, untitled]);
  expect(await listed('?sort=name&search=章', reader)).toEqual([nine, ten]);
  await one({ type: 'pin', value: true }, [zhao ?? ''], reader);
  expect(await listed('?sort=name', reader)).toEqual([zhao, an, nine, ten, untitled]);
  expect(await reader.refusal('GET', '/api/conversations?sort=name&cursor=x')).toMatchObject({ field: 'cursor' });
});

test('what came while nobody looked is unread until somebody looks; a muted one says so, to its reader alone', async () => {
  const [first = '', second = ''] = ids;
  const unread = async (id: string) => (await owner.conversation(id)).mark.unread;
  await owner.talk(first, 'Seen to its end');
  await expect.poll(() => unread(first), { interval: 100 }).toBe(false);
  await owner.talk(second, 'Seen too');
  const { reply } = await owner.say(first, 'Said without looking');
  await expect.poll(async () => (await owner.message(reply?.id ?? '')).state, { interval: 100 }).toBe('done');
  expect(await unread(first)).toBe(true);
  expect((await listed('?sort=unread'))[0]).toBe(first);
  {
    await using watcher = owner.watch(first);
    await watcher.event('conversation-snapshot');
    expect(await unread(first)).toBe(false);
  }
  await expect.poll(() => unread(first), { interval: 100 }).toBe(false);
  await one({ type: 'mute', value: true }, [first]);
  expect((await owner.conversation(first)).mark.muted).toBe(true);
});

test('what one person marks nobody else sees, and nobody reaches what is not theirs', async () => {
  const [first = ''] = ids;
  const before = await owner.conversation(first);
  expect(await one({ type: 'archive', value: true }, [first], mallory)).toEqual({ changed: 0, skipped: 1, undo: [] });
  expect(await one({ type: 'delete' }, [first], mallory)).toEqual({ changed: 0, skipped: 1, undo: [] });
  expect(await owner.conversation(first)).toEqual(before);
  const own = await folder({ name: 'Mine' });
  const mine = await mallory.begin();
  expect(
    await mallory.refusal('POST', '/api/conversation-marks', {
      operations: [{ ids: [mine.id], action: { type: 'move', folderId: own } }],
    }),
  ).toMatchObject({ status: 404 });
  expect(await mallory.refusal('DELETE', `/api/conversation-folders/${own}`)).toMatchObject({ status: 404 });
  expect((await organised(mallory)).folders).toEqual([]);
});

test('marks leave with the conversation and with the person', async () => {
  const gone = await owner.begin();
  await one({ type: 'pin', value: true }, [gone.id]);
  await owner.call('POST', `/api/conversations/${gone.id}/purge`);
  const rows = await house.app.storage.db.selectFrom('conversationMark').select('conversationId').execute();
  expect(rows.map(({ conversationId }) => conversationId)).not.toContain(gone.id);
});
