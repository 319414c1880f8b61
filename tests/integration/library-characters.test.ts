import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CardImport } from '../../contract/cards.ts';
import type { Character, CharacterSummary } from '../../contract/characters.ts';
import type { Conversation } from '../../contract/conversations.ts';
import { wordsOf, type Caller } from './support/caller.ts';
import { dataUrl, pngCard, pngPixel } from './support/card-files.ts';
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

const create = (fields: Record<string, unknown>, who = owner) => who.call<Character>('POST', '/api/characters', fields);
const list = async (who: Caller, locale = 'en') =>
  (await who.call<{ characters: CharacterSummary[] }>('GET', `/api/characters?locale=${locale}`)).characters;
const importFile = (bytes: Buffer, fileName = 'card', who = owner) =>
  who.call<CardImport>('POST', '/api/characters/import', { fileName, data: bytes.toString('base64') });
const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('starters', () => {
  test('greet in the reader’s language, in its order', async () => {
    const [english, chinese] = await Promise.all([list(owner, 'en'), list(owner, 'zh-CN')]);
    expect(english.map(({ slug }) => slug).toSorted()).toEqual(chinese.map(({ slug }) => slug).toSorted());
    expect(english.filter(({ starter }) => starter)).toHaveLength(9);
    expect(english[0]?.name).not.toBe(chinese[0]?.name);
    expect(chinese.find(({ slug }) => slug === 'yanzi')?.name).toBe('燕子');
  });

  test('belong to the house and cannot be changed by anybody', async () => {
    for (const who of [owner, member]) {
      for (const [method, body] of [
        ['PUT', { name: 'Mine now', expectedVersionId: 'x' }],
        ['DELETE', undefined],
      ] as const) {
        const refusal = await who.refusal(method, '/api/characters/starter-mira', body);
        expect(refusal).toMatchObject({ status: 403, code: 'starter' });
      }
    }
  });
});

