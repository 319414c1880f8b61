import { crc32, deflateRawSync, deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  apngOf,
  base64,
  charxSeed,
  chunk,
  pngOf,
  SIGNATURE,
  text,
  V1,
  V2,
  V3,
  V3_DATA,
  zipOf,
} from '../../../tests/support/card-seeds.ts';
import { AppError } from '../../base/errors.ts';
import { readCardFile } from './read-card-file.ts';

const json = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const read = (bytes: Uint8Array, name = 'card.json') => readCardFile(bytes, name);

async function refusal(bytes: Uint8Array, name?: string): Promise<AppError> {
  try {
    await read(bytes, name);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('The card was read.');
}

/** A zip made by hand, with everything a writer would refuse. */
function rawZip(
  files: readonly { path: string; content?: Buffer; flags?: number; declared?: number; method?: number }[],
): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { path, content = Buffer.from('x'), flags = 0, declared, method = 8 } of files) {
    const name = Buffer.from(path, 'latin1');
    const packed = method === 8 ? deflateRawSync(content, { level: 9 }) : content;
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(crc32(content), 0);
    sizes.writeUInt32LE(packed.length, 4);
    sizes.writeUInt32LE(declared ?? content.length, 8);
    const head = Buffer.alloc(10);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(flags, 2);
    head.writeUInt16LE(method, 4);
    const lengths = Buffer.alloc(4);
    lengths.writeUInt16LE(name.length, 0);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), head, sizes, lengths, name, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    central.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), head, sizes, lengths, place, name]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

const card = { path: 'card.json', content: json(V3) };

