import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseChatDate } from './chat-date.ts';
import { detectChatFile } from './detect-chat-file.ts';
import { collectChats, type ChatFormat, type ImportedChat } from './imported-chat.ts';
import { splitJson } from './json-items.ts';
import { readChatFile } from './read-chat-file.ts';

async function* chunksOf(bytes: Uint8Array, size = 11): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function read(value: unknown, expected: ChatFormat): Promise<ImportedChat[]> {
  const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  expect(detectChatFile(bytes)).toBe(expected);
  const { chats, problems } = await collectChats(
    readChatFile(chunksOf(bytes), { format: expected, fileName: 'chat.json' }),
  );
  expect(problems).toEqual([]);
  return chats;
}

const texts = (chat: ImportedChat | undefined) =>
  chat?.nodes.map(({ author, text, parent }) => `${parent ?? '-'} ${author.kind} ${author.name}: ${text}`);

describe('dates', () => {
  test.each([
    ['milliseconds', 1717599410682, 1717599410682],
    ['milliseconds in a string', '1717599410682', 1717599410682],
    ['seconds', 1717599410.5, 1717599410500],
    ['ISO 8601', '2024-06-05T14:56:50.682Z', Date.UTC(2024, 5, 5, 14, 56, 50, 682)],
    ['words, in local time', 'June 19, 2023 2:20pm', new Date(2023, 5, 19, 14, 20).getTime()],
    ['words at midnight', 'June 19, 2023 12:05am', new Date(2023, 5, 19, 0, 5).getTime()],
    ['a stamp without seconds apart', '2024-7-12@01h31m37s', Date.UTC(2024, 6, 12, 1, 31, 37)],
    ['a stamp with milliseconds', '2024-6-5 @14h 56m 50s 682ms', Date.UTC(2024, 5, 5, 14, 56, 50, 682)],
    ['nonsense', 'yesterday', null],
    ['nothing', undefined, null],
    ['the far future', 9e15, null],
  ])('%s', (_, written, time) => expect(parseChatDate(written)).toBe(time));
});

