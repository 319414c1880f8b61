import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lorebookBodySchema, type LorebookBody, type LoreMode } from '../../../contract/lore.ts';
import { AppError } from '../../base/errors.ts';
import { readCharacterBook, readLorebook } from './read-lorebook.ts';
import { writeLorebook } from './write-lorebook.ts';

const worldInfo = {
  name: 'Harbour',
  custom: { kept: true },
  entries: {
    7: {
      uid: 7,
      key: ['lantern', '/boats?/i'],
      keysecondary: ['night'],
      comment: 'The lantern',
      content: 'It burns.',
      constant: false,
      vectorized: true,
      selective: true,
      selectiveLogic: 3,
      addMemo: true,
      order: 50,
      position: 4,
      disable: false,
      ignoreBudget: true,
      excludeRecursion: true,
      preventRecursion: true,
      delayUntilRecursion: 2,
      probability: 40,
      useProbability: true,
      depth: 2,
      outletName: 'sea',
      group: 'a, b',
      groupOverride: true,
      groupWeight: 7,
      scanDepth: 5,
      caseSensitive: true,
      matchWholeWords: false,
      useGroupScoring: true,
      automationId: 'auto',
      role: 2,
      sticky: 3,
      cooldown: 4,
      delay: 5,
      triggers: ['swipe'],
      displayIndex: 1,
      matchPersonaDescription: true,
      matchScenario: true,
      characterFilter: { isExclude: true, names: ['Mira'], tags: ['t'] },
      strange: [1, { two: null }],
    },
    8: { uid: 8, key: ['plain'], content: 'Plain.' },
  },
};

test('SillyTavern’s world info: every field under its own name', () => {
  const { body, format, mode, warnings } = readLorebook(worldInfo, 'harbour.json');
  expect({ format, mode, warnings }).toEqual({ format: 'st', mode: 'st', warnings: [] });
  expect(body.entries[0]).toMatchObject({
    uid: '7',
    keys: ['lantern', '/boats?/i'],
    secondaryKeys: ['night'],
    comment: 'The lantern',
    selectiveLogic: 'and-all',
    order: 50,
    position: 'at-depth',
    role: 'assistant',
    ignoreBudget: true,
    excludeRecursion: true,
    preventRecursion: true,
    delayUntilRecursion: 2,
    probability: 40,
    depth: 2,
    outletName: 'sea',
    group: 'a, b',
    groupOverride: true,
    groupWeight: 7,
    scanDepth: 5,
    caseSensitive: true,
    matchWholeWords: false,
    useGroupScoring: true,
    sticky: 3,
    cooldown: 4,
    delay: 5,
    triggers: ['swipe'],
    matchPersonaDescription: true,
    matchCharacterDescription: false,
    matchScenario: true,
    characterFilter: { isExclude: true, names: ['Mira'], tags: ['t'] },
    foreign: { vectorized: true, addMemo: true, automationId: 'auto', displayIndex: 1, strange: [1, { two: null }] },
  });
  expect(body.entries[1]).toMatchObject({
    uid: '8',
    selective: true,
    position: 'before-char',
    enabled: true,
    order: 100,
  });
  expect(writeLorebook(body, 'st')).toMatchObject({ ...worldInfo, entries: { 7: worldInfo.entries[7] } });
});

test('world info goes into a card and back with what the card can carry', () => {
  const { body } = readLorebook(worldInfo, 'harbour.json');
  const book = writeLorebook(body, 'card');
  expect(book).toMatchObject({
    name: 'Harbour',
    custom: { kept: true },
    entries: [
      {
        id: 7,
        keys: ['lantern', '/boats?/i'],
        insertion_order: 50,
        position: 'after_char',
        use_regex: true,
        strange: [1, { two: null }],
        extensions: {
          position: 4,
          selectiveLogic: 3,
          match_whole_words: false,
          vectorized: true,
          automation_id: 'auto',
        },
      },
      { id: 8, extensions: { position: 0 } },
    ],
  });
  expect(readCharacterBook(book)).toEqual(body);
});

test('a card’s plain book is read by the specification', () => {
  const card = {
    spec: 'chara_card_v2',
    data: {
      name: 'Mira',
      character_book: {
        scan_depth: 4,
        token_budget: 300,
        recursive_scanning: true,
        extensions: { chub: { id: 1 } },
        entries: [
          { keys: ['a'], content: 'x', extensions: { agnai: 1 }, insertion_order: 3, secondary_keys: 'b, c', odd: 1 },
        ],
      },
    },
  };
  const { body, format, mode } = readLorebook(card, 'mira.json');
  expect({ format, mode }).toEqual({ format: 'card', mode: 'spec' });
  expect(body).toMatchObject({
    scanDepth: 4,
    tokenBudget: 300,
    recursiveScanning: true,
    foreign: { extensions: { chub: { id: 1 } } },
  });
  expect(body.entries[0]).toMatchObject({
    enabled: true,
    caseSensitive: null,
    position: 'after-char',
    secondaryKeys: ['b', 'c'],
    foreign: { odd: 1, extensions: { agnai: 1 } },
  });
});

