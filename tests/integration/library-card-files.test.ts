import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import type { CardImport, ExportChoices } from '../../contract/cards.ts';
import type { Character, CharacterSummary } from '../../contract/characters.ts';
import type { ErrorBody } from '../../contract/common.ts';
import { readCardFile } from '../../src/character/formats/read-card-file.ts';
import { listVersionAssets } from '../../src/character/asset-store.ts';
import { base64, cardSeeds, charxSeed, JPEG, pngOf, text, V1, V2, V3, V3_DATA, zipOf } from '../support/card-seeds.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
});
afterAll(() => house[Symbol.asyncDispose]());

async function upload(
  bytes: Uint8Array,
  { fileName = 'card.png', keepBoth = false, who = owner, type = 'application/octet-stream' } = {},
) {
  const query = new URLSearchParams({ fileName, locale: 'en', ...(keepBoth ? { keepBoth: '1' } : {}) });
  const response = await who.fetch(`/api/characters/import-file?${query.toString()}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: Buffer.from(bytes),
  });
  return { status: response.status, body: await response.json() };
}
const imported = async (bytes: Uint8Array, options = {}) => (await upload(bytes, options)).body as CardImport;
const refused = async (bytes: Uint8Array, options = {}) => ((await upload(bytes, options)).body as ErrorBody).error;
const list = async (who = owner) =>
  (await who.call<{ characters: CharacterSummary[] }>('GET', '/api/characters?locale=en')).characters;
const card = (name: string) => Buffer.from(JSON.stringify({ ...V3, data: { ...V3_DATA, name, nickname: '' } }));

async function download(
  id: string,
  format: string,
  init: RequestInit = {},
): Promise<{ bytes: Buffer; headers: Headers }> {
  const response = await owner.fetch(`/api/characters/${id}/export?format=${format}`, init);
  expect(response.status).toBe(200);
  return { bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers };
}

describe('files', () => {
  test('of every kind become characters, once each, and leave nothing behind', async () => {
    const who = await house.member('ann');
    for (const [name, bytes] of Object.entries(await cardSeeds())) {
      const { status, format, character } = await imported(bytes, {
        fileName: name.includes('YAML') ? 'a.yaml' : name,
        who,
      });
      expect(['imported', 'present'], name).toContain(status);
      expect(character.name, `${name}, ${format}`).toMatch(/Ada/);
    }
    expect(await readdir(join(house.dataDirectory, 'uploads'))).toEqual([]);
    const again = await imported((await cardSeeds())['CHARX']!, { who });
    expect(again.status).toBe('present');
  });

  test('the same content is here already, whatever kind of file it comes in; both can be kept', async () => {
    const first = await imported(card('Twin'));
    expect(first.status).toBe('imported');
    const inPng = await imported(card('Twin'), { fileName: 'other name' });
    expect(inPng).toMatchObject({ status: 'present', character: { id: first.character.id } });
    const newer = { ...V3, data: { ...V3_DATA, name: 'Twin', nickname: '', modification_date: 9 } };
    expect((await imported(Buffer.from(JSON.stringify(newer)))).status).toBe('present');
    const kept = await imported(card('Twin'), { keepBoth: true });
    expect(kept.status).toBe('imported');
    expect(kept.character.id).not.toBe(first.character.id);
    const bo = await house.member('bo');
    expect((await imported(card('Twin'), { who: bo })).status).toBe('imported');
    await owner.call('DELETE', `/api/characters/${first.character.id}`);
    await owner.call('DELETE', `/api/characters/${kept.character.id}`);
    expect((await imported(card('Twin'))).status).toBe('imported');
  });

  test('bring their assets, which are served to those who see the character', async () => {
    const { character, warnings } = await imported(await charxSeed(), { keepBoth: true });
    expect(warnings).toEqual([{ code: 'asset-linked', detail: 'main' }]);
    const files = await listVersionAssets(house.app.storage.db, character.versionId);
    expect(files.map(({ type, name, uri }) => `${type} ${name} ${uri}`).toSorted()).toEqual([
      'container main.json x_meta/main.json',
      'container module.risum module.risum',
      'emotion joy embeded://assets/emotion/images/joy.png',
      'icon main embeded://assets/icon/image/main.png',
      'x-risu-asset 数据 embeded://assets/other/other/data.bin',
      'x_voice hello embeded://assets/x_voice/audio/hello.mp3',
    ]);
    const types = await Promise.all(
      files.map(async ({ hash }) => (await owner.fetch(`/api/assets/${hash}`)).headers.get('content-type')),
    );
    expect(new Set(types)).toEqual(new Set(['image/png', 'audio/mpeg', 'application/octet-stream']));
    const portrait = pngOf(text('Comment', 'portrait'));
    expect(character.pictureUrl).toBe(`/api/assets/${createHash('sha256').update(portrait).digest('hex')}`);
  });

  test.each<[string, number, string, () => Buffer | Promise<Buffer>]>([
    ['no card', 400, 'card-not-json', () => Buffer.from('hello')],
    ['a plain picture', 400, 'card-missing', () => pngOf()],
    ['an archive of something else', 400, 'card-missing', () => zipOf({ 'a.txt': 'x' })],
    ['a bomb', 413, 'card-too-large', () => zipOf({ 'card.json': JSON.stringify(V3), zero: Buffer.alloc(30_000_000) })],
    ['nothing', 400, 'card-empty', () => Buffer.alloc(0)],
  ])('that are %s are refused by name and leave nothing', async (_what, status, code, make) => {
    const before = await list();
    const blobs = await house.app.storage.blobs.list();
    const answer = await upload(await make(), { fileName: '../../../evil/\u0000card.png' });
    expect(answer.status).toBe(status);
    expect((answer.body as ErrorBody).error.code).toBe(code);
    expect(await list()).toEqual(before);
    expect(await house.app.storage.blobs.list()).toEqual(blobs);
  });

  test('of other types are not taken, and a name is asked for', async () => {
    expect((await upload(card('x'), { type: 'text/plain' })).status).toBe(415);
    expect((await upload(card('x'), { fileName: '' })).status).toBe(400);
    expect((await refused(Buffer.from('{"entries":{}}'))).code).toBe('card-is-book');
  });

  test('of 40 MB arrive as a stream', async () => {
    const noise = Buffer.alloc(40_000_000);
    for (let at = 0; at < noise.length; at += 4) noise.writeUInt32LE((at * 2_654_435_761) >>> 0, at);
    const assets = [{ type: 'x_voice', uri: 'embeded://voice.mp3', name: 'v', ext: 'mp3' }];
    const bytes = await zipOf({
      'card.json': JSON.stringify({ ...V3, data: { ...V3_DATA, name: 'Loud', assets } }),
      'voice.mp3': noise,
    });
    const { character } = await imported(bytes, { fileName: 'loud.charx' });
    const [file] = await listVersionAssets(house.app.storage.db, character.versionId);
    expect(file).toMatchObject({ size: noise.length });
    const choices = await owner.call<ExportChoices>('GET', `/api/characters/${character.id}/exports`);
    const losses = choices.formats.find(({ format }) => format === 'v3-png')?.losses;
    expect(losses).toEqual([{ code: 'assets-too-large', kind: 'lost', count: 1 }]);
    const out = await download(character.id, 'charx');
    expect(out.bytes.length).toBeGreaterThan(30_000_000);
  });
});

describe('exports', () => {
  test('are read again as the same character', async () => {
    for (const format of ['v3-png', 'charx', 'v3-json']) {
      const before = await imported(await charxSeed(), { keepBoth: true });
      const { bytes } = await download(before.character.id, format);
      const file = await readCardFile(bytes, 'x');
      expect(file.card.data).toMatchObject({
        name: 'Ada',
        nickname: 'Star Ada',
        character_book: V3_DATA.character_book,
      });
      expect(file.assets.map(({ name }) => name)).toContain('joy');
      expect((await imported(bytes)).status).toBe('present');
    }
  });

  test('have names in any script', async () => {
    const { character } = await imported(card('北京/../"猫"\n'));
    const { headers } = await download(character.id, 'v3-json');
    const disposition = headers.get('content-disposition') ?? '';
    expect(disposition).toMatch(/^attachment; filename="[\x20-\x7e]*\.json"; filename\*=UTF-8''[\w%.!~-]+$/);
    const name = decodeURIComponent(disposition.split("UTF-8''")[1] ?? '');
    expect(name).toBe('北京 .. 猫.json');
  });

  test('of a picture that is no PNG take the PNG that comes with the request', async () => {
    const charx = await zipOf({
      'card.json': JSON.stringify({
        ...V3,
        data: {
          ...V3_DATA,
          name: 'Photo',
          assets: [{ type: 'icon', uri: 'embeded://a.jpg', name: 'main', ext: 'jpg' }],
        },
      }),
      'a.jpg': JPEG,
    });
    const { character } = await imported(charx);
    const choices = await owner.call<ExportChoices>('GET', `/api/characters/${character.id}/exports`);
    expect(choices).toMatchObject({ picture: 'other', pictureUrl: character.pictureUrl });
    const converted = pngOf(text('Comment', 'converted'));
    const { bytes } = await download(character.id, 'v2-png', {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Uint8Array(converted),
    });
    expect(Buffer.from((await readCardFile(bytes, 'x')).picture!)).toEqual(converted);
    const refusal = await owner.fetch(`/api/characters/${character.id}/export?format=v2-png`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: 'no picture',
    });
    expect(refusal.status).toBe(400);
  });

  test('of the starters work for everybody, of others’ characters for nobody else', async () => {
    const ann = await house.member('carl');
    const { character } = await imported(card('Private'));
    for (const path of [
      `/api/characters/${character.id}/export?format=charx`,
      `/api/characters/${character.id}/exports`,
    ]) {
      expect((await ann.fetch(path)).status).toBe(404);
    }
    const { bytes } = await download('starter-mira', 'v3-png');
    expect((await readCardFile(bytes, 'x')).card.data['name']).toBe('Mira');
    expect((await owner.fetch('/api/characters/starter-mira/export?format=webp')).status).toBe(400);
  });

  test('keep every letter of an import, through an edit of another field', async () => {
    const odd = {
      ...V2,
      data: { ...V1, name: 'Odd', creator_notes: 'a\r\nb\u0000\ud83d', custom: [1, null], extensions: { x: '\u0000' } },
    };
    const { character } = await imported(Buffer.from(JSON.stringify(odd)));
    await owner.call<Character>('PUT', `/api/characters/${character.id}?locale=en`, {
      name: 'Odd',
      tagline: 'New',
      description: V1.description,
      personality: 'changed',
      greeting: V1.first_mes,
      exampleDialogue: V1.mes_example,
      expectedVersionId: character.versionId,
    });
    const { bytes } = await download(character.id, 'v2-json');
    expect(JSON.parse(bytes.toString())).toMatchObject({
      data: {
        creator_notes: 'a\r\nb\u0000\ud83d',
        custom: [1, null],
        personality: 'changed',
        description: V1.description,
        extensions: { x: '\u0000' },
      },
    });
  });
});

describe('links', () => {
  let server: Server;
  let asked: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (request.url === '/ada.png')
        response.end(pngOf(text('ccv3', base64({ ...V3, data: { ...V3_DATA, name: 'Linked' } }))));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  test('into this machine and private networks are refused, and nothing is asked there', async () => {
    const { port } = server.address() as AddressInfo;
    asked = [];
    for (const url of [
      `http://127.0.0.1:${port}/ada.png`,
      `http://localhost:${port}/ada.png`,
      `http://[::ffff:127.0.0.1]:${port}/`,
      `http://2130706433:${port}/`,
      'http://10.0.0.1/',
      'http://169.254.169.254/latest/meta-data/',
    ]) {
      expect(await owner.refusal('POST', '/api/characters/import-link', { url }), url).toMatchObject({
        status: 403,
        code: 'link-private',
      });
    }
    for (const url of [
      'file:///etc/passwd',
      'ftp://x/y',
      'javascript:alert(1)',
      'ada.png',
      'http://user:secret@example.org/',
    ]) {
      expect(await owner.refusal('POST', '/api/characters/import-link', { url }), url).toMatchObject({
        status: 400,
        code: 'link-invalid',
      });
    }
    expect(asked).toEqual([]);
  });
});

test('many characters leave as one zip, each name once, and nobody else’s with them', async () => {
  const who = await house.member('zipper');
  const one = await imported(card('Twin'), { who, fileName: 'a.json' });
  const two = await imported(card('Twin'), { who, fileName: 'b.json', keepBoth: true });
  const foreign = await imported(card('Foreign'), { fileName: 'c.json' });
  const ids = [one, two, foreign].map((result) => result.character.id);
  const response = await who.fetch('/api/library/export', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ids, format: 'v3-png' }),
  });
  expect(response.headers.get('content-disposition')).toContain('characters.zip');
  const entries = await zipEntries(Buffer.from(await response.arrayBuffer()));
  expect([...entries.keys()].toSorted()).toEqual(['Twin 2.png', 'Twin.png']);
  for (const bytes of entries.values()) {
    expect((await readCardFile(bytes, 'twin.png')).card.data.name).toBe('Twin');
  }
  expect(
    await who.refusal('POST', '/api/library/export', { ids: [foreign.character.id], format: 'v3-png' }),
  ).toMatchObject({ status: 404, field: 'ids' });
});

async function zipEntries(bytes: Buffer): Promise<Map<string, Buffer>> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true });
  const entries = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    entries.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  }
  return entries;
}
