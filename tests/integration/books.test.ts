import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Character } from '../../contract/characters.ts';
import type { Lorebook, LorebookSummary, LoreTarget } from '../../contract/lore.ts';
import type { Caller, Method } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;
let member: Caller;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
  member = await house.member('mallory');
});
afterAll(() => house[Symbol.asyncDispose]());

const entry = (uid: string, more: Record<string, unknown> = {}) => ({
  uid,
  keys: [uid],
  content: `About ${uid}`,
  ...more,
});
const create = (body: Record<string, unknown>, who = owner) =>
  who.call<LorebookSummary>('POST', '/api/lorebooks', { body });
const read = (id: string, who = owner) => who.call<Lorebook>('GET', `/api/lorebooks/${id}`);
const list = async (who = owner, locale = 'en') =>
  (await who.call<{ books: LorebookSummary[] }>('GET', `/api/lorebooks?locale=${locale}`)).books;
const meOf = async (who: Caller) => (await who.call<{ id: string }>('GET', '/api/me')).id;

describe('a book', () => {
  test('is created, read, listed, copied, deleted and brought back', async () => {
    const made = await create({
      name: '港口 Harbour',
      description: 'Where ships come.',
      entries: [entry('a'), entry('b')],
    });
    expect(made).toMatchObject({ name: '港口 Harbour', mode: 'st', entryCount: 2, targets: [], revision: 1 });
    const book = await read(made.id);
    expect(book.body.entries.map(({ uid, order, position }) => [uid, order, position])).toEqual([
      ['a', 100, 'after-char'],
      ['b', 100, 'after-char'],
    ]);
    const copy = await owner.call<LorebookSummary>('POST', `/api/lorebooks/${made.id}/duplicate`, { name: 'Copy' });
    expect((await read(copy.id)).body).toEqual({ ...book.body, name: 'Copy' });
    expect((await list()).map(({ name }) => name).slice(0, 2)).toEqual(['Copy', '港口 Harbour']);
    await owner.call('DELETE', `/api/lorebooks/${made.id}`);
    expect((await list()).map(({ id }) => id)).not.toContain(made.id);
    expect(await owner.refusal('GET', `/api/lorebooks/${made.id}`)).toMatchObject({ status: 404 });
    expect(await owner.refusal('DELETE', `/api/lorebooks/${made.id}`)).toMatchObject({ status: 404 });
    expect(await owner.call('POST', `/api/lorebooks/${made.id}/restore`)).toMatchObject({ id: made.id, entryCount: 2 });
    expect((await read(made.id)).body).toEqual(book.body);
  });

  test('is saved whole only over the revision that was looked at', async () => {
    const { id } = await create({ name: 'Whole', entries: [entry('a')] });
    const save = (expectedRevision?: number) => ({
      body: { name: 'Whole again', mode: 'spec', entries: [entry('a'), entry('b')] },
      ...(expectedRevision === undefined ? {} : { expectedRevision }),
    });
    expect(await owner.refusal('PUT', `/api/lorebooks/${id}`, save())).toMatchObject({
      status: 400,
      field: 'expectedRevision',
    });
    expect(await owner.call('PUT', `/api/lorebooks/${id}`, save(1))).toMatchObject({ revision: 2, mode: 'spec' });
    expect(await owner.refusal('PUT', `/api/lorebooks/${id}`, save(1))).toMatchObject({
      status: 409,
      code: 'revision-conflict',
    });
    expect((await read(id)).body).toMatchObject({ name: 'Whole again', entries: [{ uid: 'a' }, { uid: 'b' }] });
  });

  test('keeps what a foreign file said, and refuses two entries of one id', async () => {
    const foreign = { extensions: { world: 'x', deep: [1, { a: null }] }, __proto: 1 };
    const { id } = await create({ name: 'Foreign', foreign, entries: [entry('a', { foreign })] });
    const { body } = await read(id);
    expect(body.foreign).toEqual(foreign);
    expect(body.entries[0]?.foreign).toEqual(foreign);
    const twice = { body: { entries: [entry('a'), entry('b'), entry('a')] } };
    expect(await owner.refusal('POST', '/api/lorebooks', twice)).toMatchObject({
      status: 400,
      code: 'entry-exists',
      field: 'body.entries.2.uid',
    });
  });

  test('has limits', async () => {
    const long = { body: { entries: [entry('a', { content: 'x'.repeat(1_000_001) })] } };
    expect(await owner.refusal('POST', '/api/lorebooks', long)).toMatchObject({ status: 400 });
    const many = { body: { entries: Array.from({ length: 20_001 }, (_, index) => ({ uid: String(index) })) } };
    expect(await owner.refusal('POST', '/api/lorebooks', many)).toMatchObject({ status: 400 });
    const large = {
      body: { entries: Array.from({ length: 26 }, (_, index) => entry(String(index), { content: 'x'.repeat(1e6) })) },
    };
    expect(await owner.refusal('POST', '/api/lorebooks', large)).toMatchObject({ status: 413 });
  });

  test('of 20,000 entries is saved and changed entry by entry', async () => {
    const entries = Array.from({ length: 20_000 }, (_, index) => entry(String(index)));
    const { id, entryCount } = await create({ name: 'Large', entries });
    expect(entryCount).toBe(20_000);
    const saved = await owner.call('PATCH', `/api/lorebooks/${id}/entries/19999`, {
      expectedRevision: 1,
      fields: { content: 'changed' },
    });
    expect(saved).toMatchObject({ entry: { uid: '19999', content: 'changed' }, book: { revision: 2 } });
  });
});

