import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lorebookBodySchema, type LorebookBody, type LoreTarget } from '../../contract/lore.ts';
import { LorebookCache } from '../../src/character/lorebook-cache.ts';
import {
  isLoreTarget,
  linkLorebook,
  listLorebookLinks,
  unlinkLorebook,
} from '../../src/character/lorebook-link-store.ts';
import {
  findLorebookByContent,
  insertLorebook,
  listLorebookIds,
  listLorebooks,
  lorebookHash,
  purgeLorebooks,
  readBooksInUse,
  readLorebook,
  readLorebookRecord,
  setLorebookDeleted,
  updateLorebook,
} from '../../src/character/lorebook-store.ts';
import { openTestStorage, type TestStorage } from '../support/open-test-storage.ts';

let store: TestStorage;
let cache: LorebookCache;

beforeAll(async () => {
  store = await openTestStorage();
  cache = new LorebookCache();
});
afterAll(() => store[Symbol.asyncDispose]());

const bodyOf = (name: string, ...contents: string[]): LorebookBody =>
  lorebookBodySchema.parse({
    name,
    description: `About ${name}`,
    entries: contents.map((content, index) => ({ uid: String(index), keys: [`key ${index}`], content })),
  });

let now = 1000;
async function insert(id: string, body: LorebookBody, ownerId = 'ada'): Promise<void> {
  now += 1;
  await store.storage.transaction((trx) => insertLorebook(trx, { id, ownerId, body, now }));
}
async function link(lorebookId: string, target: LoreTarget, ownerId = 'ada'): Promise<void> {
  now += 1;
  await store.storage.transaction((trx) => linkLorebook(trx, { lorebookId, ownerId, target, now }));
}

describe('a stored book', () => {
  test('is read as it was written, by its owner only', async () => {
    const body = bodyOf('Harbour 港口', 'The harbour is old.\u0000', 'Ships \ud83d come.');
    await insert('harbour', body);
    const found = await readLorebook(store.storage.db, { id: 'harbour', ownerId: 'ada', cache });
    expect(found?.body).toEqual(body);
    expect(found?.record).toMatchObject({
      name: 'Harbour 港口',
      description: 'About Harbour 港口',
      mode: 'st',
      entryCount: 2,
      revision: 1,
      contentHash: lorebookHash(body),
    });
    expect(await readLorebook(store.storage.db, { id: 'harbour', ownerId: 'eve', cache })).toBeUndefined();
    expect(await listLorebooks(store.storage.db, 'eve')).toEqual([]);
  });

  test('changes only from the revision its writer looked at', async () => {
    await insert('town', bodyOf('Town', 'one'));
    const change = (expectedRevision: number, ownerId = 'ada') =>
      store.storage.transaction((trx) =>
        updateLorebook(trx, { id: 'town', ownerId, body: bodyOf('City', 'one', 'two'), expectedRevision, now: 5000 }),
      );
    expect(await change(2)).toBeUndefined();
    expect(await change(1, 'eve')).toBeUndefined();
    expect(await change(1)).toMatchObject({
      record: { name: 'City', revision: 2, entryCount: 2, updatedAt: 5000 },
    });
    expect(await change(1)).toBeUndefined();
    const found = await readLorebook(store.storage.db, { id: 'town', ownerId: 'ada', cache });
    expect(found?.body.entries.map(({ content }) => content)).toEqual(['one', 'two']);
  });

  test('is found by its content, and not once deleted', async () => {
    const body = bodyOf('Twin', 'same');
    await insert('twin', body);
    const find = (ownerId = 'ada') =>
      findLorebookByContent(store.storage.db, { ownerId, contentHash: lorebookHash(body) });
    expect(await find()).toBe('twin');
    expect(await find('eve')).toBeUndefined();
    const setDeleted = (deletedAt: number | null, ownerId = 'ada') =>
      store.storage.transaction((trx) => setLorebookDeleted(trx, { id: 'twin', ownerId, deletedAt }));
    expect(await setDeleted(1, 'eve')).toBe(false);
    expect(await setDeleted(1)).toBe(true);
    expect(await setDeleted(2)).toBe(false);
    expect(await find()).toBeUndefined();
    expect((await listLorebooks(store.storage.db, 'ada')).map(({ id }) => id)).not.toContain('twin');
    expect(await readLorebookRecord(store.storage.db, { id: 'twin', ownerId: 'ada' })).toMatchObject({ deletedAt: 1 });
    expect(await setDeleted(null)).toBe(true);
    expect((await listLorebooks(store.storage.db, 'ada')).map(({ id }) => id)).toContain('twin');
  });
});