describe('other programs', () => {
  const msg = (text: string, human: boolean) => ({ text, src: { is_human: human, name: human ? 'Kim' : 'Ada' } });

  test('CAI Tools: every history is a chat, also the second of a dump (SillyTavern’s 2024 importer lost them)', async () => {
    const chats = await read(
      {
        info: { name: 'Ada' },
        histories: { histories: [{ msgs: [msg('Hello', false), msg('Hi', true)] }, { msgs: [msg('Again', false)] }] },
      },
      'cai-tools',
    );
    expect(chats.map(texts)).toEqual([['- character Ada: Hello', '0 human Kim: Hi'], ['- character Ada: Again']]);
    expect(chats[0]).toMatchObject({ characterName: 'Ada', userName: 'Kim' });
  });

  test('Ooba: rows of user and character', async () => {
    const [chat] = await read(
      {
        data: [],
        data_visible: [
          ['', 'Hello'],
          ['Hi &amp; bye', 'Oh'],
        ],
      },
      'ooba',
    );
    expect(texts(chat)).toEqual(['- character : Hello', '0 human : Hi & bye', '1 character : Oh']);
  });

  test('Agnai: a message with a user id is the human’s, retries are siblings', async () => {
    const [chat] = await read(
      {
        name: 'Tea',
        messages: [
          { msg: 'Hello', handle: 'Ada', retries: ['Hey'] },
          { msg: 'Hi', userId: 'u', handle: 'Kim' },
        ],
      },
      'agnai',
    );
    expect(texts(chat)).toEqual(['- character Ada: Hello', '- character Ada: Hey', '0 human Kim: Hi']);
    expect(chat).toMatchObject({ title: 'Tea', characterName: 'Ada', userName: 'Kim' });
  });

  test('Kobold Lite: markers and names change the speaker', async () => {
    const [chat] = await read(
      {
        gamestarted: true,
        prompt: 'Hello',
        actions: ['\n{{[INPUT]}}\nHi\n{{[OUTPUT]}}\n', 'Well.', '\nKim: So?\nAda: So.'],
        savedsettings: { chatname: 'Kim', chatopponent: 'Ada||$||Ben' },
      },
      'kobold',
    );
    expect(texts(chat)).toEqual([
      '- character Ada: Hello',
      '0 human Kim: Hi',
      '1 character Ada: Well.',
      '2 human Kim: So?',
      '3 character Ada: So.',
    ]);
  });

  test('RisuAI: one chat and all chats', async () => {
    const chat = {
      name: 'Tea',
      message: [
        { role: 'char', data: 'Hello', time: 1717599410682 },
        { role: 'user', data: 'Hi' },
      ],
    };
    const [one] = await read({ type: 'risuChat', ver: 2, data: chat }, 'risu');
    expect(texts(one)).toEqual(['- character : Hello', '0 human : Hi']);
    expect(one?.nodes[0]?.createdAt).toBe(1717599410682);
    const all = await read({ type: 'risuAllChats', ver: 1, data: [chat, { ...chat, name: 'Two' }] }, 'risu');
    expect(all.map(({ title }) => title)).toEqual(['Tea', 'Two']);
  });

  test('Chub: JSONL', async () => {
    const [chat] = await read(
      '{"user_name":"Kim","character_name":"Ada"}\n{"name":"Ada","is_user":false,"mes":"B","swipes":[{"message":"A"},{"message":"B"}],"swipe_id":1}',
      'sillytavern',
    );
    expect(texts(chat)).toEqual(['- character Ada: A', '- character Ada: B']);
  });

  test('Open WebUI: a tree by parentId, its path to currentId, thoughts apart', async () => {
    const node = (id: string, parentId: string | null, role: string, content: string) => [
      id,
      { id, parentId, role, content, ...(role === 'assistant' ? { model: 'llama' } : {}) },
    ];
    const messages = Object.fromEntries([
      node('a', null, 'user', 'Hi'),
      node(
        'b',
        'a',
        'assistant',
        '<details type="reasoning" done="true"><summary>Thought</summary>\n> Hm\n</details>\nOne',
      ),
      node('c', 'a', 'assistant', 'Two'),
      node('d', 'b', 'user', 'More'),
    ]);
    const [chat] = await read(
      [{ id: 'x', title: 'T', chat: { models: ['llama'], history: { messages, currentId: 'd' } } }],
      'open-webui',
    );
    expect(texts(chat)).toEqual(['- human : Hi', '0 character llama: One', '1 human : More', '0 character llama: Two']);
    expect(chat?.nodes.map(({ chosen }) => chosen)).toEqual([true, true, true, false]);
    expect(chat?.nodes[1]?.reasoning).toBe('Hm');
    expect(chat).toMatchObject({ identity: 'x', characterName: 'llama' });
  });

  test('ChatGPT: a mapping tree; thoughts go to the answer, empty nodes vanish, tools are hidden', async () => {
    const say = (role: string, content: unknown, more = {}) => ({
      author: { role },
      content,
      create_time: 1717599410,
      ...more,
    });
    const text = (words: string) => ({ content_type: 'text', parts: [words] });
    const mapping = {
      root: { id: 'root', message: null, parent: null, children: ['s'] },
      s: { message: say('system', text('')), parent: 'root' },
      u: { message: say('user', text('Hi')), parent: 's' },
      t: { message: say('assistant', { content_type: 'thoughts', thoughts: [{ content: 'Hm' }] }), parent: 'u' },
      a: { message: say('assistant', text('One')), parent: 't' },
      b: { message: say('assistant', text('Two')), parent: 'u' },
      c: { message: say('assistant', { content_type: 'code', text: 'search()' }, { recipient: 'web' }), parent: 'b' },
    };
    const [chat] = await read([{ title: 'T', create_time: 1, mapping, current_node: 'c', id: 'y' }], 'chatgpt');
    expect(texts(chat)).toEqual([
      '- human : Hi',
      '0 character ChatGPT: One',
      '0 character ChatGPT: Two',
      '2 character ChatGPT: search()',
    ]);
    expect(chat?.nodes.map(({ chosen, reasoning, hidden }) => [chosen, reasoning, hidden])).toEqual([
      [true, '', false],
      [false, 'Hm', false],
      [true, '', false],
      [true, '', true],
    ]);
  });

  test('Claude: senders and blocks, in a chain or by parent', async () => {
    const say = (uuid: string, sender: string, words: string, more = {}) => ({
      uuid,
      sender,
      text: words,
      content: [
        { type: 'thinking', thinking: 'Hm' },
        { type: 'text', text: words },
      ],
      created_at: '2024-06-05T14:56:50Z',
      ...more,
    });
    const [chain] = await read(
      [{ uuid: 'z', name: 'T', chat_messages: [say('a', 'human', 'Hi'), say('b', 'assistant', 'Oh')] }],
      'claude',
    );
    expect(texts(chain)).toEqual(['- human : Hi', '0 character Claude: Oh']);
    const root = { parent_message_uuid: '00000000-0000-4000-8000-000000000000' };
    const [tree] = await read(
      [
        {
          uuid: 'z',
          chat_messages: [
            say('a', 'human', 'Hi', root),
            say('b', 'assistant', '1', { parent_message_uuid: 'a' }),
            say('c', 'assistant', '2', { parent_message_uuid: 'a' }),
          ],
        },
      ],
      'claude',
    );
    expect(tree?.nodes.map(({ parent, chosen }) => [parent, chosen])).toEqual([
      [null, true],
      [0, false],
      [0, true],
    ]);
  });

  test('a circle of parents is left out', async () => {
    const messages = {
      a: { parentId: 'b', role: 'user', content: '1' },
      b: { parentId: 'a', role: 'user', content: '2' },
      c: { parentId: null, role: 'user', content: '3' },
    };
    const [chat] = await read([{ chat: { history: { messages, currentId: 'a' } } }], 'open-webui');
    expect(texts(chat)).toEqual(['- human : 3']);
  });

  test.each([
    ['a card', { spec: 'chara_card_v2', data: { name: 'Ada' } }],
    ['a lorebook', { entries: { 0: { uid: 0, key: [] } } }],
    ['settings', { power_user: {}, main_api: 'openai' }],
    ['a list', [1, 2]],
    ['nothing', ''],
    ['words', 'hello\nworld'],
  ])('%s is no chat', (_, value) => {
    expect(detectChatFile(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))).toBeNull();
  });
});

