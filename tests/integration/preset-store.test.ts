import { afterAll, beforeAll, expect, test } from 'vitest';
import { presetBodySchema } from '../../contract/prompts.ts';
import { builtInPresets } from '../../src/turn/presets/built-in-presets.ts';
import {
  countPresets,
  insertPreset,
  listPresets,
  purgePresets,
  readPreset,
  readPresetBody,
  setPresetDeleted,
  updatePreset,
} from '../../src/turn/presets/preset-store.ts';
import { openTestStorage, type TestStorage } from '../support/open-test-storage.ts';

let store: TestStorage;
beforeAll(async () => {
  store = await openTestStorage();
});
afterAll(() => store[Symbol.asyncDispose]());

const bodyOf = (text: string) =>
  presetBodySchema.parse({
    order: 'classic',
    segments: [{ id: 'a', slot: 'custom', text }],
    foreign: { odd: [null, text] },
  });

test('a preset is kept whole, changed by revision, deleted, brought back and purged', async () => {
  const { storage } = store;
  const key = { id: 'one', ownerId: 'ann' };
  const body = bodyOf('Nul \u0000 and 半 \ud83d');
  await storage.transaction((trx) => insertPreset(trx, { ...key, name: 'One', body, now: 5 }));
  await storage.transaction((trx) =>
    insertPreset(trx, { id: 'two', ownerId: 'ann', name: 'Two', body: bodyOf('2'), now: 6 }),
  );
  expect(await readPreset(storage.db, key)).toEqual({
    ...key,
    name: 'One',
    body,
    revision: 1,
    createdAt: 5,
    updatedAt: 5,
    deletedAt: null,
  });
  expect(await readPreset(storage.db, { id: 'one', ownerId: 'bob' })).toBeUndefined();

  const save = (revision: number, ownerId = 'ann') =>
    storage.transaction((trx) =>
      updatePreset(trx, { id: 'one', ownerId, name: 'First', body: bodyOf('new'), revision, now: 9 }),
    );
  expect(await save(2)).toBe(false);
  expect(await save(1, 'bob')).toBe(false);
  expect(await save(1)).toBe(true);
  expect(await save(1)).toBe(false);
  expect((await listPresets(storage.db, 'ann')).map(({ name, revision }) => [name, revision])).toEqual([
    ['First', 2],
    ['Two', 1],
  ]);
  expect(await listPresets(storage.db, 'bob')).toEqual([]);

  const setDeleted = (deletedAt: number | null) =>
    storage.transaction((trx) => setPresetDeleted(trx, { ...key, deletedAt }));
  expect(await setDeleted(null)).toBe(false);
  expect(await setDeleted(10)).toBe(true);
  expect(await setDeleted(11)).toBe(false);
  expect(await save(2)).toBe(false);
  expect(await countPresets(storage.db, 'ann')).toBe(1);
  expect(await setDeleted(null)).toBe(true);
  expect(await countPresets(storage.db, 'ann')).toBe(2);

  await storage.transaction((trx) => purgePresets(trx, 'ann'));
  expect(await readPreset(storage.db, key)).toBeUndefined();
});

test('a conversation uses the preset it names, and the house’s where it has none or the named one is gone', async () => {
  const { db } = store.storage;
  const nameOf = async (id: string | null, ownerId = 'cy') => (await readPresetBody(db, { id, ownerId })).name;
  await store.storage.transaction((trx) =>
    insertPreset(trx, { id: 'own', ownerId: 'cy', name: 'Own', body: bodyOf('x'), now: 1 }),
  );
  expect(await readPresetBody(db, { id: null, ownerId: 'cy' })).toEqual(builtInPresets.stable);
  expect(await nameOf('house-classic')).toBe('Classic');
  expect(await nameOf('own')).toBe('Own');
  expect(await nameOf('own', 'dee')).toBe('Everwith');
  expect(await nameOf('nowhere')).toBe('Everwith');
  await store.storage.transaction((trx) => setPresetDeleted(trx, { id: 'own', ownerId: 'cy', deletedAt: 2 }));
  expect(await nameOf('own')).toBe('Everwith');
});