describe('the books of a turn', () => {
  const place = { ownerId: 'bea', characterId: 'c1', conversationId: 't1', personaId: 'p1' };
  const inUse = (changed: Partial<Omit<typeof place, 'personaId'>> & { personaId?: string | null } = {}) =>
    readBooksInUse(store.storage.db, { ...place, ...changed }, cache);

  beforeAll(async () => {
    for (const id of ['everywhere', 'character', 'persona', 'chat', 'shared', 'elsewhere', 'gone']) {
      await insert(id, bodyOf(id, id), 'bea');
    }
    await insert('stranger', bodyOf('stranger', 'x'), 'eve');
    const user = { kind: 'user', id: 'bea' } as const;
    await link('shared', user, 'bea');
    await link('everywhere', user, 'bea');
    await link('gone', user, 'bea');
    await link('character', { kind: 'character', id: 'c1' }, 'bea');
    await link('persona', { kind: 'persona', id: 'p1' }, 'bea');
    await link('chat', { kind: 'conversation', id: 't1' }, 'bea');
    await link('shared', { kind: 'conversation', id: 't1' }, 'bea');
    await link('shared', { kind: 'conversation', id: 't1' }, 'bea');
    await link('elsewhere', { kind: 'character', id: 'c2' }, 'bea');
    await link('stranger', { kind: 'character', id: 'c1' }, 'eve');
    await store.storage.transaction((trx) => setLorebookDeleted(trx, { id: 'gone', ownerId: 'bea', deletedAt: 1 }));
  });

  test('stack as chat, persona, character, everywhere, and each counts once', async () => {
    expect((await inUse()).map(({ id, source }) => `${source}:${id}`)).toEqual([
      'chat:chat',
      'chat:shared',
      'persona:persona',
      'character:character',
      'global:everywhere',
    ]);
    expect((await inUse({ personaId: null, conversationId: 't2', characterId: 'c2' })).map(({ id }) => id)).toEqual([
      'elsewhere',
      'shared',
      'everywhere',
    ]);
  });

  test('are parsed once for each revision', async () => {
    const before = await inUse();
    const again = await inUse();
    expect(again.map(({ body }, index) => body === before[index]?.body)).toEqual(Array(5).fill(true));
    await store.storage.transaction((trx) =>
      updateLorebook(trx, { id: 'chat', ownerId: 'bea', body: bodyOf('chat', 'new'), expectedRevision: 1, now }),
    );
    const after = await inUse();
    expect(after[0]?.body.entries[0]?.content).toBe('new');
    expect(after[1]?.body).toBe(before[1]?.body);
  });

  test('come loose one by one, and all at once when their owner leaves', async () => {
    const target = { kind: 'conversation', id: 't1' } as const;
    const unlink = (ownerId: string) =>
      store.storage.transaction((trx) => unlinkLorebook(trx, { lorebookId: 'shared', ownerId, target }));
    await unlink('eve');
    expect(await inUse()).toHaveLength(5);
    await unlink('bea');
    expect((await inUse()).find(({ id }) => id === 'shared')?.source).toBe('global');
    expect(
      (await listLorebookLinks(store.storage.db, { ownerId: 'bea', lorebookId: 'shared' })).map((one) => one.target),
    ).toEqual([{ kind: 'user', id: 'bea' }]);
    await store.storage.transaction((trx) => purgeLorebooks(trx, 'bea'));
    expect(await inUse()).toEqual([]);
    expect(await listLorebookLinks(store.storage.db, { ownerId: 'bea' })).toEqual([]);
    expect(await listLorebookIds(store.storage.db, 'bea')).toEqual([]);
    expect(await listLorebookIds(store.storage.db, 'eve')).toEqual(['stranger']);
  });
});

test('a book hangs only on what is there and is one’s own', async () => {
  const { db } = store.storage;
  const stamp = { createdAt: 1, updatedAt: 1 };
  const base = { slug: 's', currentVersionId: 'v', ...stamp };
  await db
    .insertInto('character')
    .values([
      { ...base, id: 'starter', ownerId: null, deletedAt: null },
      { ...base, id: 'own', slug: 'o', ownerId: 'ada', deletedAt: null },
      { ...base, id: 'removed', slug: 'r', ownerId: 'ada', deletedAt: 3 },
    ])
    .execute();
  const may = (kind: LoreTarget['kind'], id: string, ownerId = 'ada') =>
    isLoreTarget(db, { ownerId, target: { kind, id } });
  expect(await may('user', 'ada')).toBe(true);
  expect(await may('user', 'eve')).toBe(false);
  expect(await may('character', 'starter')).toBe(true);
  expect(await may('character', 'own')).toBe(true);
  expect(await may('character', 'own', 'eve')).toBe(false);
  expect(await may('character', 'removed')).toBe(false);
  expect(await may('conversation', 'nothing')).toBe(false);
  expect(await may('persona', 'nothing')).toBe(false);
});