test('the mode comes from what the book carries', () => {
  const modeOf = (entry: object) => readLorebook({ spec: 'lorebook_v3', data: { entries: [entry] } }, 'b.json').mode;
  expect(modeOf({ keys: ['a'], content: 'x' })).toBe('spec');
  expect(modeOf({ keys: ['a'], content: 'x', extensions: { position: 4, depth: 2 } })).toBe('st');
  expect(modeOf({ keys: ['a'], content: '@@depth 2\nx', extensions: { position: 4 } })).toBe('spec');
  expect(modeOf({ keys: ['a'], content: '@@activate\nx', extensions: { position: 4 } })).toBe('st');
  expect(readLorebook(worldInfo, 'w.json', 'spec').mode).toBe('spec');
});

test('SillyTavern exports `use_regex: true` on every entry: only keys with slashes are patterns', () => {
  const entry = { keys: ['what?'], content: 'x', use_regex: true, extensions: { selectiveLogic: 0 } };
  const read = (entries: object[]) =>
    readLorebook({ entries }, 'b.json', 'spec').body.entries.map(({ useRegex }) => useRegex);
  expect(read([entry])).toEqual([false]);
  expect(read([{ ...entry, keys: ['/what?/'] }])).toEqual([true]);
  expect(read([{ ...entry, extensions: {} }])).toEqual([true]);
});

test('in mode st a missing `enabled` is disabled, and `case_sensitive` counts in extensions only', () => {
  const entry = { keys: ['a'], content: 'x', case_sensitive: true, extensions: { position: 1 } };
  expect(readCharacterBook({ entries: [entry] }).entries[0]).toMatchObject({ enabled: false, caseSensitive: null });
  const inExtensions = { ...entry, enabled: true, extensions: { position: 1, case_sensitive: true } };
  expect(readCharacterBook({ entries: [inExtensions] }).entries[0]).toMatchObject({
    enabled: true,
    caseSensitive: true,
  });
});

test('Agnai: weight is the order, wildcards match letters, no recursion', () => {
  const file = {
    kind: 'memory',
    name: 'M',
    entries: [{ name: 'n', keywords: ['dra*n', 'cat'], entry: 'text', weight: 4, priority: 9, enabled: true, x: 1 }],
  };
  const { body, format, mode } = readLorebook(file, 'a.json');
  expect({ format, mode, recursive: body.recursiveScanning }).toEqual({
    format: 'agnai',
    mode: 'spec',
    recursive: false,
  });
  expect(body.entries[0]).toMatchObject({
    name: 'n',
    content: 'text',
    keys: [String.raw`/\bdra[^\s]*n\b/i`, 'cat'],
    order: 4,
    priority: 9,
    foreign: { x: 1, keywords: ['dra*n', 'cat'] },
  });
});

test('RisuAI: comma keys, order, always active, chance', () => {
  const data = [
    {
      key: 'a, b',
      secondkey: 'c',
      insertorder: 5,
      comment: 'n',
      content: 'x',
      mode: 'normal',
      alwaysActive: true,
      selective: true,
      activationPercent: 30,
    },
    { key: '/x,y/i', mode: 'folder', content: '', useRegex: true },
  ];
  const { body, format } = readLorebook({ type: 'risu', ver: 1, data }, 'r.json');
  expect(format).toBe('risu');
  expect(body.entries[0]).toMatchObject({
    keys: ['a', 'b'],
    secondaryKeys: ['c'],
    order: 5,
    constant: true,
    selective: true,
    probability: 30,
  });
  expect(body.entries[1]).toMatchObject({
    keys: ['/x,y/i'],
    useRegex: true,
    enabled: false,
    foreign: { mode: 'folder' },
  });
});

test('NovelAI, as JSON and inside a PNG', () => {
  const file = {
    lorebookVersion: 5,
    entries: [
      {
        id: 'e1',
        displayName: 'Inn',
        text: 'warm',
        keys: ['inn'],
        enabled: true,
        contextConfig: { budgetPriority: 400 },
      },
    ],
  };
  const { body, format } = readLorebook(file, 'n.lorebook');
  expect(format).toBe('novelai');
  expect(body.entries[0]).toMatchObject({
    uid: 'e1',
    name: 'Inn',
    content: 'warm',
    keys: ['inn'],
    order: 400,
    priority: 400,
  });
  const png = pngWith('naidata', JSON.stringify(file));
  expect(readLorebook(png, 'n.png').body).toEqual(body);
  expect(() => readLorebook(pngWith('other', '{}'), 'n.png')).toThrow('without a lorebook');
  expect(() => readLorebook(png.subarray(0, 30), 'n.png')).toThrow('cut off');
});

