import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { ExportFormat } from '../../../contract/cards.ts';
import {
  apngOf,
  base64,
  BOOK,
  charxSeed,
  chunk,
  JPEG,
  pngOf,
  text,
  V1,
  V2,
  V2_DATA,
  V3,
  V3_DATA,
  zipOf,
} from '../../../tests/support/card-seeds.ts';
import { localizeCard, viewCard } from '../card.ts';
import { describeLosses } from './describe-losses.ts';
import { readChunks } from '../../base/png-chunks.ts';
import { readCardFile } from './read-card-file.ts';
import { sourceOfFile } from './source-of-file.ts';
import { stripDecorators } from './strip-decorators.ts';
import { writeCardFile } from './write-card-file.ts';

const NOW = 1_800_000_000_000;
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const read = (bytes: Buffer, name = 'card') => readCardFile(bytes, name);
const codes = (file: { warnings: { code: string }[] }) => file.warnings.map(({ code }) => code);

async function write(bytes: Buffer, format: ExportFormat): Promise<Buffer> {
  const { body } = await writeCardFile(await sourceOfFile(await read(bytes)), { format, now: NOW });
  return body instanceof Readable ? buffer(body) : body;
}

function cardOf(png: Buffer, keyword: string): Record<string, unknown> {
  for (const { type, content } of readChunks(png).chunks) {
    const end = content.indexOf(0);
    if (type === 'tEXt' && content.toString('latin1', 0, end) === keyword) {
      return JSON.parse(Buffer.from(content.toString('latin1', end + 1), 'base64').toString()) as Record<
        string,
        unknown
      >;
    }
  }
  throw new Error(`There is no ${keyword}.`);
}