describe('one’s own character', () => {
  test('is created, seen by its maker alone, and greets', async () => {
    const made = await create({ name: 'Ada', tagline: 'Counts', greeting: 'Good day, {{user}}.', description: 'd' });
    expect(made).toMatchObject({
      name: 'Ada',
      slug: 'ada',
      version: 1,
      mine: true,
      starter: false,
      greetings: ['Good day, {{user}}.'],
    });
    expect((await list(owner)).some(({ id }) => id === made.id)).toBe(true);
    expect((await list(member)).some(({ id }) => id === made.id)).toBe(false);
    const { id } = await owner.begin(made.id);
    expect((await owner.path(id)).map(wordsOf)).toEqual(['Good day, Friend.']);
    expect((await create({ name: 'Ada' })).slug).toBe('ada-2');
  });

  test('without a greeting waits for the first word', async () => {
    const quiet = await create({ name: 'Quiet' });
    const conversation = await owner.begin(quiet.id);
    expect(conversation).toMatchObject({ leafId: null, messageCount: 0, preview: '' });
    const { reply } = await owner.talk(conversation.id, 'You there?');
    expect(reply).toMatchObject({ state: 'done', depth: 1 });
  });

  test.each([
    ['name', { name: '' }],
    ['name', { name: ' \u0000 ' }],
    ['name', { name: 'x'.repeat(101) }],
    ['name', {}],
    ['greeting', { name: 'x', greeting: 'x'.repeat(20_001) }],
    ['picture', { name: 'x', picture: 'https://elsewhere/picture.png' }],
    ['picture', { name: 'x', picture: 'data:image/svg+xml;base64,PHN2Zy8+' }],
    ['picture', { name: 'x', picture: dataUrl(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')) }],
    ['picture', { name: 'x', picture: dataUrl(Buffer.from('MZ not a picture')) }],
    ['system', { name: 'x', system: 'y' }],
  ])('with a wrong %s is refused and leaves nothing', async (field, fields) => {
    const before = await list(owner);
    const blobs = await house.app.storage.blobs.list();
    expect(await owner.refusal('POST', '/api/characters', fields)).toMatchObject({ status: 400, field });
    expect(await list(owner)).toEqual(before);
    expect(await house.app.storage.blobs.list()).toEqual(blobs);
  });

  test('gets versions; conversations keep theirs until they move', async () => {
    const first = await create({ name: 'Vera', greeting: 'One' });
    const conversation = await owner.begin(first.id);
    const second = await owner.call<Character>('PUT', `/api/characters/${first.id}`, {
      name: 'Vera B.',
      greeting: 'Two',
      expectedVersionId: first.versionId,
    });
    expect(second).toMatchObject({ version: 2, name: 'Vera B.', slug: 'vera' });
    const same = await owner.call<Character>('PUT', `/api/characters/${first.id}`, {
      name: 'Vera B.',
      greeting: 'Two',
      expectedVersionId: second.versionId,
    });
    expect(same.versionId).toBe(second.versionId); // nothing changed, so nothing is new
    const pinned = await owner.conversation(conversation.id);
    expect(pinned).toMatchObject({ newerVersion: true, character: { name: 'Vera', versionId: first.versionId } });
    const moved = await owner.call<Conversation>('PATCH', `/api/conversations/${conversation.id}`, {
      characterVersion: 'newest',
    });
    expect(moved).toMatchObject({ newerVersion: false, character: { name: 'Vera B.' } });
    expect((await owner.path(conversation.id)).map(wordsOf)).toEqual(['One']);
  });

  test('is saved by one of several windows; the others are told, and their pictures do not stay', async () => {
    const made = await create({ name: 'Contested' });
    const blobs = new Set(await house.app.storage.blobs.list());
    const pictures = Array.from({ length: 6 }, (_, index) => pngPixel(`window ${index}`));
    const answers = await Promise.all(
      pictures.map((picture, index) =>
        owner.ask('PUT', `/api/characters/${made.id}`, {
          name: `Window ${index}`,
          picture: dataUrl(picture),
          expectedVersionId: made.versionId,
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { body } of answers.filter(({ status }) => status !== 200)) {
      expect(body).toMatchObject({ error: { code: 'version-conflict' } });
    }
    const winner = answers.findIndex(({ status }) => status === 200);
    const added = (await house.app.storage.blobs.list()).filter((hash) => !blobs.has(hash));
    expect(added).toEqual([hashOf(pictures[winner]!)]);
  });

  test('is deleted with undo, and its conversations stay', async () => {
    const made = await create({ name: 'Leaving', greeting: 'Bye' });
    const conversation = await owner.begin(made.id);
    await owner.call('DELETE', `/api/characters/${made.id}`);
    expect((await list(owner)).some(({ id }) => id === made.id)).toBe(false);
    expect(await owner.refusal('GET', `/api/characters/${made.id}`)).toMatchObject({ status: 404 });
    expect(await owner.refusal('POST', '/api/conversations', { characterId: made.id })).toMatchObject({ status: 404 });
    expect((await owner.talk(conversation.id, 'Stay')).reply).toMatchObject({
      state: 'done',
      author: { name: 'Leaving' },
    });
    expect(await owner.call('POST', `/api/characters/${made.id}/restore`)).toMatchObject({ name: 'Leaving' });
    expect((await list(owner)).some(({ id }) => id === made.id)).toBe(true);
  });
});

describe('pictures', () => {
  test('are served as what they are, for ever, to those who may see them', async () => {
    const picture = pngPixel('portrait');
    const made = await create({ name: 'Painted', picture: dataUrl(picture) });
    expect(made.pictureUrl).toBe(`/api/assets/${hashOf(picture)}`);
    const response = await owner.fetch(made.pictureUrl!);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(picture);
    expect((await member.fetch(made.pictureUrl!)).status).toBe(404);
    expect((await fetch(house.address + made.pictureUrl)).status).toBe(401);
    // Who has the same picture may see it by its one address.
    const theirs = await create({ name: 'Copied', picture: dataUrl(picture) }, member);
    expect(theirs.pictureUrl).toBe(made.pictureUrl);
    expect((await member.fetch(made.pictureUrl!)).status).toBe(200);
  });

  test('of starters are everybody’s, and other names are refused', async () => {
    const mira = (await list(member)).find(({ slug }) => slug === 'mira');
    const response = await member.fetch(mira!.pictureUrl!);
    expect(response.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
    for (const name of ['x', '0'.repeat(63), `${'0'.repeat(62)}GG`, '..%2F..%2Fsecret.key']) {
      expect((await owner.fetch(`/api/assets/${name}`)).status).toBe(400);
    }
  });
});

describe('a card that is dropped in', () => {
  const data = {
    name: 'Étienne 爱丽丝',
    description: 'From elsewhere.',
    personality: 'Dry.',
    first_mes: 'Hello {{user}}, I am {{char}}.',
    alternate_greetings: ['Second', 'Third'],
    mes_example: '<START>\n{{char}}: Hm.',
    character_book: { entries: [{ keys: ['x'], content: 'y' }] },
    group_only_greetings: ['Hello, all.'],
    tags: ['one'],
  };

  test.each<[string, Buffer]>([
    ['V1 JSON', Buffer.from(JSON.stringify({ ...data, alternate_greetings: ['Second', 'Third'] }))],
    ['V2 JSON', Buffer.from(JSON.stringify({ spec: 'chara_card_v2', spec_version: '2.0', data }))],
    ['V3 JSON', Buffer.from(JSON.stringify({ spec: 'chara_card_v3', spec_version: '3.0', data }))],
    ['V1 PNG', pngCard(data, { mark: '1' })],
    ['V2 PNG', pngCard({ spec: 'chara_card_v2', spec_version: '2.0', data }, { mark: '2' })],
    ['V3 PNG', pngCard({ spec: 'chara_card_v3', spec_version: '3.0', data }, { mark: '3', keyword: 'ccv3' })],
  ])('as %s becomes a character that greets', async (format, bytes) => {
    const imported = await importFile(bytes, `card of ${format}`);
    expect(imported).toMatchObject({
      format,
      warnings: [],
      character: { name: data.name, personality: 'Dry.', keptUnused: ['group_only_greetings'], mine: true },
    });
    expect(imported.character.pictureUrl === null).toBe(format.endsWith('JSON'));
    const { id } = await owner.begin(imported.character.id);
    const [greeting] = await owner.path(id);
    expect(wordsOf(greeting)).toBe(`Hello Friend, I am ${data.name}.`);
    expect(greeting?.siblings).toHaveLength(3);
  });

  test('hostile words stay words', async () => {
    const hostile = {
      name: '<img src=x onerror=alert(1)>',
      nickname: '\'); drop table "character"; --\u0000',
      first_mes: '<script>alert(1)</script>\u0000\ud83d {{user}}',
      tags: ['\u202e', '../..'],
      extensions: { everwith: { originalLocale: 'en', tagline: '\u0000', locales: { 'zh-CN': { name: '\u0000名' } } } },
    };
    const bytes = Buffer.from(JSON.stringify({ spec: 'chara_card_v3', spec_version: '3.0', data: hostile }));
    const { character } = await importFile(bytes, '../../<evil>\u0000.json');
    expect(character.name).toBe('<img src=x onerror=alert(1)>');
    for (const [locale, friend] of [
      ['en', 'Friend'],
      ['zh-CN', '朋友'],
    ]) {
      const { id } = await owner.begin(character.id, { locale });
      expect(wordsOf((await owner.path(id))[0])).toBe(`<script>alert(1)</script>\ufffd ${friend}`);
      expect((await owner.talk(id, 'Hm')).reply.state).toBe('done');
    }
  });

  test.each<[string, Buffer, string]>([
    ['is no card', Buffer.from('hello'), 'card-not-json'],
    ['is a plain picture', pngPixel('plain'), 'card-missing'],
    ['is cut off', pngCard({ name: 'x' }).subarray(0, 60), 'card-damaged'],
    ['has no name', Buffer.from('{"spec":"chara_card_v2","data":{}}'), 'card-nameless'],
    [
      'is nested without end',
      Buffer.from(`{"name":"x","description":"y","a":${'['.repeat(200)}${']'.repeat(200)}}`),
      'card-too-deep',
    ],
  ])('that %s is refused by name and leaves nothing', async (_what, bytes, code) => {
    const before = await list(owner);
    const blobs = await house.app.storage.blobs.list();
    const body = { fileName: 'strange.png', data: bytes.toString('base64') };
    expect(await owner.refusal('POST', '/api/characters/import', body)).toMatchObject({ status: 400, code });
    expect(await list(owner)).toEqual(before);
    expect(await house.app.storage.blobs.list()).toEqual(blobs);
  });

  test('that is too large is refused', async () => {
    const body = { fileName: 'huge', data: 'A'.repeat(19 * 1024 * 1024) };
    expect(await owner.refusal('POST', '/api/characters/import', body)).toMatchObject({ status: 413 });
    const { status } = await owner.refusal('POST', '/api/characters/import', { fileName: 'x', data: '' });
    expect(status).toBe(400);
  });
});
