import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exportFormatSchema } from '../../../contract/cards.ts';
import { base64, cardSeeds, pngOf, text } from '../../../tests/support/card-seeds.ts';
import { processorTimeInMs } from '../../../tests/support/processor-time.ts';
import { AppError } from '../../base/errors.ts';
import { localizeCard, viewCard } from '../card.ts';
import { describeLosses } from './describe-losses.ts';
import { readCardFile } from './read-card-file.ts';
import { sourceOfFile } from './source-of-file.ts';
import { writeCardFile } from './write-card-file.ts';

/** Files of one run: a sample, or enough of them. */
const FILES = process.env['EVERWITH_FULL'] === '1' ? 12_000 : 320;
/** A file this small is read in a few ms; this is a hang. */
const SLOW_MS = 2000;

/** Read or refused with a reason; and what was read can be shown and goes out in every form. */
async function settles(file: Uint8Array, name: string): Promise<void> {
  expect(await processorTimeInMs(() => goesThrough(file, name))).toBeLessThan(SLOW_MS);
}

async function goesThrough(file: Uint8Array, name: string): Promise<void> {
  try {
    const read = await readCardFile(file, name);
    for (const locale of ['en', 'zh-CN'] as const) localizeCard(viewCard(read.card), locale);
    const source = await sourceOfFile(read);
    const format = exportFormatSchema.options[file.length % exportFormatSchema.options.length] ?? 'charx';
    describeLosses(source, format, { converted: false });
    const { body } = await writeCardFile(source, { format, now: 0 });
    const written = body instanceof Readable ? await buffer(body) : body;
    await readCardFile(written, name);
  } catch (error) {
    if (!(error instanceof AppError) || error.message === '') throw error;
  }
}

test('good files with bytes changed, cut, doubled and moved are read or refused', { timeout: 600_000 }, async () => {
  const seeds = Object.entries(await cardSeeds());
  const change = fc.oneof(
    fc.record({
      kind: fc.constant('set' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      value: fc.nat({ max: 255 }),
    }),
    fc.record({
      kind: fc.constant('cut' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      value: fc.nat({ max: 60 }),
    }),
    fc.record({
      kind: fc.constant('double' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      value: fc.nat({ max: 200 }),
    }),
    fc.record({
      kind: fc.constant('end' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      value: fc.constant(0),
    }),
    fc.record({
      kind: fc.constant('number' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      value: fc.constantFrom(0, 1, 0x7fffffff, 0xffffffff),
    }),
  );
  const apply = (file: Buffer, { kind, at, value }: { kind: string; at: number; value: number }): Buffer => {
    const place = Math.floor(at * file.length);
    if (kind === 'end') return file.subarray(0, place);
    if (kind === 'cut') return Buffer.concat([file.subarray(0, place), file.subarray(place + value)]);
    if (kind === 'double') return Buffer.concat([file.subarray(0, place + value), file.subarray(place)]);
    const changed = Buffer.from(file);
    if (kind === 'set' && place < file.length) changed[place] = value;
    if (kind === 'number' && place + 4 <= file.length) changed.writeUInt32LE(value, place);
    return changed;
  };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...seeds),
      fc.array(change, { minLength: 1, maxLength: 6 }),
      ([name, seed], changes) => settles(changes.reduce(apply, seed), name.includes('YAML') ? 'card.yaml' : 'card'),
    ),
    { numRuns: Math.ceil(FILES * 0.6) },
  );
});

test('cards with any values in any place are read or refused', { timeout: 600_000 }, async () => {
  const any = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constant(null),
    fc.array(fc.string()),
    fc.jsonValue({ maxDepth: 4 }),
  );
  const keys = [
    'name',
    'nickname',
    'first_mes',
    'alternate_greetings',
    'tags',
    'extensions',
    'creator',
    'assets',
    'character_book',
    'group_only_greetings',
    'data',
    'spec',
    'spec_version',
    'char_name',
    'char_persona',
    'context',
    'greeting',
    'persona',
    'entries',
  ];
  const fields = fc.record(Object.fromEntries(keys.map((key) => [key, any])), { requiredKeys: [] });
  const framed = fc.record({
    spec: fc.constantFrom('chara_card_v2', 'chara_card_v3', 'x', 7),
    spec_version: any,
    data: fields,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fields, framed),
      fc.boolean(),
      fc.constantFrom('chara', 'ccv3'),
      (value, inPng, keyword) =>
        settles(inPng ? pngOf(text(keyword, base64(value))) : Buffer.from(JSON.stringify(value)), 'card'),
    ),
    { numRuns: Math.ceil(FILES * 0.3) },
  );
});

test('random bytes and random YAML are read or refused', { timeout: 600_000 }, async () => {
  const yaml = fc
    .array(
      fc.constantFrom(
        'name: x',
        'context: y',
        '  - ',
        '&a ',
        '*a',
        '!!t ',
        '{',
        '[',
        '"',
        '|',
        '>',
        ': ',
        '#',
        '---',
        '%YAML 9',
        '\t',
        '<<: *a',
        '? ',
      ),
      { maxLength: 40 },
    )
    .map((lines) => Buffer.from(`name: a\n${lines.join('\n')}`));
  const bytes = fc.uint8Array({ maxLength: 400 }).map((content) => Buffer.from(content));
  const zip = bytes.map((content) =>
    Buffer.concat([Buffer.from('PK\u0003\u0004'), content, Buffer.from('PK\u0005\u0006'), content]),
  );
  const png = bytes.map((content) => Buffer.concat([pngOf().subarray(0, 8), content]));
  await fc.assert(
    fc.asyncProperty(fc.oneof(yaml, bytes, zip, png), (content) => settles(content, 'card.yaml')),
    { numRuns: Math.ceil(FILES * 0.1) },
  );
});
