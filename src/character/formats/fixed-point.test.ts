import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exportFormatSchema, type ExportFormat } from '../../../contract/cards.ts';
import { base64, cardSeeds, JPEG, pngOf, text, V1, V2, V3 } from '../../../tests/support/card-seeds.ts';
import type { CardSource } from './card-source.ts';
import { readCardFile } from './read-card-file.ts';
import { sourceOfFile } from './source-of-file.ts';
import { writeCardFile } from './write-card-file.ts';

const NOW = 1_800_000_000_000;
const FORMATS = exportFormatSchema.options;

const read = async (bytes: Buffer, name = 'card') => sourceOfFile(await readCardFile(bytes, name));

async function write(source: CardSource, format: ExportFormat): Promise<Buffer> {
  const { body } = await writeCardFile(source, { format, now: NOW });
  return body instanceof Readable ? buffer(body) : body;
}

/** All of a character that can be compared. */
function contentOf({ card, picture, files }: CardSource) {
  return {
    card,
    picture: picture && [picture.mediaType, picture.hash],
    files: files.map(({ read: _read, ...file }) => file).toSorted((a, b) => (a.uri < b.uri ? -1 : 1)),
  };
}

const withoutDate = (data: Record<string, unknown>) => {
  const { modification_date: _date, ...rest } = data;
  return rest;
};

describe('import → export → import is a fixed point', () => {
  test.each(FORMATS)('for every seed as %s', async (format) => {
    for (const [name, bytes] of Object.entries(await cardSeeds())) {
      const first = await read(await write(await read(bytes, name), format));
      const second = await read(await write(first, format));
      expect(contentOf(second), `${name} as ${format}`).toEqual(contentOf(first));
    }
  });

  test.each(['v3-png', 'charx', 'v3-json'] as const)('with nothing of the card lost as %s', async (format) => {
    for (const [name, bytes] of Object.entries(await cardSeeds())) {
      const before = await read(bytes, name);
      const after = await read(await write(before, format));
      const { assets: assetsBefore, ...dataBefore } = withoutDate(before.card.data);
      const { assets: assetsAfter, ...dataAfter } = withoutDate(after.card.data);
      expect(dataAfter, `${name} as ${format}`).toMatchObject(dataBefore);
      expect(after.picture?.hash, `${name} as ${format}`).toBe(before.picture?.hash);
      const entries = (list: unknown) =>
        ((list ?? []) as Record<string, unknown>[])
          .filter(({ type }) => type !== 'icon')
          .map(({ uri: _uri, ...entry }) => entry);
      expect(entries(assetsAfter), `${name} as ${format}`).toEqual(entries(assetsBefore));
    }
  });

  const text = fc.string({ unit: 'binary', maxLength: 60 });
  const json = fc.jsonValue({ maxDepth: 3 });
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const data = fc
    .record({
      name: text.map((name) => `A${name}`),
      description: optional(text),
      first_mes: optional(fc.oneof(text, fc.constant(null))),
      creator_notes: optional(text),
      alternate_greetings: optional(fc.array(text, { maxLength: 3 })),
      tags: optional(fc.array(text, { maxLength: 3 })),
      nickname: optional(text),
      extensions: optional(fc.dictionary(fc.string(), json)),
      character_book: optional(
        fc.record({ entries: fc.array(fc.record({ keys: fc.array(text), content: text })), x: json }),
      ),
      assets: optional(
        fc.array(
          fc.record({
            type: fc.constantFrom('icon', 'emotion', 'background', 'x_a', 'user_icon'),
            uri: fc.constantFrom(
              'ccdefault:',
              'https://e.example/a.png',
              'data:image/png;base64,aGVsbG8=',
              'embeded://nowhere',
              '',
            ),
            name: fc.constantFrom('main', 'joy', '喜', ''),
            ext: fc.constantFrom('png', 'PNG', '.webp', ''),
          }),
          { maxLength: 4 },
        ),
      ),
      odd: json,
    })
    .map((record) => JSON.parse(JSON.stringify(record)) as Record<string, unknown>);

  test.each(FORMATS)('for any card as %s', async (format) => {
    await fc.assert(
      fc.asyncProperty(data, fc.constantFrom('chara_card_v2', 'chara_card_v3'), async (fields, spec) => {
        const seed = Buffer.from(
          JSON.stringify({ spec, spec_version: spec.endsWith('3') ? '3.0' : '2.0', data: fields, top: 1 }),
        );
        const first = await read(await write(await read(seed), format));
        const second = await read(await write(first, format));
        expect(contentOf(second)).toEqual(contentOf(first));
      }),
      { numRuns: process.env['EVERWITH_FULL'] === '1' ? 1000 : 60 },
    );
  });
});