function pngWith(keyword: string, json: string): Uint8Array {
  const content = Buffer.from(`${keyword}\0${Buffer.from(json).toString('base64')}`, 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([
    Buffer.from('\u0089PNG\r\n\u001A\n', 'latin1'),
    length,
    Buffer.from('tEXt'),
    content,
    Buffer.alloc(4),
    Buffer.from('\0\0\0\0IEND\0\0\0\0', 'latin1'),
  ]);
}

test('what is no lorebook says so', () => {
  const read = (text: string) => () => readLorebook(Buffer.from(text), 'x.json');
  expect(read('')).toThrow('“x.json” is empty.');
  expect(read('{')).toThrow('not valid JSON');
  expect(read('[1]')).toThrow('no lorebook of a kind');
  expect(read('{"a":1}')).toThrow('no lorebook of a kind');
  expect(read('{"entries":'.repeat(80) + '1' + '}'.repeat(80))).toThrow('nested too deeply');
  expect(() => readLorebook(new Uint8Array(24 * 1024 * 1024 + 1), 'x.json')).toThrow('larger than 24 MiB');
});

test('damaged entries are left out with a word about it, doubled ids are told apart', () => {
  const { body, warnings } = readLorebook({ entries: [{ keys: ['a'], id: 1 }, 7, { keys: ['b'], id: 1 }] }, 'x.json');
  expect(body.entries.map(({ uid }) => uid)).toEqual(['1', '1-2']);
  expect(warnings).toEqual(['1 of the entries are damaged and were left out.']);
  expect(writeLorebook(body, 'card')).toMatchObject({ entries: [{ id: 1 }, { id: 1 }] });
});

/** Objects that look like entries of some format, with anything in their fields. */
const fields = fc.constantFrom(
  'uid',
  'id',
  'key',
  'keys',
  'keysecondary',
  'secondary_keys',
  'content',
  'position',
  'extensions',
  'use_regex',
  'order',
  'insertion_order',
  'enabled',
  'disable',
  'case_sensitive',
  'priority',
  'comment',
  'name',
  'triggers',
  'selectiveLogic',
  'characterFilter',
  'role',
  'depth',
  'delayUntilRecursion',
  'keywords',
  'entry',
  'text',
  'odd',
);
const values = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    0,
    1,
    4,
    true,
    '/a/',
    '@@depth 1\nx',
    ['a', '/b/'],
    { position: 4, role: 1 },
    { everwith: { mode: 'st' } },
  ),
);
const entries = fc.array(
  fc.oneof({ weight: 9, arbitrary: fc.dictionary(fields, values) }, { weight: 1, arbitrary: values }),
);
const files = fc.oneof(
  fc.jsonValue(),
  fc.record({ entries, name: values, extensions: values, odd: values }, { requiredKeys: ['entries'] }),
  fc.record({ entries: fc.dictionary(fc.oneof(fc.nat().map(String), fc.string()), fc.dictionary(fields, values)) }),
  entries.map((data) => ({ type: 'risu', data })),
  entries.map((entries) => ({ kind: 'memory', entries })),
  entries.map((entries) => ({ lorebookVersion: 5, entries })),
  entries.map((entries) => ({ spec: 'lorebook_v3', data: { entries } })),
);

/** Null when it was refused with a word for people; anything else that is thrown is a fault. */
function readOrRefuse(file: unknown, mode: LoreMode | undefined) {
  try {
    return readLorebook(file, 'f.json', mode);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function rewritten(
  body: LorebookBody,
  format: 'card' | 'lorebook_v3' | 'st',
  mode: LoreMode | undefined,
): LorebookBody {
  const written = writeLorebook(body, format);
  const file = format === 'card' ? { data: { character_book: written } } : written;
  return readLorebook(JSON.parse(JSON.stringify(file)), 'f.json', mode).body;
}

test('any JSON is read or refused, and what was read is a fixed point of writing and reading', () => {
  fc.assert(
    fc.property(files, fc.constantFrom('spec', 'st', undefined), (file, mode) => {
      const read = readOrRefuse(JSON.parse(JSON.stringify(file)), mode);
      if (!read) return;
      expect(lorebookBodySchema.parse(read.body)).toEqual(read.body);
      const format = read.format === 'st' || read.format === 'card' ? read.format : 'lorebook_v3';
      const first = format === read.format ? read.body : rewritten(read.body, format, mode);
      expect(rewritten(first, format, mode)).toEqual(first);
    }),
    { numRuns: process.env['EVERWITH_FULL'] === '1' ? 20_000 : 1000 },
  );
});

test('any bytes are read or refused', () => {
  const whole = [
    pngWith('naidata', '{"lorebookVersion":5,"entries":[{"keys":["a"],"text":"x"}]}'),
    Buffer.from(JSON.stringify(worldInfo)),
  ];
  const broken = fc
    .tuple(fc.constantFrom(...whole), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }), fc.nat(400))
    .map(([file, changes, cut]) => {
      const bytes = Uint8Array.from(file);
      for (const [place, value] of changes) bytes[place % bytes.length] = value;
      return bytes.subarray(0, Math.max(1, bytes.length - (cut > 100 ? 0 : cut)));
    });
  fc.assert(
    fc.property(fc.oneof(broken, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      const read = readOrRefuse(bytes, undefined);
      expect(read === null || Array.isArray(read.body.entries)).toBe(true);
    }),
    { numRuns: process.env['EVERWITH_FULL'] === '1' ? 20_000 : 1000 },
  );
});