describe('a bad file is refused by name', () => {
  test.each([
    ['card-empty', Buffer.alloc(0)],
    ['card-not-json', json('{"name":')],
    ['card-not-json', Buffer.from('MZ\u0000\u0001')],
    ['card-missing', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
    ['card-unknown', json([])],
    ['card-unknown', json('null')],
    ['card-unknown', json('7')],
    ['card-unknown', json({ title: 'x' })],
    ['card-unknown', json({ name: 'a package', version: '1.0.0' })],
    ['card-nameless', json({ ...V2, data: {} })],
    ['card-nameless', json({ ...V2, data: { name: ' \u0000 ' } })],
    ['card-nameless', json({ ...V2, data: { name: { first: 7 } } })],
    ['card-damaged', json({ ...V2, data: { ...V1, name: 'x'.repeat(501) } })],
    ['card-damaged', json({ ...V2, data: { ...V1, description: 'x'.repeat(10_000_000) } })],
    ['card-damaged', json({ ...V2, data: { ...V1, alternate_greetings: Array.from({ length: 1001 }, () => 'x') } })],
    ['card-missing', pngOf()],
    ['card-missing', pngOf(text('Comment', 'hello'))],
    ['card-not-json', pngOf(text('chara', 'not base64 at all'))],
    ['card-not-json', pngOf(text('chara', '%%%'))],
    [
      'card-damaged',
      Buffer.concat([SIGNATURE, Buffer.from([0xff, 0xff, 0xff, 0xff]), Buffer.from('tEXtchara\0xxxxxxxx')]),
    ],
    ['card-damaged', pngOf(text('Comment', 'x'.repeat(500))).subarray(0, 200)],
    ['card-too-large', Buffer.alloc(256 * 1024 * 1024 + 1)],
    ['card-too-deep', json(`{"name":"x","description":"y","a":${'['.repeat(100)}${']'.repeat(100)}}`)],
    ['card-too-deep', json(`{"name":"x","description":"y","a":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`)],
    ['card-archive', rawZip([card]).subarray(0, -25)],
    ['card-missing', rawZip([{ path: 'folder/card.json', content: json(V3) }])],
    ['card-encrypted', rawZip([{ ...card, flags: 1 }])],
    ['card-archive', rawZip([{ ...card, declared: 10 }])],
    ['card-archive', rawZip([{ ...card, declared: 1_000_000 }])],
    ['card-missing', rawZip([{ ...card, method: 99 }])],
    ['card-too-large', rawZip([card, { path: 'zero', content: Buffer.alloc(20 * 1024 * 1024) }])],
    [
      'card-too-large',
      rawZip([
        card,
        ...Array.from({ length: 7 }, (_, at) => ({ path: `${at}`, method: 0, declared: 1 })),
        { path: 'huge', content: Buffer.alloc(9_000_000), declared: 0xfffffff0 },
      ]),
    ],
    ['card-too-large', rawZip(Array.from({ length: 10_001 }, (_, at) => ({ path: `f${at}`, method: 0 })))],
  ])('%s', async (code, bytes) => {
    const error = await refusal(bytes);
    expect(error).toMatchObject({ code, field: 'data' });
    expect(error.message).toMatch(/card\.json|The picture/);
  });

  test('a YAML bomb', async () => {
    const bomb = Array.from(
      { length: 9 },
      (_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`).join(',')}]`,
    );
    const yaml = ['name: x', 'context: y', 'a0: &a0 [lol,lol,lol]', ...bomb].join('\n');
    expect(await refusal(Buffer.from(yaml), 'x.yaml')).toMatchObject({ code: 'card-not-json' });
  });

  test.each([
    ['nested without end', `name: x\ncontext: y\na: ${'['.repeat(20_000)}`],
    ['nested and closed', `name: x\ncontext: y\na: ${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['of two megabytes', `name: x\ncontext: ${'y'.repeat(2_200_000)}`],
  ])('a YAML %s', async (_what, yaml) => {
    await refusal(Buffer.from(yaml), 'x.yml');
  });

  test('a YAML tag makes nothing but text', async () => {
    const file = await read(Buffer.from('name: !!js/function "function () {}"\ncontext: !<tag:x> y\n'), 'x.yaml');
    expect(file.card.data).toMatchObject({ name: 'function () {}', description: 'y' });
  });

  test('a text chunk that inflates without end', async () => {
    const bomb = deflateSync(Buffer.alloc(120 * 1024 * 1024));
    const error = await refusal(pngOf(chunk('zTXt', Buffer.concat([Buffer.from('chara\0\0'), bomb]))));
    expect(error.code).toBe('card-missing');
  });
});

describe('a strange file is read safely', () => {
  test('a wrong checksum is said, and mended in the picture', async () => {
    const bytes = pngOf(text('Comment', 'x'), text('chara', base64(V2)));
    const at = bytes.indexOf('Comment');
    bytes[at + 9] = 0x79;
    const file = await read(bytes);
    expect(file.warnings).toEqual([{ code: 'checksum', detail: 'tEXt' }]);
    const mended = await read(
      Buffer.concat([file.picture!.subarray(0, -12), text('chara', base64(V2)), file.picture!.subarray(-12)]),
    );
    expect(mended.warnings).toEqual([]);
  });

  test('a picture cut off after its card is read and ends', async () => {
    const whole = pngOf(text('chara', base64(V2)), text('Comment', 'x'.repeat(90)));
    const file = await read(whole.subarray(0, whole.length - 40));
    expect(file.warnings).toEqual([{ code: 'cut-off', detail: '' }]);
    expect(Buffer.from(file.picture!).toString('latin1', file.picture!.length - 8, file.picture!.length - 4)).toBe(
      'IEND',
    );
  });

  test('a PNG without any image keeps its card', async () => {
    const file = await read(Buffer.concat([SIGNATURE, text('chara', base64(V2)), chunk('IEND', Buffer.alloc(0))]));
    expect(file.picture).toBeNull();
    expect(file.warnings).toEqual([{ code: 'picture-damaged', detail: '' }]);
  });

  test('paths that lead outside are left out, whatever they look like', async () => {
    const paths = ['../evil', 'a/../../evil', '/etc/passwd', 'C:\\evil', 'C:/evil', '..\\evil', 'a\u0000b'];
    const file = await read(rawZip([card, ...paths.map((path) => ({ path })), { path: 'good/file' }]));
    expect(file.containerFiles.map(({ path }) => path)).toEqual(['good/file']);
    expect(file.warnings.filter(({ code }) => code === 'file-skipped')).toHaveLength(5);
  });

  test('of two files with one path the first counts', async () => {
    const other = { path: 'card.json', content: json({ ...V3, data: { ...V3_DATA, name: 'Other' } }) };
    const file = await read(rawZip([card, other]));
    expect(file.card.data['name']).toBe('Ada');
    expect(file.warnings).toEqual([{ code: 'file-doubled', detail: 'card.json' }]);
  });

  test('encrypted files are left out of a card that is not', async () => {
    const file = await read(rawZip([card, { path: 'secret.png', flags: 1 }]));
    expect(file.warnings).toEqual([{ code: 'file-skipped', detail: 'secret.png' }]);
  });

  test('a file that lies about its size fails alone', async () => {
    const file = await read(rawZip([card, { path: 'liar.bin', content: Buffer.alloc(500), declared: 3 }]));
    await expect(file.containerFiles[0]!.read()).rejects.toThrow(/bytes|size/);
  });

  test('a key that would reach every object reaches none', async () => {
    const bytes = json(
      '{"spec":"chara_card_v2","data":{"name":"x","__proto__":{"polluted":1},"extensions":{"__proto__":{"a":1}},"constructor":{"a":1}}}',
    );
    const { card: stored, warnings } = await read(bytes);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(JSON.stringify(stored)).not.toContain('__proto__');
    expect(Object.getPrototypeOf(stored.data)).toBe(Object.prototype);
    expect(stored.data['constructor']).toEqual({ a: 1 });
    expect(warnings).toEqual([{ code: 'key-dropped', detail: '__proto__' }]);
  });

  test('letters that are no UTF-8 are marked and said; UTF-16 is read', async () => {
    const broken = Buffer.concat([Buffer.from('{"name":"Ad'), Buffer.from([0xc3]), Buffer.from('a","first_mes":"x"}')]);
    expect(await read(broken)).toMatchObject({
      card: { data: { name: 'Ad\ufffda' } },
      warnings: [{ code: 'text-repaired' }],
    });
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(JSON.stringify(V1), 'utf16le')]);
    expect((await read(wide)).card.data).toEqual(V1);
    expect((await read(Buffer.from(`\ufeff${JSON.stringify(V1)}`))).card.data).toEqual(V1);
  });

  test('numbers too long to keep are said', async () => {
    const bytes = json(
      '{"name":"x","first_mes":"y","extensions":{"id":12345678901234567890, "safe":1234567890123456, "text":"12345678901234567890"}}',
    );
    expect((await read(bytes)).warnings).toEqual([{ code: 'number-rounded', detail: 'id' }]);
  });

  test('fields of other kinds are kept and said', async () => {
    const file = await read(
      json({ ...V2, data: { ...V1, description: { a: 1 }, tags: [null], extensions: 7, assets: 'x' } }),
    );
    expect(file.card.data).toMatchObject({ description: { a: 1 }, tags: [null], extensions: 7, assets: 'x' });
    expect(file.warnings.map(({ detail }) => detail).toSorted()).toEqual([
      'assets',
      'description',
      'extensions',
      'tags',
    ]);
  });

  test('thousands of warnings stay a short list', async () => {
    const assets = Array.from({ length: 5000 }, (_, at) => ({
      type: 'other',
      uri: `embeded://${at}`,
      name: `${at}`,
      ext: 'png',
    }));
    expect((await read(json({ ...V3, data: { ...V3_DATA, assets } }))).warnings).toHaveLength(100);
  });

  test('an animated picture around an archive, and an archive cut in the middle', async () => {
    expect((await read(Buffer.concat([apngOf(), await charxSeed()]))).format).toBe('V3 CHARX');
    const whole = await charxSeed();
    expect((await refusal(whole.subarray(0, whole.length - 30))).code).toMatch(/card-(?:archive|not-json)/);
    expect(await zipOf({ a: 'b' })).not.toEqual(whole);
  });
});
