import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CharacterVersion, VersionSummary } from '../../contract/character-fields.ts';
import type { Character } from '../../contract/characters.ts';
import type { Caller } from './support/caller.ts';
import { dataUrl, pngPixel } from './support/card-files.ts';
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

const create = (fields: Record<string, unknown>) => owner.call<Character>('POST', '/api/characters', fields);
const fieldsOf = (id: string, locale = 'en', who = owner) =>
  who.call<CharacterVersion>('GET', `/api/characters/${id}/fields?locale=${locale}`);
const versionsOf = async (id: string) =>
  (await owner.call<{ versions: VersionSummary[] }>('GET', `/api/characters/${id}/versions`)).versions;

const everything = {
  name: 'Ada',
  kind: 'assistant',
  nickname: 'A.',
  tagline: 'Counts',
  pictureAlt: 'A woman at a desk',
  description: 'd',
  personality: 'p',
  scenario: 's',
  greeting: 'One',
  alternateGreetings: ['Two', 'Three'],
  groupGreetings: ['All of you!'],
  exampleDialogue: '<START>\n{{user}}: Hm?\n{{char}}: Aye.',
  systemPrompt: '{{original}} Be brief.',
  postHistoryInstructions: 'Mind the tone.',
  depthPrompt: { text: 'It rains.', depth: 3, role: 'system' },
  creator: 'Me',
  creatorNotes: 'Note',
  creatorNotesByLanguage: { de: 'Notiz' },
  characterVersion: '1.0',
  tags: ['maths'],
  talkativeness: 0.25,
};

test('every field of a card is saved, read, and stays where a save does not name it', async () => {
  const made = await create(everything);
  expect(made).toMatchObject({ name: 'Ada', greetings: ['One', 'Two', 'Three'], tags: ['maths'] });
  expect((await fieldsOf(made.id)).fields).toEqual(everything);
  await owner.call('PUT', `/api/characters/${made.id}`, {
    name: 'Ada',
    greeting: 'Uno',
    characterBook: { entries: [], extensions: {} },
    expectedVersionId: made.versionId,
  });
  const after = await fieldsOf(made.id);
  expect(after).toMatchObject({ version: 2, newest: true, mine: true, hasBook: true, forkOf: null });
  const unsaid = { tagline: '', description: '', personality: '', scenario: '', exampleDialogue: '' };
  expect(after.fields).toEqual({ ...everything, ...unsaid, greeting: 'Uno' });
  const { id } = await owner.begin(made.id);
  expect((await owner.path(id))[0]?.siblings).toHaveLength(3);
});

test.each([
  ['talkativeness', { talkativeness: 2 }],
  ['depthPrompt.depth', { depthPrompt: { text: 'x', depth: -1, role: 'system' } }],
  ['depthPrompt.role', { depthPrompt: { text: 'x', depth: 1, role: 'narrator' } }],
  ['creatorNotesByLanguage.not a language', { creatorNotesByLanguage: { 'not a language': 'x' } }],
  ['alternateGreetings.0', { alternateGreetings: [7] }],
])('a wrong %s is refused by name', async (field, some) => {
  expect(await owner.refusal('POST', '/api/characters', { name: 'x', ...some })).toMatchObject({ status: 400, field });
});

test('an older version comes back as a new one, with its picture', async () => {
  const first = await create({ name: 'Vera', description: 'old', picture: dataUrl(pngPixel('old vera')) });
  const second = await owner.call<Character>('PUT', `/api/characters/${first.id}`, {
    name: 'Vera B.',
    description: 'new',
    picture: dataUrl(pngPixel('new vera')),
    expectedVersionId: first.versionId,
  });
  const old = await owner.call<CharacterVersion>('GET', `/api/characters/${first.id}/versions/${first.versionId}`);
  expect(old).toMatchObject({ version: 1, newest: false, fields: { name: 'Vera', description: 'old' } });
  const path = `/api/characters/${first.id}/restore-version`;
  const stale = await owner.refusal('POST', path, { versionId: first.versionId, expectedVersionId: first.versionId });
  expect(stale).toMatchObject({ status: 409, code: 'version-conflict' });
  const body = { versionId: first.versionId, expectedVersionId: second.versionId };
  const restored = await owner.call<Character>('POST', path, body);
  expect(restored).toMatchObject({ version: 3, name: 'Vera', pictureUrl: first.pictureUrl });
  const again = { versionId: first.versionId, expectedVersionId: restored.versionId };
  expect((await owner.call<Character>('POST', path, again)).versionId).toBe(restored.versionId);
  const versions = await versionsOf(first.id);
  expect(versions.map(({ version, newest }) => [version, newest])).toEqual([
    [3, true],
    [2, false],
    [1, false],
  ]);
  expect(versions[1]?.pictureUrl).toBe(second.pictureUrl);
});

test('a copy is one’s own, remembers its source, and lives by itself', async () => {
  const copy = await member.call<Character>('POST', '/api/characters/starter-mira/fork', {});
  expect(copy).toMatchObject({ mine: true, starter: false, version: 1 });
  const mira = await fieldsOf('starter-mira');
  const fields = await fieldsOf(copy.id, 'en', member);
  expect(fields.fields).toEqual(mira.fields);
  expect(fields.pictureUrl).toBe(mira.pictureUrl);
  expect(fields.forkOf).toEqual({ characterId: 'starter-mira', version: mira.version, name: mira.fields.name });
  expect(copy.slug).not.toBe('mira');
  // Its words in the other language are edited for themselves.
  const chinese = await fieldsOf(copy.id, 'zh-CN', member);
  expect(chinese.locale).toBe('zh-CN');
  await member.call('PUT', `/api/characters/${copy.id}?locale=zh-CN`, {
    ...Object.fromEntries(
      (['name', 'tagline', 'personality', 'scenario', 'greeting', 'exampleDialogue'] as const).map((key) => [
        key,
        chinese.fields[key],
      ]),
    ),
    description: '改过的。',
    expectedVersionId: copy.versionId,
  });
  expect((await fieldsOf(copy.id, 'zh-CN', member)).fields.description).toBe('改过的。');
  expect((await fieldsOf(copy.id, 'en', member)).fields).toEqual(mira.fields);
});

test('nobody sees, restores or copies what is not theirs', async () => {
  const made = await create({ name: 'Private' });
  const body = { versionId: made.versionId, expectedVersionId: made.versionId };
  for (const [method, path, sent] of [
    ['GET', `/api/characters/${made.id}/fields`, undefined],
    ['GET', `/api/characters/${made.id}/versions`, undefined],
    ['GET', `/api/characters/starter-mira/versions/${made.versionId}`, undefined],
    ['POST', `/api/characters/${made.id}/restore-version`, body],
    ['POST', `/api/characters/${made.id}/fork`, {}],
    ['POST', '/api/characters/starter-mira/fork', { versionId: made.versionId }],
  ] as const) {
    expect(await member.refusal(method, path, sent)).toMatchObject({ status: 404 });
  }
  const mira = await fieldsOf('starter-mira');
  expect(mira.mine).toBe(false);
  const starter = { versionId: mira.versionId, expectedVersionId: mira.versionId };
  const refusal = await owner.refusal('POST', '/api/characters/starter-mira/restore-version', starter);
  expect(refusal).toMatchObject({ status: 403, code: 'starter' });
});