describe('an entry', () => {
  test('is changed field by field, from the revision that was looked at', async () => {
    const { id } = await create({ name: 'Entries', entries: [entry('a', { order: 5 }), entry('b/ü?')] });
    const address = `/api/lorebooks/${id}/entries/${encodeURIComponent('b/ü?')}`;
    const change = { expectedRevision: 1, fields: { keys: ['new'], enabled: false } };
    expect(await owner.call('PATCH', address, change)).toMatchObject({
      entry: { uid: 'b/ü?', keys: ['new'], enabled: false, content: 'About b/ü?' },
      book: { revision: 2 },
    });
    expect(await owner.refusal('PATCH', address, change)).toMatchObject({ status: 409, code: 'revision-conflict' });
    expect((await read(id)).body.entries[0]).toMatchObject({ uid: 'a', order: 5, enabled: true });
    expect(
      await owner.refusal('PATCH', `/api/lorebooks/${id}/entries/zzz`, { expectedRevision: 2, fields: {} }),
    ).toMatchObject({ status: 404 });
    expect(
      await owner.refusal('PATCH', address, { expectedRevision: 2, fields: { enabled: 'perhaps' } }),
    ).toMatchObject({ status: 400, field: 'fields.enabled' });
  });

  test('is added, moved, numbered and removed together with others, or not at all', async () => {
    const { id } = await create({ name: 'Steps', entries: [entry('a'), entry('b'), entry('c')] });
    const steps = (expectedRevision: number, ...changes: unknown[]) => ({ expectedRevision, changes });
    await owner.call(
      'POST',
      `/api/lorebooks/${id}/changes`,
      steps(
        1,
        { type: 'entry-remove', uids: ['b'] },
        { type: 'entry-insert', entries: [{ index: 0, entry: entry('d') }] },
        { type: 'entry-move', uid: 'a', index: 2 },
        { type: 'entry-order', orders: [{ uid: 'c', order: 7 }] },
        { type: 'entry-edit', uids: ['a', 'd'], fields: { enabled: false } },
        { type: 'book-edit', fields: { name: 'Stepped', scanDepth: 9 } },
      ),
    );
    const after = await read(id);
    expect(after.body).toMatchObject({ name: 'Stepped', scanDepth: 9 });
    expect(after.body.entries.map(({ uid, order, enabled }) => [uid, order, enabled])).toEqual([
      ['d', 100, false],
      ['c', 7, true],
      ['a', 100, false],
    ]);
    const half = steps(2, { type: 'entry-remove', uids: ['a'] }, { type: 'entry-remove', uids: ['a'] });
    expect(await owner.refusal('POST', `/api/lorebooks/${id}/changes`, half)).toMatchObject({
      status: 400,
      code: 'entry-missing',
    });
    expect((await read(id)).body).toEqual(after.body);
  });
});

