import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { crc32, deflateSync } from 'node:zlib';
import { ZipFile } from 'yazl';

/** Bytes of one chunk of a PNG. */
export function chunk(type: string, content: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(content.length);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, tail]);
}

export const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const HEADER = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0]);
const PIXEL = deflateSync(Buffer.from([0, 9, 9, 9, 255]));

export const text = (keyword: string, content: string) =>
  chunk('tEXt', Buffer.from(`${keyword}\0${content}`, 'latin1'));
export const base64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');

/** One pixel with the given chunks before its end. */
export function pngOf(...chunks: Buffer[]): Buffer {
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', HEADER),
    chunk('IDAT', PIXEL),
    ...chunks,
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A moving picture of one pixel. */
export function apngOf(...chunks: Buffer[]): Buffer {
  const control = Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', HEADER),
    chunk('acTL', control),
    ...chunks,
    chunk('IDAT', PIXEL),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The smallest JPEG that programs take for one. */
export const JPEG = Buffer.from(
  'ffd8ffe000104a46494600010100000100010000ffdb004300' +
    '08060607060508070707090908 0a0c140d0c0b0b0c1912130f141d1a1f1e1d1a1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432'.replaceAll(
      ' ',
      '',
    ) +
    'ffc0000b080001000101011100ffc4001f0000010501010101010100000000000000000102030405060708090a0bffda0008010100003f00d2cf20ffd9',
  'hex',
);

export type ZipFiles = Record<string, Uint8Array | string>;

export async function zipOf(files: ZipFiles): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, content] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(content), path, { mtime: new Date(2000, 0, 1) });
  }
  zip.end();
  return buffer(zip.outputStream as Readable);
}

export const V1 = {
  name: 'Ada',
  description: 'Counts stars.\r\nAll of them.',
  personality: 'dry',
  scenario: '',
  first_mes: 'Good day, {{user}}.',
  mes_example: '<START>\n{{user}}: Hi\n{{char}}: Ho',
};

export const BOOK = {
  name: 'Sky',
  scan_depth: 3,
  extensions: { st: { a: 1 } },
  odd: 'kept',
  entries: [
    {
      keys: ['star'],
      content: '@@depth 3\n@@@role system\n\nStars are far.',
      enabled: true,
      insertion_order: 1,
      extensions: { probability: 40 },
      use_regex: true,
      id: 'a',
    },
    {
      keys: ['月'],
      content: '月亮很近。',
      enabled: false,
      insertion_order: 2,
      extensions: {},
      use_regex: false,
      own: [1],
    },
  ],
};

export const V2_DATA = {
  ...V1,
  creator_notes: 'Notes “quoted” 🙂',
  system_prompt: '{{original}} Be Ada.',
  post_history_instructions: '',
  alternate_greetings: ['Again?', '再来？'],
  tags: ['maths', '星'],
  creator: 'Somebody',
  character_version: '1.2',
  extensions: {
    talkativeness: '0.5',
    fav: true,
    depth_prompt: { prompt: 'x', depth: 4, role: 'system' },
    own: { deep: [null, { a: 0 }] },
  },
  character_book: BOOK,
  unknown_key: { kept: true },
};
export const V2 = { spec: 'chara_card_v2', spec_version: '2.0', data: V2_DATA };

export const V3_DATA = {
  ...V2_DATA,
  group_only_greetings: ['All of you!'],
  nickname: 'Star Ada',
  creator_notes_multilingual: { en: 'Hi', zh: '你好' },
  source: ['https://example.org/ada'],
  creation_date: 1_700_000_000,
  modification_date: 1_700_000_001,
};
export const V3 = { spec: 'chara_card_v3', spec_version: '3.0', data: V3_DATA };

const embedded = (type: string, folder: string, name: string, ext: string) => ({
  type,
  uri: `embeded://assets/${type}/${folder}/${name}.${ext}`,
  name,
  ext,
});

/** A CHARX with a portrait, an expression, a sound, a linked file and what RisuAI puts beside a card. */
export async function charxSeed({ prefix = Buffer.alloc(0) }: { prefix?: Buffer } = {}): Promise<Buffer> {
  const assets = [
    embedded('icon', 'image', 'main', 'png'),
    embedded('emotion', 'images', 'joy', 'png'),
    embedded('x_voice', 'audio', 'hello', 'mp3'),
    { type: 'background', uri: 'https://example.org/sky.png', name: 'main', ext: 'png' },
    { type: 'x-risu-asset', uri: 'embeded://assets/other/other/data.bin', name: '数据', ext: 'bin' },
  ];
  const zip = await zipOf({
    'card.json': JSON.stringify({ ...V3, data: { ...V3_DATA, assets } }),
    'assets/icon/image/main.png': pngOf(text('Comment', 'portrait')),
    'assets/emotion/images/joy.png': pngOf(text('Comment', 'joy')),
    'assets/x_voice/audio/hello.mp3': Buffer.from('ID3 not really a sound'),
    'assets/other/other/data.bin': Buffer.from([0, 1, 2, 3]),
    'x_meta/main.json': '{"type":"JPEG"}',
    'module.risum': Buffer.from([111, 0, 1, 2]),
  });
  return Buffer.concat([prefix, zip]);
}

/** Every kind of file a character comes in, by a name. */
export async function cardSeeds(): Promise<Record<string, Buffer>> {
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const voice = { type: 'x_voice', uri: '__asset:0', name: 'hi', ext: 'mp3' };
  const joy = { type: 'emotion', uri: `data:image/png;base64,${pngOf().toString('base64')}`, name: 'joy', ext: 'png' };
  return {
    'V1 JSON': json(V1),
    'V2 JSON': json(V2),
    'V3 JSON': json({ ...V3, data: { ...V3_DATA, assets: [joy] } }),
    'ST JSON': json({
      ...V2,
      ...V1,
      creatorcomment: 'x',
      talkativeness: 0.5,
      fav: false,
      create_date: 'now',
      chat: 'Ada - 1',
    }),
    'V1 PNG': pngOf(text('chara', base64(V1))),
    'V2 PNG': pngOf(text('Chara', base64(V2))),
    'V3 PNG': pngOf(text('chara', base64(V2)), text('ccv3', base64({ ...V3, data: { ...V3_DATA, assets: [joy] } }))),
    'V3 APNG': apngOf(text('ccv3', base64(V3))),
    'legacy PNG': pngOf(
      text('chara-ext-asset_:0', base64('sound')),
      text('chara-ext-asset_1', base64('picture')),
      text('ccv3', base64({ ...V3, data: { ...V3_DATA, assets: [voice] } })),
    ),
    CHARX: await charxSeed(),
    'JPEG CHARX': await charxSeed({ prefix: JPEG }),
    Pygmalion: json({
      char_name: 'Ada',
      char_persona: 'Counts.',
      char_greeting: 'Hi',
      world_scenario: 'Sky',
      example_dialogue: 'x',
      metadata: { version: 1 },
    }),
    'textgen YAML': Buffer.from(
      'name: Ada\ngreeting: |-\n  Hi\n  there\ncontext: |\n  Counts stars.\nyour_name: You\n',
    ),
    'textgen JSON': json({ name: 'Ada', context: 'Counts.', greeting: 'Hi', turn_template: '' }),
    Agnai: json({
      kind: 'character',
      name: 'Ada',
      persona: { kind: 'text', attributes: { text: ['Counts.'] } },
      greeting: 'Hi',
      sampleChat: 'x',
      scenario: '',
      culture: 'en',
    }),
  };
}