describe('splitting a document', () => {
  test('gives the same elements and rest as parsing it whole, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue({ maxDepth: 3 })),
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (items, around, size, pretty) => {
          const { list: _, ...others } = around;
          const document = { ...others, list: { list: items } };
          const bytes = Buffer.from(JSON.stringify(document, null, pretty ? 2 : 0));
          const found: unknown[] = [];
          let rest: unknown;
          for await (const piece of splitJson(chunksOf(bytes, size), ['list', 'list'])) {
            const value: unknown = JSON.parse(piece.text ?? 'null');
            if (piece.type === 'item') found.push(value);
            else rest = value;
          }
          expect(rest).toEqual({ ...(JSON.parse(JSON.stringify(others)) as object), list: { list: [] } });
          expect(found).toEqual(JSON.parse(JSON.stringify(items)));
        },
      ),
    );
  });

  test('an element beyond the limit is told, the next one still read', async () => {
    const bytes = Buffer.from(JSON.stringify(['x'.repeat(100), 'ok']));
    const pieces = [];
    for await (const piece of splitJson(chunksOf(bytes), [], 50)) pieces.push(piece);
    expect(pieces.map(({ text }) => text)).toEqual([null, '"ok"', '[]']);
  });
});

const FORMATS: ChatFormat[] = [
  'sillytavern',
  'cai-tools',
  'ooba',
  'agnai',
  'kobold',
  'risu',
  'open-webui',
  'chatgpt',
  'claude',
];
const runs = process.env['EVERWITH_FULL'] === '1' ? 10_000 : 300;

/** Trees must hold together whatever the file said. */
async function isSound(bytes: Uint8Array, format: ChatFormat): Promise<void> {
  detectChatFile(bytes);
  const { chats } = await collectChats(readChatFile(chunksOf(bytes, 4096), { format, fileName: 'x' }));
  for (const { nodes } of chats) {
    const chosen = new Map<number | null, number>();
    for (const [index, node] of nodes.entries()) {
      if (node.parent !== null && !(node.parent >= 0 && node.parent < index)) throw new Error('A parent comes later.');
      if (node.chosen) chosen.set(node.parent, (chosen.get(node.parent) ?? 0) + 1);
      JSON.stringify(node);
    }
    const parents = new Set(nodes.map(({ parent }) => parent));
    expect([...chosen.values()].every((count) => count === 1) && chosen.size === parents.size).toBe(true);
  }
}

const KEYS = [
  'messages',
  'msg',
  'mes',
  'swipes',
  'swipe_id',
  'data',
  'message',
  'mapping',
  'parent',
  'content',
  'parts',
  'chat',
  'history',
  'currentId',
  'parentId',
  'role',
  'chat_messages',
  'sender',
  'histories',
  'msgs',
  'src',
  'text',
  'data_visible',
  'prompt',
  'actions',
  'savedsettings',
  'extra',
  'chat_metadata',
  'name',
  'is_user',
  '__proto__',
  'retries',
];
const hostile = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('user', 'assistant', 'char', 'text'),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 6 }),
  ),
})).value;

describe.each(FORMATS)('any file as %s', (format) => {
  test(
    'of random bytes, hostile JSON or JSON cut and changed is read or reported, never a crash',
    { timeout: 600_000 },
    async () => {
      const file = fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        hostile.map((value) => Buffer.from(JSON.stringify(value) ?? '')),
        fc
          .array(hostile, { maxLength: 5 })
          .map((lines) => Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'))),
        fc.tuple(hostile, fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
          const bytes = Buffer.from(JSON.stringify([value]) ?? '[]');
          bytes[at % bytes.length] = byte;
          return bytes.subarray(0, at % (bytes.length + 1));
        }),
      );
      await fc.assert(
        fc.asyncProperty(file, (bytes) => isSound(bytes, format)),
        { numRuns: runs },
      );
    },
  );
});