describe('an import that nobody touched', () => {
  test('goes out as the same V2 JSON but for what the specification adds', async () => {
    const plain = {
      ...V2,
      own: 1,
      data: { ...V2.data, character_book: { entries: [{ keys: ['a'], content: 'b', extensions: {} }] } },
    };
    expect(JSON.parse((await write(await read(Buffer.from(JSON.stringify(plain))), 'v2-json')).toString())).toEqual(
      plain,
    );
  });

  test('goes out as the same V3 JSON but for the date of its writing', async () => {
    const written = JSON.parse(
      (await write(await read(Buffer.from(JSON.stringify(V3))), 'v3-json')).toString(),
    ) as typeof V3;
    expect(written).toEqual({ ...V3, data: { ...V3.data, modification_date: NOW / 1000 } });
  });

  test('goes out in V2 with every letter, also those no page shows', async () => {
    const odd = { ...V2, data: { ...V2.data, character_book: undefined, creator_notes: 'a\r\nb\u0000\ud83d\u2028' } };
    const written = JSON.parse(
      (await write(await read(Buffer.from(JSON.stringify(odd))), 'v2-json')).toString(),
    ) as typeof V2;
    expect(written.data.creator_notes).toBe('a\r\nb\u0000\ud83d\u2028');
  });

  test('keeps the date of writing where it was withheld', async () => {
    const withheld = Buffer.from(JSON.stringify({ ...V3, data: { ...V3.data, modification_date: 0 } }));
    const written = JSON.parse((await write(await read(withheld), 'v3-json')).toString()) as typeof V3;
    expect(written.data.modification_date).toBe(0);
  });

  test('as a V1 card becomes a whole V2 card', async () => {
    const written = JSON.parse(
      (await write(await read(Buffer.from(JSON.stringify(V1))), 'v2-json')).toString(),
    ) as typeof V2;
    expect(written).toMatchObject({
      spec: 'chara_card_v2',
      spec_version: '2.0',
      data: { ...V1, tags: [], extensions: {} },
    });
  });
});

describe('pictures', () => {
  const jpegSource = async (): Promise<CardSource> => ({
    ...(await read(Buffer.from(JSON.stringify(V3)))),
    picture: { bytes: JPEG, mediaType: 'image/jpeg', hash: 'j' },
  });

  test('that are no PNG travel inside a V3 PNG, and come back', async () => {
    const card = await read(await write(await jpegSource(), 'v3-png'));
    expect(card.picture?.mediaType).toBe('image/jpeg');
    expect(Buffer.from(card.picture!.bytes)).toEqual(JPEG);
  });

  test('that a browser converted are the card of a V2 PNG', async () => {
    const converted = pngOf(text('Comment', 'converted'), text('ccv3', base64(V1)));
    const { body } = await writeCardFile(await jpegSource(), { format: 'v2-png', now: NOW, pngPicture: converted });
    const card = await readCardFile(body as Buffer, 'x');
    expect(Buffer.from(card.picture!)).toEqual(pngOf(text('Comment', 'converted')));
    expect(card.card.data['nickname']).toBe(V3.data.nickname);
  });

  test('that are missing are stood in for, and stay missing', async () => {
    const bare = await read(Buffer.from(JSON.stringify(V2)));
    for (const format of ['v2-png', 'v3-png'] as const) {
      const written = await write(bare, format);
      expect(written.length).toBeGreaterThan(1000);
      expect((await read(written)).picture).toBeNull();
    }
  });

  test('around a card whose icon is another one are kept beside it', async () => {
    const icon = {
      type: 'icon',
      name: 'main',
      ext: 'png',
      uri: `data:image/png;base64,${pngOf(text('Comment', 'icon')).toString('base64')}`,
    };
    const card = { ...V3, data: { ...V3.data, assets: [icon] } };
    const file = await readCardFile(pngOf(text('Comment', 'around'), text('ccv3', base64(card))), 'x');
    expect(Buffer.from(file.picture!)).toEqual(pngOf(text('Comment', 'icon')));
    const [carrier] = file.containerFiles;
    expect(Buffer.from(await carrier!.read())).toEqual(pngOf(text('Comment', 'around')));
  });
});
