import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CharacterVersion } from '../../contract/character-fields.ts';
import type { Character } from '../../contract/characters.ts';
import type { Caller } from './support/caller.ts';
import { dataUrl, pngPixel } from './support/card-files.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
});
afterAll(() => house[Symbol.asyncDispose]());

const create = (fields: Record<string, unknown>) => owner.call<Character>('POST', '/api/characters', fields);
const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const add = (id: string, body: Record<string, unknown>) =>
  owner.call<CharacterVersion>('POST', `/api/characters/${id}/pictures`, body);
const cardOf = async (id: string) => {
  const row = await house.app.storage.db
    .selectFrom('characterVersion')
    .select('card')
    .where('characterId', '=', id)
    .orderBy('version', 'desc')
    .executeTakeFirstOrThrow();
  return (JSON.parse(row.card) as { data: { assets?: unknown[] } }).data;
};

test('expressions and backgrounds are added, renamed and removed, each as a version, and stand in the card', async () => {
  const made = await create({ name: 'Painted', picture: dataUrl(pngPixel('portrait')) });
  const joy = pngPixel('joy');
  const one = await add(made.id, {
    type: 'emotion',
    name: 'joy',
    data: dataUrl(joy),
    expectedVersionId: made.versionId,
  });
  expect(one).toMatchObject({
    version: 2,
    pictureUrl: made.pictureUrl,
    pictures: [{ type: 'emotion', name: 'joy', url: `/api/assets/${hashOf(joy)}` }],
  });
  expect(Buffer.from(await (await owner.fetch(one.pictures[0]!.url)).arrayBuffer())).toEqual(joy);
  const two = await add(made.id, {
    type: 'background',
    name: '海边 main',
    data: dataUrl(pngPixel('sea')),
    expectedVersionId: one.versionId,
  });
  expect((await cardOf(made.id)).assets).toEqual([
    { type: 'icon', uri: 'ccdefault:', name: 'main', ext: 'png' },
    { type: 'emotion', uri: 'embeded://assets/emotion/images/joy.png', name: 'joy', ext: 'png' },
    expect.objectContaining({ type: 'background', name: '海边 main' }),
  ]);
  const [first] = two.pictures;
  const renamed = await owner.call<CharacterVersion>(
    'PATCH',
    `/api/characters/${made.id}/pictures/${first!.position}`,
    { name: 'delight', expectedVersionId: two.versionId },
  );
  expect(renamed.pictures.map(({ name }) => name)).toEqual(['delight', '海边 main']);
  // Saving the words keeps the pictures.
  const saved = await owner.call<Character>('PUT', `/api/characters/${made.id}`, {
    name: 'Painted again',
    expectedVersionId: renamed.versionId,
  });
  const removed = await owner.call<CharacterVersion>(
    'DELETE',
    `/api/characters/${made.id}/pictures/${first!.position}?expectedVersionId=${saved.versionId}`,
  );
  expect(removed.pictures.map(({ name }) => name)).toEqual(['海边 main']);
  expect(removed.version).toBe(6);
  expect((await cardOf(made.id)).assets).toHaveLength(2);
  // What was goes on in its version, and comes back with it.
  const back = await owner.call<Character>('POST', `/api/characters/${made.id}/restore-version`, {
    versionId: one.versionId,
    expectedVersionId: removed.versionId,
  });
  const fields = await owner.call<CharacterVersion>('GET', `/api/characters/${back.id}/fields`);
  expect(fields.pictures.map(({ name }) => name)).toEqual(['joy']);
  const copy = await owner.call<Character>('POST', `/api/characters/${made.id}/fork`, {});
  const copied = await owner.call<CharacterVersion>('GET', `/api/characters/${copy.id}/fields`);
  expect(copied.pictures.map(({ name }) => name)).toEqual(['joy']);
});

test.each<[string, Record<string, unknown>, { status: number; code?: string; field?: string }]>([
  ['a taken name', { type: 'emotion', name: 'joy' }, { status: 409, code: 'picture-name-taken', field: 'name' }],
  ['the portrait’s own name', { type: 'icon', name: 'main' }, { status: 409, code: 'picture-name-taken' }],
  ['an unknown kind', { type: 'x_model', name: 'a' }, { status: 400, field: 'type' }],
  ['no name', { type: 'emotion', name: ' ' }, { status: 400, field: 'name' }],
  ['a wrong file', { type: 'emotion', name: 'a', data: dataUrl(Buffer.from('MZ')) }, { status: 400, field: 'picture' }],
  [
    'an old version',
    { type: 'emotion', name: 'a', expectedVersionId: 'old' },
    { status: 409, code: 'version-conflict' },
  ],
])('a picture with %s is refused and leaves nothing', async (_what, body, refusal) => {
  const made = await create({ name: 'Plain' });
  const first = { type: 'emotion', name: 'joy', data: dataUrl(pngPixel('first')), expectedVersionId: made.versionId };
  const { versionId } = await add(made.id, first);
  const blobs = await house.app.storage.blobs.list();
  const sent = { data: dataUrl(pngPixel('refused')), expectedVersionId: versionId, ...body };
  expect(await owner.refusal('POST', `/api/characters/${made.id}/pictures`, sent)).toMatchObject(refusal);
  expect(await house.app.storage.blobs.list()).toEqual(blobs);
});

test('pictures of others and of the house are left alone', async () => {
  const member = await house.member('mallory');
  const made = await create({ name: 'Mine' });
  const body = { type: 'emotion', name: 'joy', data: dataUrl(pngPixel('x')), expectedVersionId: made.versionId };
  expect(await member.refusal('POST', `/api/characters/${made.id}/pictures`, body)).toMatchObject({ status: 404 });
  const starter = await owner.call<CharacterVersion>('GET', '/api/characters/starter-mira/fields');
  const wrong = { ...body, expectedVersionId: starter.versionId };
  expect(await owner.refusal('POST', '/api/characters/starter-mira/pictures', wrong)).toMatchObject({
    status: 403,
    code: 'starter',
  });
  const path = `/api/characters/${made.id}/pictures/0?expectedVersionId=${made.versionId}`;
  expect(await owner.refusal('DELETE', path)).toMatchObject({ status: 404 });
});