describe('§1 card shapes', () => {
  test('no spec is V1', async () => {
    const file = await read(json(V1));
    expect(file).toMatchObject({ spec: 'V1', format: 'V1 JSON', version: '', warnings: [] });
    expect(file.card.data).toEqual(V1);
  });

  test('V1 fields default to empty text and are never null', async () => {
    const { card } = await read(json({ name: 'Ada', description: null, first_mes: 'x' }));
    expect(viewCard(card).data).toMatchObject({ description: '', personality: '', mes_example: '' });
    expect(JSON.parse((await write(json({ name: 'Ada', description: null }), 'v2-json')).toString())).toMatchObject({
      data: { description: '', personality: '', scenario: '', first_mes: '', mes_example: '' },
    });
  });

  test('a newer spec_version is read with a warning, compared as a number', async () => {
    const newer = await read(json({ ...V3, spec_version: '3.10', data: { ...V3_DATA, brand_new: [1] } }));
    expect(newer.warnings).toEqual([{ code: 'newer-version', detail: '3.10' }]);
    expect(newer.card).toMatchObject({ spec_version: '3.10', data: { brand_new: [1] } });
    expect((await read(json({ ...V3, spec_version: '2.9' }))).warnings).toEqual([]);
    expect((await read(json({ ...V3, spec_version: 3 }))).warnings).toEqual([]);
    expect(JSON.parse((await write(json({ ...V3, spec_version: '3.10' }), 'v3-json')).toString())).toMatchObject({
      spec_version: '3.10',
    });
  });

  test('unknown keys, unused optional fields and unsupported assets are preserved through export', async () => {
    const odd = {
      ...V3,
      frame_key: { a: 1 },
      data: { ...V3_DATA, assets: [{ type: 'x_soul', uri: 'ipfs://abc', name: 'a', ext: 'soul', odd: 1 }] },
    };
    for (const format of ['v3-json', 'v3-png', 'charx'] as const) {
      const again = await read(await write(json(odd), format));
      expect(again.card['frame_key']).toEqual({ a: 1 });
      expect(again.card.data).toMatchObject({ ...odd.data, modification_date: NOW / 1000 });
      expect(codes(again)).toEqual(['asset-unsupported']);
    }
  });

  test('creator_notes, tags, creator, character_version and asset names are never in prompts', async () => {
    const { card } = await read(json(V3));
    const { creatorNotes, tags, ...sent } = localizeCard(viewCard(card), 'en');
    expect(creatorNotes).toBe(V2_DATA.creator_notes);
    expect(tags).toEqual(V2_DATA.tags);
    for (const never of [V2_DATA.creator_notes, V2_DATA.creator, V2_DATA.character_version]) {
      expect(JSON.stringify(sent)).not.toContain(never);
    }
  });

  test('first_mes opens the chat and alternates follow; group-only greetings are extra', async () => {
    const { card } = await read(json(V3));
    expect(localizeCard(viewCard(card), 'en').greetings).toEqual([V1.first_mes, ...V2_DATA.alternate_greetings]);
    expect(viewCard(card).data.group_only_greetings).toEqual(['All of you!']);
  });

  test('nickname replaces name in {{char}}, and only there', async () => {
    const { card } = await read(json(V3));
    expect(localizeCard(viewCard(card), 'en')).toMatchObject({ name: 'Ada', called: 'Star Ada' });
    expect(viewCard(card).data.name).toBe('Ada');
  });

  test('source is kept as it is; creation_date is never touched; modification_date is set at export', async () => {
    const written = JSON.parse((await write(json(V3), 'v3-json')).toString()) as typeof V3;
    expect(written.data).toMatchObject({
      source: V3_DATA.source,
      creation_date: V3_DATA.creation_date,
      modification_date: NOW / 1000,
    });
  });

  test('V1 fields beside data are kept, and data wins', async () => {
    const both = { ...V2, name: 'Other', description: 'Old', chat: 'Ada - 1', talkativeness: 0.5 };
    const file = await read(json(both));
    expect(file.card).toMatchObject({ name: 'Other', description: 'Old', chat: 'Ada - 1', data: { name: 'Ada' } });
    expect(file.card.data['description']).toBe(V1.description);
    const { character_book: _book, ...data } = V2_DATA;
    expect(JSON.parse((await write(json({ ...both, data }), 'v2-json')).toString())).toEqual({ ...both, data });
  });

  test('what data lacks is taken from beside it, and a frame without data is read', async () => {
    const beside = await read(
      json({ spec: 'chara_card_v2', spec_version: '2.0', description: 'Old', data: { name: 'Ada' } }),
    );
    expect(beside.card.data).toMatchObject({ name: 'Ada', description: 'Old' });
    expect(beside.warnings).toEqual([{ code: 'field-moved', detail: 'description' }]);
    const flat = await read(json({ spec: 'chara_card_v2', spec_version: '2.0', ...V1 }));
    expect(flat.card.data).toEqual(V1);
    expect((await read(json({ data: V1 }))).card.data).toEqual(V1);
  });

  test('the extensions of SillyTavern are kept', async () => {
    const { card } = await read(json(V2));
    expect(card.data['extensions']).toEqual(V2_DATA.extensions);
  });

  test('Pygmalion JSON is read', async () => {
    const file = await read(
      json({
        char_name: 'Ada',
        char_persona: 'P',
        char_greeting: 'G',
        example_dialogue: 'E',
        world_scenario: 'W',
        metadata: { v: 1 },
      }),
    );
    expect(file.format).toBe('Pygmalion JSON');
    expect(file.card.data).toMatchObject({
      name: 'Ada',
      description: 'P',
      first_mes: 'G',
      mes_example: 'E',
      scenario: 'W',
    });
    expect(file.card.data['extensions']).toEqual({ pygmalion: { metadata: { v: 1 } } });
  });

  test('text-generation-webui YAML and JSON are read', async () => {
    const yaml = await read(
      Buffer.from('name: Ada\ncontext: |-\n  Two\n  lines\ngreeting: Hi\nyour_name: You\n'),
      'Ada.yaml',
    );
    expect(yaml.format).toBe('text-generation-webui YAML');
    expect(yaml.card.data).toMatchObject({ name: 'Ada', description: 'Two\nlines', first_mes: 'Hi' });
    expect(yaml.card.data['extensions']).toEqual({ 'text-generation-webui': { your_name: 'You' } });
    expect((await read(json({ name: 'Ada', context: 'C', greeting: 'G' }))).format).toBe('text-generation-webui JSON');
  });

  test('a lorebook is no character', async () => {
    await expect(read(json({ spec: 'lorebook_v3', data: BOOK }))).rejects.toMatchObject({ code: 'card-is-book' });
    await expect(read(json({ entries: {} }))).rejects.toMatchObject({ code: 'card-is-book' });
  });
});