describe('what a book hangs on', () => {
  test('is told by name, and comes off again', async () => {
    const { id } = await create({ name: 'Hanging' });
    const character = await owner.call<Character>('POST', '/api/characters', { name: 'Keeper' });
    const conversation = await owner.begin(character.id);
    const targets: LoreTarget[] = [
      { kind: 'user', id: await meOf(owner) },
      { kind: 'character', id: character.id },
      { kind: 'character', id: 'starter-yanzi' },
      { kind: 'conversation', id: conversation.id },
    ];
    for (const target of targets) await owner.call('POST', `/api/lorebooks/${id}/links`, { target });
    await owner.call('POST', `/api/lorebooks/${id}/links`, { target: targets[1] });
    const shown = (await list(owner, 'zh-CN')).find((book) => book.id === id);
    expect(shown?.targets.map(({ kind, name }) => `${kind} ${name}`).toSorted()).toEqual([
      'character Keeper',
      'character 燕子',
      'conversation Keeper',
      'user ',
    ]);
    await owner.call('DELETE', `/api/lorebooks/${id}/links/character/starter-yanzi`);
    await owner.call('DELETE', `/api/characters/${character.id}`);
    expect((await read(id)).targets.map(({ kind }) => kind).toSorted()).toEqual(['conversation', 'user']);
    await owner.call('POST', `/api/characters/${character.id}/restore`);
    expect((await read(id)).targets).toHaveLength(3);
    await owner.call('DELETE', `/api/conversations/${conversation.id}`);
    await owner.call('POST', `/api/conversations/${conversation.id}/purge`);
    const rows = await house.app.storage.db
      .selectFrom('lorebookLink')
      .select('targetKind')
      .where('lorebookId', '=', id)
      .execute();
    expect(rows.map(({ targetKind }) => targetKind).toSorted()).toEqual(['character', 'user']);
  });

  test('is one’s own: nothing of another person can carry it', async () => {
    const { id } = await create({ name: 'Mine' });
    const theirs = await member.call<Character>('POST', '/api/characters', { name: 'Theirs' });
    const conversation = await member.begin();
    for (const target of [
      { kind: 'user', id: await meOf(member) },
      { kind: 'character', id: theirs.id },
      { kind: 'conversation', id: conversation.id },
      { kind: 'persona', id: 'nothing' },
    ]) {
      expect(await owner.refusal('POST', `/api/lorebooks/${id}/links`, { target })).toMatchObject({
        status: 404,
        field: 'target',
      });
    }
  });
});

test('another person’s book does not exist, on no path', async () => {
  const { id } = await create({ name: 'Secret', entries: [entry('a')] });
  const { paths } = await owner.call<{ paths: Record<string, Record<string, unknown>> }>('GET', '/api/openapi.json');
  const bodies: Record<string, unknown> = {
    'PUT /api/lorebooks/{id}': { body: {}, expectedRevision: 1 },
    'POST /api/lorebooks/{id}/changes': { expectedRevision: 1, changes: [{ type: 'entry-remove', uids: ['a'] }] },
    'PATCH /api/lorebooks/{id}/entries/{uid}': { expectedRevision: 1, fields: {} },
    'POST /api/lorebooks/{id}/duplicate': { name: 'Stolen' },
    'POST /api/lorebooks/{id}/links': { target: { kind: 'user', id: await meOf(member) } },
    'POST /api/lorebooks/{id}/card': { characterId: 'starter-mira' },
  };
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    path.startsWith('/api/lorebooks/{id}')
      ? Object.keys(methods).map((method) => [method.toUpperCase(), path] as const)
      : [],
  );
  expect(routes.length).toBeGreaterThanOrEqual(9);
  const fill = (path: string, bookId: string) =>
    path.replace('{id}', bookId).replace('{uid}', 'a').replace('{kind}', 'user').replace('{targetId}', 'x');
  const before = await read(id);
  for (const [method, path] of routes) {
    const body = bodies[`${method} ${path}`];
    const theirs = await member.refusal(method as Method, fill(path, id), body);
    expect(theirs, `${method} ${path}`).toMatchObject({ status: 404 });
    expect(theirs, `${method} ${path}`).toEqual(await member.refusal(method as Method, fill(path, 'nothing'), body));
  }
  expect(await read(id)).toEqual(before);
  expect((await list(member)).map(({ name }) => name)).not.toContain('Secret');
});

test('who leaves takes their books along', async () => {
  const guest = await house.member('guest');
  const { id } = await create({ name: 'Guest book' }, guest);
  const userId = await meOf(guest);
  await guest.call('POST', `/api/lorebooks/${id}/links`, { target: { kind: 'user', id: userId } });
  await owner.call('DELETE', `/api/house/users/${userId}`);
  for (const table of ['lorebook', 'lorebookLink'] as const) {
    expect(await house.app.storage.db.selectFrom(table).selectAll().where('ownerId', '=', userId).execute()).toEqual(
      [],
    );
  }
});
