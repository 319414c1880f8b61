import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../base/errors.ts';
import { localizeCard } from './card.ts';
import { MAX_CARD_BYTES, readCard } from './read-card.ts';

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const data = { name: 'Ada', description: 'Counts.', first_mes: 'Good day.', alternate_greetings: ['Again?'] };
const v2 = { spec: 'chara_card_v2', spec_version: '2.0', data };

function chunk(type: string, content: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(content.length);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, tail]);
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function png(texts: Record<string, string>): Buffer {
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0]);
  const parts = Object.entries(texts).map(([key, value]) => chunk('tEXt', Buffer.from(`${key}\0${value}`, 'latin1')));
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), ...parts, chunk('IEND', Buffer.alloc(0))]);
}

const base64 = (value: unknown) => bytes(value).toString('base64');

function refusal(file: Uint8Array): AppError {
  try {
    readCard(file, 'card.json');
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('The card was read.');
}

describe('cards', () => {
  test.each([
    ['V1 JSON', bytes({ name: 'Ada', description: 'Counts.', first_mes: 'Good day.' })],
    ['V2 JSON', bytes(v2)],
    ['V2 JSON', bytes(`\ufeff${JSON.stringify(v2)}`)],
    ['V3 JSON', bytes({ spec: 'chara_card_v3', spec_version: '3.0', data })],
    ['V2 PNG', png({ chara: base64(v2) })],
    ['V2 PNG', png({ Chara: base64(`\ufeff${JSON.stringify(v2)}`) })],
    ['V3 PNG', png({ chara: base64(v2), ccv3: base64({ spec: 'chara_card_v3', spec_version: '3.0', data }) })],
    ['V1 PNG', png({ chara: base64(data) })],
  ])('%s is read', (format, file) => {
    const read = readCard(file, 'ada');
    expect(read).toMatchObject({ format, warnings: [] });
    expect(read.card.data).toMatchObject({ name: 'Ada', description: 'Counts.', first_mes: 'Good day.' });
    expect(read.picture === null).toBe(format.endsWith('JSON'));
  });

  test('what is not known is kept as it came', () => {
    const odd = {
      ...v2,
      extra: { deep: [1, null, { a: '🙂' }] },
      data: { ...data, depth_prompt: { depth: 4 }, x: false },
    };
    const { card } = readCard(bytes(odd), 'ada');
    expect(card).toMatchObject({ extra: odd.extra, data: { depth_prompt: { depth: 4 }, x: false } });
  });

  test('missing and null fields become empty, another spec and a newer version are said', () => {
    const { card, warnings } = readCard(
      bytes({ spec: 'chara_card_v9', spec_version: '9.1', data: { name: 'Ada', description: null, tags: null } }),
      'ada',
    );
    expect(card.data).toMatchObject({ description: '', tags: [], first_mes: '', alternate_greetings: [] });
    expect(warnings).toHaveLength(2);
  });

  test('control characters and half pairs leave every text that is shown', () => {
    const dirty = 'a\u0000b\ud83dc';
    const { card } = readCard(
      bytes({
        spec: 'chara_card_v3',
        spec_version: '3.0',
        data: {
          name: dirty,
          nickname: dirty,
          first_mes: dirty,
          alternate_greetings: [dirty],
          tags: [dirty],
          extensions: {
            everwith: {
              originalLocale: 'en',
              tagline: dirty,
              locales: { 'zh-CN': { name: dirty, first_mes: dirty, alternate_greetings: [dirty], tags: [dirty] } },
            },
          },
        },
      }),
      'ada',
    );
    for (const locale of ['en', 'zh-CN'] as const) {
      const text = localizeCard(card, locale);
      expect(JSON.stringify(text)).not.toMatch(/\\u0000|\\ud83d/);
      expect(text).toMatchObject({ name: 'ab\ufffdc', greetings: ['ab\ufffdc', 'ab\ufffdc'], tags: ['ab\ufffdc'] });
    }
  });

  test.each([
    ['card-empty', Buffer.alloc(0)],
    ['card-not-json', bytes('{"name":')],
    ['card-not-json', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
    ['card-unknown', bytes([])],
    ['card-unknown', bytes('null')],
    ['card-unknown', bytes({ title: 'x' })],
    ['card-nameless', bytes({ ...v2, data: {} })],
    ['card-nameless', bytes({ ...v2, data: { name: ' \u0000 ' } })],
    ['card-nameless', bytes({ ...v2, data: { name: { first: 7 } } })],
    ['card-damaged', bytes({ ...v2, data: { ...data, name: 'x'.repeat(501) } })],
    ['card-damaged', bytes({ ...v2, data: { ...data, description: 'x'.repeat(1_000_001) } })],
    ['card-damaged', bytes({ ...v2, data: { ...data, alternate_greetings: Array.from({ length: 1001 }, () => 'x') } })],
    ['card-missing', png({})],
    ['card-missing', png({ Comment: 'hello' })],
    ['card-not-json', png({ chara: 'not base64 at all' })],
    [
      'card-damaged',
      Buffer.concat([SIGNATURE, Buffer.from([0xff, 0xff, 0xff, 0xff]), Buffer.from('tEXtchara\0xxxxxxxx')]),
    ],
    ['card-too-large', Buffer.alloc(MAX_CARD_BYTES + 1)],
    ['card-too-deep', bytes(`{"name":"x","a":${'['.repeat(100)}${']'.repeat(100)}}`)],
    ['card-too-deep', bytes(`{"name":"x","a":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`)],
  ])('%s is said of a bad file', (code, file) => {
    const error = refusal(file);
    expect(error).toMatchObject({ code, field: 'data' });
    expect(error.message).toMatch(/card\.json|The picture/);
  });

  test('a key that would reach every object reaches none', () => {
    const { card } = readCard(
      bytes('{"spec":"chara_card_v2","data":{"name":"x","__proto__":{"polluted":1},"constructor":{"a":1}}}'),
      'x',
    );
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect((card.data as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(card.data)).toBe(Object.prototype);
  });
});

describe('any file', () => {
  const isDecision = (file: Uint8Array) => {
    try {
      const { card } = readCard(file, 'file');
      for (const locale of ['en', 'zh-CN'] as const) expect(localizeCard(card, locale).name).not.toBe('');
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  };

  test('of random bytes is read or refused', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), isDecision));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (tail) => isDecision(Buffer.concat([SIGNATURE, tail]))));
  });

  test('of random JSON is read or refused', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), (json) => isDecision(bytes(json))));
    const field = fc.oneof(fc.string({ unit: 'binary' }), fc.constant(null), fc.array(fc.string()), fc.jsonValue());
    const keys = ['name', 'nickname', 'first_mes', 'alternate_greetings', 'tags', 'extensions', 'creator'];
    const anyData = fc.record(Object.fromEntries(keys.map((key) => [key, field])), { requiredKeys: [] });
    fc.assert(
      fc.property(anyData, fc.jsonValue(), (fields, everwith) =>
        isDecision(
          bytes({ spec: 'chara_card_v3', spec_version: '3.0', data: { ...fields, extensions: { everwith } } }),
        ),
      ),
      { numRuns: 300 },
    );
  });

  test('of a good card with some bytes changed or cut is read or refused', () => {
    const whole = png({ chara: base64(v2), ccv3: base64({ spec: 'chara_card_v3', spec_version: '3.0', data }) });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), { maxLength: 6 }),
        fc.nat({ max: whole.length }),
        (changes, length) => {
          const file = Buffer.from(whole.subarray(0, length));
          for (const [at, value] of changes) if (at < file.length) file[at] = value;
          isDecision(file);
        },
      ),
      { numRuns: 500 },
    );
  });
});