describe('§2 PNG and APNG', () => {
  test('keywords match whatever their case', async () => {
    for (const keyword of ['chara', 'Chara', 'CHARA']) {
      expect((await read(pngOf(text(keyword, base64(V2))))).format).toBe('V2 PNG');
    }
    expect((await read(pngOf(text('CCv3', base64(V3))))).format).toBe('V3 PNG');
  });

  test('ccv3 is preferred', async () => {
    const file = await read(
      pngOf(text('ccv3', base64(V3)), text('chara', base64({ ...V2, data: { ...V2_DATA, name: 'Old' } }))),
    );
    expect(file.card.data['name']).toBe('Ada');
  });

  test('a broken ccv3 gives way to chara, with a warning', async () => {
    const file = await read(pngOf(text('ccv3', '!!!'), text('chara', base64(V2))));
    expect(file.format).toBe('V2 PNG');
    expect(codes(file)).toEqual(['v3-broken']);
  });

  test('zTXt and iTXt are tolerated', async () => {
    const packed = deflateSync(Buffer.from(base64(V2)));
    const zTXt = chunk('zTXt', Buffer.concat([Buffer.from('chara\0\0'), packed]));
    const iTXt = chunk('iTXt', Buffer.concat([Buffer.from('chara\0\u0001\0en\0chara\0'), packed]));
    const plain = chunk('iTXt', Buffer.from(`chara\0\0\0\0\0${base64(V2)}`));
    for (const odd of [zTXt, iTXt, plain]) expect((await read(pngOf(odd))).card.data['name']).toBe('Ada');
  });

  test('an animated PNG stays animated', async () => {
    const file = await read(apngOf(text('chara', base64(V2))));
    expect(file.format).toBe('V2 APNG');
    expect(Buffer.from(file.picture!)).toEqual(apngOf());
    const written = await write(apngOf(text('chara', base64(V2))), 'v3-png');
    expect(readChunks(written).chunks.map(({ type }) => type)).toContain('acTL');
  });

  test('JSON without its base64 is read', async () => {
    expect((await read(pngOf(text('chara', JSON.stringify({ name: 'Ada', first_mes: 'Hi' }))))).card.data['name']).toBe(
      'Ada',
    );
  });

  test('the picture is kept without the card', async () => {
    const file = await read(pngOf(text('Comment', 'mine'), text('chara', base64(V2)), text('ccv3', base64(V3))));
    expect(Buffer.from(file.picture!)).toEqual(pngOf(text('Comment', 'mine')));
  });

  test('on write both old chunks are removed, the new ones lie before IEND, and every checksum fits', async () => {
    const written = await write(
      pngOf(text('CHARA', base64(V1)), text('ccv3', base64(V3)), text('Comment', 'mine')),
      'v3-png',
    );
    const { chunks, cutOff } = readChunks(written);
    expect(cutOff).toBe(false);
    expect(chunks.every(({ intact }) => intact)).toBe(true);
    expect(
      chunks.map(({ type, content }) => (type === 'tEXt' ? content.toString('latin1', 0, content.indexOf(0)) : type)),
    ).toEqual(['IHDR', 'IDAT', 'Comment', 'chara', 'ccv3', 'IEND']);
    const [last] = chunks.slice(-1);
    expect(last!.whole.readUInt32BE(8)).toBe(crc32(Buffer.from('IEND')));
  });

  test('a V2 backfill strips decorators and warns in creator_notes, the V3 card does neither', async () => {
    const written = await write(pngOf(text('ccv3', base64(V3))), 'v3-png');
    const backfill = cardOf(written, 'chara')['data'] as typeof V3_DATA;
    const whole = cardOf(written, 'ccv3')['data'] as typeof V3_DATA;
    expect(backfill.character_book.entries[0]!.content).toBe('Stars are far.');
    expect(backfill.creator_notes).toMatch(/^\[This is a V2 copy/);
    expect(backfill.creator_notes).toContain(V2_DATA.creator_notes);
    expect(whole.character_book).toEqual(BOOK);
    expect(whole.creator_notes).toBe(V2_DATA.creator_notes);
    expect(cardOf(written, 'chara')).toMatchObject({ spec: 'chara_card_v2', spec_version: '2.0' });
  });

  test('a backfill with nothing to strip warns of nothing', async () => {
    const { character_book: _book, ...data } = V3_DATA;
    const written = await write(pngOf(text('ccv3', base64({ ...V3, data }))), 'v3-png');
    expect(cardOf(written, 'chara')['data']).toMatchObject({ creator_notes: V2_DATA.creator_notes });
  });

  test('legacy assets are found in chara-ext-asset_ chunks, with and without the colon', async () => {
    const assets = [
      { type: 'emotion', uri: '__asset:0', name: 'joy', ext: 'png' },
      { type: 'emotion', uri: '__asset:Deep/1', name: 'fear', ext: 'png' },
    ];
    const file = await read(
      pngOf(
        text('chara-ext-asset_:0', base64('joy!')),
        text('chara-ext-asset_Deep/1', base64('fear!')),
        text('chara-ext-asset_:2', base64('of an extension')),
        text('ccv3', base64({ ...V3, data: { ...V3_DATA, assets } })),
      ),
    );
    expect(
      await Promise.all(
        file.assets.map(async ({ name, uri, read: bytes }) => [name, uri, Buffer.from(await bytes()).toString()]),
      ),
    ).toEqual([
      ['joy', 'embeded://assets/emotion/images/joy.png', 'joy!'],
      ['fear', 'embeded://assets/emotion/images/fear.png', 'fear!'],
    ]);
    expect(file.containerFiles.map(({ path }) => path)).toEqual(['__asset:2']);
    expect(Buffer.from(file.picture!)).toEqual(pngOf());
  });

  test.each([
    ['\n@@depth 3\n@@@role user\n\nText @@not', 'Text @@not'],
    ['@@activate', ''],
    ['Text\n@@depth 3', 'Text\n@@depth 3'],
    ['@mention', '@mention'],
  ])('the decorators of %j leave %j', (content, plain) => {
    expect(stripDecorators(content)).toBe(plain);
  });
});

describe('§2 CHARX', () => {
  test('card.json, embeded:// paths and other files are read', async () => {
    const file = await read(await charxSeed());
    expect(file).toMatchObject({ format: 'V3 CHARX', warnings: [{ code: 'asset-linked', detail: 'main' }] });
    expect(file.assets.map(({ type, name, uri }) => [type, name, uri])).toEqual([
      ['icon', 'main', 'embeded://assets/icon/image/main.png'],
      ['emotion', 'joy', 'embeded://assets/emotion/images/joy.png'],
      ['x_voice', 'hello', 'embeded://assets/x_voice/audio/hello.mp3'],
      ['x-risu-asset', '数据', 'embeded://assets/other/other/data.bin'],
    ]);
    expect(file.containerFiles.map(({ path }) => path).toSorted()).toEqual(['module.risum', 'x_meta/main.json']);
  });

  test('the icon named main is the portrait', async () => {
    const { picture } = await read(await charxSeed());
    expect(Buffer.from(picture!)).toEqual(pngOf(text('Comment', 'portrait')));
  });

  test.each(['embedded://a/b.png', '__asset:a/b.png', 'embeded://a/b.png'])('the address %s is found', async (uri) => {
    const zip = await zipOf({
      'card.json': JSON.stringify({
        ...V3,
        data: { ...V3_DATA, assets: [{ type: 'emotion', uri, name: 'x', ext: 'png' }] },
      }),
      'a/b.png': 'bytes',
    });
    const file = await read(zip);
    expect(Buffer.from(await file.assets[0]!.read()).toString()).toBe('bytes');
  });

  test('paths are case-sensitive', async () => {
    const assets = [{ type: 'emotion', uri: 'embeded://A/b.png', name: 'x', ext: 'png' }];
    const file = await read(
      await zipOf({ 'card.json': JSON.stringify({ ...V3, data: { ...V3_DATA, assets } }), 'a/b.png': 'bytes' }),
    );
    expect(file.assets).toEqual([]);
    expect(codes(file)).toEqual(['asset-missing']);
  });

  test.each([
    ['a JPEG', JPEG],
    ['a PNG', pngOf()],
    ['words with a false PK\u0003\u0004 in them', Buffer.from('any prefix PK\u0003\u0004 at all')],
  ])('the zip may follow %s', async (_what, prefix) => {
    const file = await read(await charxSeed({ prefix }));
    expect(file.format).toBe('V3 CHARX');
    expect(Buffer.from(await file.assets[1]!.read())).toEqual(pngOf(text('Comment', 'joy')));
  });

  test('a JPEG before the zip is the portrait where the card has no icon', async () => {
    const zip = await zipOf({ 'card.json': JSON.stringify(V3) });
    const { picture } = await read(Buffer.concat([JPEG, zip]));
    expect(Buffer.from(picture!)).toEqual(JPEG);
  });

  test('is written with its files where they were, new ones in the layout of the specification', async () => {
    const again = await read(await write(await charxSeed(), 'charx'));
    const before = await read(await charxSeed());
    expect(again.assets.map(({ uri }) => uri)).toEqual(before.assets.map(({ uri }) => uri));
    expect(again.containerFiles.map(({ path }) => path).toSorted()).toEqual(['module.risum', 'x_meta/main.json']);
    const fromPng = await read(await write(pngOf(text('ccv3', base64(V3))), 'charx'));
    expect(fromPng.card.data['assets']).toEqual([
      { type: 'icon', uri: 'embeded://assets/icon/images/main.png', name: 'main', ext: 'png' },
    ]);
    expect(Buffer.from(fromPng.picture!)).toEqual(pngOf());
  });
});

describe('§2 asset types', () => {
  test('absent assets mean the picture itself, and ccdefault: needs no file', async () => {
    const assets = [{ type: 'icon', uri: 'ccdefault:', name: 'main', ext: 'png' }];
    const file = await read(pngOf(text('ccv3', base64({ ...V3, data: { ...V3_DATA, assets } }))));
    expect(file).toMatchObject({ assets: [], warnings: [] });
    expect(file.card.data['assets']).toEqual(assets);
    const written = cardOf(
      await write(pngOf(text('ccv3', base64({ ...V3, data: { ...V3_DATA, assets } }))), 'v3-png'),
      'ccv3',
    );
    expect(written['data']).toMatchObject({ assets });
  });

  test('data: addresses become files, and go out as data: again', async () => {
    const assets = [{ type: 'emotion', uri: `data:image/webp;base64,${base64('webp!')}`, name: 'joy', ext: '' }];
    const source = json({ ...V3, data: { ...V3_DATA, assets } });
    const file = await read(source);
    expect(file.assets[0]).toMatchObject({ ext: 'webp', uri: 'embeded://assets/emotion/images/joy.webp' });
    const written = JSON.parse((await write(source, 'v3-json')).toString()) as { data: { assets: unknown } };
    expect(written.data.assets).toEqual(assets);
  });

  test('https: addresses stay addresses; nothing is fetched and the reader is told', async () => {
    const assets = [{ type: 'background', uri: 'https://example.org/a.png', name: 'sea', ext: 'png' }];
    const file = await read(json({ ...V3, data: { ...V3_DATA, assets } }));
    expect(file.assets).toEqual([]);
    expect(file.warnings).toEqual([{ code: 'asset-linked', detail: 'sea' }]);
  });

  test('ext is lower case without a dot, or unknown', async () => {
    const uri = `data:application/x-thing;base64,${base64('x')}`;
    const assets = ['.PNG', 'WebP', '', '../../x'].map((ext) => ({ type: 'other', uri, name: 'a', ext }));
    const file = await read(json({ ...V3, data: { ...V3_DATA, assets } }));
    expect(file.assets.map(({ ext }) => ext)).toEqual(['png', 'webp', 'unknown', 'unknown']);
  });

  test('WEBP and JPEG cards are outside the specifications', async () => {
    await expect(read(JPEG)).rejects.toMatchObject({ code: 'card-missing' });
    await expect(read(Buffer.from('RIFF\0\0\0\0WEBPVP8 '))).rejects.toMatchObject({ code: 'card-missing' });
  });
});

describe('losses', () => {
  test('are said before the export, for each kind of file', async () => {
    const source = await sourceOfFile(await read(await charxSeed()));
    const losses = (format: ExportFormat) => describeLosses(source, format, { converted: false });
    expect(losses('charx')).toEqual([]);
    expect(losses('v3-png')).toEqual([{ code: 'container-files', kind: 'lost', count: 2 }]);
    expect(losses('v2-png')).toEqual([
      { code: 'assets', kind: 'lost', count: 3 },
      { code: 'decorators', kind: 'lost', count: 1 },
      { code: 'nickname', kind: 'unread', count: 1 },
      { code: 'group-greetings', kind: 'unread', count: 1 },
      { code: 'multilingual-notes', kind: 'unread', count: 2 },
      { code: 'source', kind: 'unread', count: 1 },
      { code: 'regex-keys', kind: 'unread', count: 1 },
      { code: 'container-files', kind: 'lost', count: 2 },
    ]);
    expect(losses('v2-json')).toContainEqual({ code: 'picture', kind: 'lost', count: 1 });
  });

  test('of a picture that is no PNG are said, converted or not', async () => {
    const source = { ...(await sourceOfFile(await read(json(V1)))), picture: { mediaType: 'image/jpeg', hash: 'x' } };
    const losses = (converted: boolean) => describeLosses(source, 'v2-png', { converted });
    expect(losses(true)).toEqual([{ code: 'picture-converted', kind: 'changed', count: 1 }]);
    expect(losses(false)).toEqual([{ code: 'picture-replaced', kind: 'changed', count: 1 }]);
  });

  test('of an old plain card are none in any form that holds its picture', async () => {
    const source = await sourceOfFile(await read(pngOf(text('chara', base64(V1)))));
    for (const format of ['v2-png', 'v3-png', 'charx', 'v3-json'] as const) {
      expect(describeLosses(source, format, { converted: false })).toEqual([]);
    }
  });
});
