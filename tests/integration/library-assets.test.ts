import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Character } from '../../contract/characters.ts';
import { insertVersionAssets, listUnusedAssets, listVersionAssets, putAsset } from '../../src/character/asset-store.ts';
import type { Caller } from './support/caller.ts';
import { pngPixel } from './support/card-files.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
});
afterAll(() => house[Symbol.asyncDispose]());

/** Gives a version a file, as an import does. */
async function carry(versionId: string, bytes: Buffer, mediaType = 'image/png'): Promise<string> {
  const { storage } = house.app;
  const hash = await storage.blobs.write(bytes);
  expect(hash).toBe(createHash('sha256').update(bytes).digest('hex'));
  await storage.transaction(async (trx) => {
    await putAsset(trx, { hash, mediaType, size: bytes.length, createdAt: 1 });
    const file = { position: 0, type: 'emotion', name: 'joy', ext: 'png', uri: 'embeded://joy.png', hash };
    await insertVersionAssets(trx, versionId, [file]);
  });
  return hash;
}

test('a file of a version is carried to the next, seen by those who see the character, and gone when it is purged', async () => {
  const { storage } = house.app;
  const ann = await house.member('ann');
  const made = await ann.call<Character>('POST', '/api/characters', { name: 'Ada' });
  const hash = await carry(made.versionId, pngPixel('joy'));
  const next = await ann.call<Character>('PUT', `/api/characters/${made.id}`, {
    name: 'Ada B.',
    expectedVersionId: made.versionId,
  });
  expect(await listVersionAssets(storage.db, next.versionId)).toEqual([
    expect.objectContaining({ type: 'emotion', name: 'joy', hash, mediaType: 'image/png' }),
  ]);
  expect((await ann.fetch(`/api/assets/${hash}`)).headers.get('content-type')).toBe('image/png');
  expect((await owner.fetch(`/api/assets/${hash}`)).status).toBe(404);
  expect(await listUnusedAssets(storage.db)).toEqual([]);
  const card = JSON.stringify({ name: 'Ada', character_version: 'of ann' });
  await ann.call('POST', '/api/characters/import', { fileName: 'a', data: Buffer.from(card).toString('base64') });
  await ann.call('POST', '/api/me/delete-all', { confirm: 'delete' });
  expect(await storage.db.selectFrom('versionAsset').selectAll().execute()).toEqual([]);
  expect(await storage.blobs.list()).not.toContain(hash);
});

test('a file that no page should show is handed out as a download', async () => {
  const made = await owner.call<Character>('POST', '/api/characters', { name: 'Bea' });
  const html = await carry(made.versionId, Buffer.from('<script>alert(1)</script>'), 'text/html');
  const response = await owner.fetch(`/api/assets/${html}`);
  expect(response.headers.get('content-type')).toBe('application/octet-stream');
  expect(response.headers.get('content-disposition')).toBe('attachment');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});
