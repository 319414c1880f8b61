import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MessageNode } from '../tree-types.ts';
import { collectChats, type ImportedChat, type ImportedNode } from './imported-chat.ts';
import { readChatFile } from './read-chat-file.ts';
import { writeSillyTavernChat } from './silly-tavern-writer.ts';
import type { WrittenChat, WrittenStep } from './written-chat.ts';

async function* chunksOf(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const jsonl = (...lines: unknown[]) =>
  lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');

/** Small pieces cut lines and characters anywhere. */
const read = (text: string, fileName = 'Ada - 2024-6-5 @14h 56m 50s 682ms.jsonl') =>
  collectChats(readChatFile(chunksOf(text, text.length > 100_000 ? 65_536 : 7), { format: 'sillytavern', fileName }));

async function readOne(text: string): Promise<ImportedChat> {
  const { chats } = await read(text);
  expect(chats).toHaveLength(1);
  return chats[0]!;
}

const brief = ({ parent, author, text, chosen }: ImportedNode) => [parent, author.name, text, chosen];

/** The chat as the tree would hold it, and its path. */
function written(chat: ImportedChat): WrittenChat {
  const nodes = chat.nodes.map((node, index): MessageNode => ({
    id: String(index).padStart(6, '0'),
    conversationId: 'c',
    parentId: node.parent === null ? null : String(node.parent).padStart(6, '0'),
    depth: 0,
    author: { ...node.author, id: 'x' },
    parts: [
      ...(node.reasoning === '' ? [] : [{ type: 'reasoning' as const, text: node.reasoning }]),
      { type: 'text', text: node.text },
    ],
    state: 'done',
    failure: null,
    editOf: null,
    clientId: null,
    activeChildId: null,
    hasReceipt: false,
    hidden: node.hidden,
    audience: 'everyone',
    manner: 'open',
    stageId: null,
    foreign: JSON.stringify(node.foreign),
    createdAt: node.createdAt ?? 0,
    deletedAt: null,
  }));
  const steps: WrittenStep[] = [];
  let parent: string | null = null;
  for (const [index, node] of nodes.entries()) {
    if (!chat.nodes[index]?.chosen || node.parentId !== parent) continue;
    steps.push({ message: node, siblings: nodes.filter(({ parentId }) => parentId === node.parentId) });
    parent = node.id;
  }
  const { title, characterName, userName } = chat;
  return { title, characterName, userName, createdAt: 0, locale: 'en', foreign: chat.foreign, steps };
}

async function rewrite(text: string): Promise<unknown[]> {
  let out = '';
  for await (const line of writeSillyTavernChat(written(await readOne(text)))) out += line;
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

const header = {
  user_name: 'Kim',
  character_name: 'Ada',
  create_date: '2024-6-5 @14h 56m 50s 682ms',
  chat_metadata: { integrity: 'a-b', note_prompt: 'Short.', variables: { a: 1 } },
};
const hello = {
  name: 'Ada',
  is_user: false,
  is_system: false,
  send_date: 'June 5, 2024 2:56pm',
  mes: 'Hello',
  extra: {},
};
const hi = { name: 'Kim', is_user: true, is_system: false, send_date: 1717599410682, mes: 'Hi' };

describe('SillyTavern chats', () => {
  test('the old header gives names, date and metadata', async () => {
    const chat = await readOne(jsonl(header, hello, hi));
    expect(chat).toMatchObject({
      format: 'sillytavern',
      characterName: 'Ada',
      userName: 'Kim',
      identity: 'a-b',
      createdAt: Date.UTC(2024, 5, 5, 14, 56, 50, 682),
    });
    expect(chat.foreign).toMatchObject({ header });
    expect(chat.nodes.map(brief)).toEqual([
      [null, 'Ada', 'Hello', true],
      [0, 'Kim', 'Hi', true],
    ]);
  });

  test('the new header, whose names are “unused”, lets the messages name them', async () => {
    const unused = { chat_metadata: {}, user_name: 'unused', character_name: 'unused' };
    expect(await readOne(jsonl(unused, hi, hello))).toMatchObject({ characterName: 'Ada', userName: 'Kim' });
  });

  test('an old group file, which starts with a message, is read whole with each speaker', async () => {
    const chat = await readOne(
      jsonl(
        { ...hello, original_avatar: 'ada.png' },
        { ...hello, name: 'Ben', mes: 'And I', original_avatar: 'ben.png' },
        hi,
      ),
    );
    expect(chat.nodes.map(({ author }) => author.name)).toEqual(['Ada', 'Ben', 'Kim']);
    expect(chat.foreign).toMatchObject({ header: null });
  });

  test('swipes become siblings, the chosen one marked; swipe_info may be short or empty', async () => {
    const swiped = { ...hello, mes: 'B', swipes: ['A', 'B', 'C'], swipe_id: 1, swipe_info: [{ send_date: 5e11 }] };
    const chat = await readOne(jsonl(header, swiped, { ...swiped, swipe_info: [] }, hi));
    expect(chat.nodes.map(brief)).toEqual([
      [null, 'Ada', 'A', false],
      [null, 'Ada', 'B', true],
      [null, 'Ada', 'C', false],
      [1, 'Ada', 'A', false],
      [1, 'Ada', 'B', true],
      [1, 'Ada', 'C', false],
      [4, 'Kim', 'Hi', true],
    ]);
    expect(chat.nodes[0]?.createdAt).toBe(5e11);
  });

  test('mes counts where swipes say something else or swipe_id points nowhere', async () => {
    const chat = await readOne(
      jsonl(
        header,
        { ...hello, mes: 'Edited', swipes: ['A', 'B'], swipe_id: 1 },
        { ...hello, mes: 'A', swipes: ['A', 'B'], swipe_id: 9 },
      ),
    );
    expect(chat.nodes.filter(({ chosen }) => chosen).map(({ text }) => text)).toEqual(['Edited', 'A']);
  });

  test('is_system hides, narrators and comments are nobody’s character, reasoning is kept apart', async () => {
    const chat = await readOne(
      jsonl(
        header,
        { ...hello, is_system: true },
        { ...hello, name: 'Narrator', extra: { type: 'narrator' } },
        { ...hello, name: 'Note', is_system: true, extra: { type: 'comment' } },
        { ...hello, extra: { reasoning: 'Hm.' } },
      ),
    );
    expect(chat.nodes.map(({ hidden, author, reasoning }) => [hidden, author.kind, reasoning])).toEqual([
      [true, 'character', ''],
      [false, 'narrator', ''],
      [true, 'narrator', ''],
      [false, 'character', 'Hm.'],
    ]);
  });

  test('a byte-order mark, carriage returns and blank lines are no obstacle', async () => {
    const chat = await readOne(`\uFEFF${jsonl(header, hello, '', hi).replaceAll('\n', '\r\n')}\r\n`);
    expect(chat.nodes).toHaveLength(2);
    expect(chat.userName).toBe('Kim');
  });

  test('broken lines are reported by number and left out', async () => {
    const { chats, problems } = await read(jsonl(header, hello, '{"name":', '[]', { name: 'x' }, hi, '{"mes":"cut'));
    expect(chats[0]?.nodes.map(({ text }) => text)).toEqual(['Hello', 'Hi']);
    expect(problems).toEqual([
      { line: 3, reason: 'not-json' },
      { line: 4, reason: 'not-json' },
      { line: 5, reason: 'not-a-message' },
      { line: 7, reason: 'not-json' },
    ]);
  });

  test('a header that cannot be parsed does not cost the messages', async () => {
    const { chats, problems } = await read(jsonl('{"user_name":"Ki', hello, hi));
    expect(chats[0]).toMatchObject({ characterName: 'Ada', userName: 'Kim' });
    expect(problems).toEqual([{ line: 1, reason: 'not-json' }]);
  });

  test('a file in which nothing parses is no chat', async () => {
    expect((await read('nonsense\nmore\n')).chats).toEqual([]);
    expect((await read('')).chats).toEqual([]);
  });

  test('a line beyond the limit is reported without being held', async () => {
    const { chats, problems } = await read(jsonl(header, { ...hello, mes: 'x'.repeat(9 * 1024 * 1024) }, hi));
    expect(problems).toEqual([{ line: 2, reason: 'line-too-long' }]);
    expect(chats[0]?.nodes).toHaveLength(1);
  });

  test('Chub’s swipes may be objects', async () => {
    const chat = await readOne(
      jsonl(header, { ...hello, mes: 'B', swipes: [{ message: 'A' }, { message: 'B' }], swipe_id: 1 }),
    );
    expect(chat.nodes.map(brief)).toEqual([
      [null, 'Ada', 'A', false],
      [null, 'Ada', 'B', true],
    ]);
  });

  test('nesting that could not be written again is refused', async () => {
    const deep = `{"mes":"x","a":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    expect((await read(jsonl(header, deep, hi))).problems).toEqual([{ line: 2, reason: 'not-json' }]);
  });
});

const text = fc.string({ unit: 'binary', maxLength: 30 });
const loose = fc.jsonValue({ maxDepth: 3 });
/** As many as the spec's keys may look like, and unknown ones. */
const extras = fc.record(
  { reasoning: text, token_count: fc.nat(), 'x-unknown': loose, model: text },
  { requiredKeys: [] },
);
const plain = fc.record(
  {
    name: fc.constantFrom('Ada', 'Kim', 'Ünal 王', ''),
    is_user: fc.boolean(),
    is_system: fc.boolean(),
    send_date: fc.oneof(fc.nat(), text, fc.constant('2024-6-5 @14h 56m 50s 682ms')),
    mes: text,
    extra: extras,
    force_avatar: text,
    someday: loose,
  },
  { requiredKeys: ['name', 'is_user', 'is_system', 'mes'] },
);
const swiped = fc
  .tuple(
    plain,
    fc.array(text, { minLength: 1, maxLength: 5 }),
    fc.nat(),
    fc.array(fc.record({ send_date: text, extra: extras }), { maxLength: 5 }),
    fc.boolean(),
  )
  .map(([line, swipes, pick, info, hasInfo]) => {
    const swipe_id = pick % swipes.length;
    return {
      ...line,
      mes: swipes[swipe_id]!,
      swipes,
      swipe_id,
      ...(hasInfo ? { swipe_info: info.slice(0, swipes.length) } : {}),
    };
  });
const file = fc.tuple(
  fc.option(
    fc.record({ user_name: text, character_name: text, create_date: text, chat_metadata: fc.dictionary(text, loose) }),
  ),
  fc.array(fc.oneof(plain, swiped), { minLength: 1, maxLength: 12 }),
);

test('a round trip keeps every message, swipe, name, date and unknown key', async () => {
  await fc.assert(
    fc.asyncProperty(file, async ([head, lines]) => {
      const before = [...(head ? [head] : []), ...lines].map((line) => JSON.parse(JSON.stringify(line)) as unknown);
      expect(await rewrite(jsonl(...before))).toEqual(before);
    }),
    { numRuns: process.env['EVERWITH_FULL'] === '1' ? 10_000 : 300 },
  );
});
