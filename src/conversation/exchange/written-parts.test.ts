import { expect, test } from 'vitest';
import type { MessagePart } from '../../../contract/messages.ts';
import type { MessageNode } from '../tree-types.ts';
import { writeHtml } from './html-writer.ts';
import { writeSillyTavernChat } from './silly-tavern-writer.ts';
import { writeMarkdown, writePlainText } from './text-writers.ts';
import type { WrittenChat } from './written-chat.ts';

const tool: MessagePart = {
  type: 'tool',
  callId: 'reply-0',
  serverId: 'server',
  server: 'Workshop',
  tool: 'add',
  title: 'Add',
  input: '{"a":20,"b":"<22>"}',
  output: '42',
  state: 'done',
  durationInMs: 3,
};
const cited = {
  number: 1,
  attachmentId: 'file',
  name: 'log.pdf',
  position: 4,
  placeKind: 'page',
  place: '42',
} as const;
const parts: MessagePart[] = [
  { type: 'text', text: 'Let me count.' },
  tool,
  { ...tool, callId: 'reply-1', state: 'failed', output: 'x'.repeat(5000) },
  { type: 'text', text: 'It is 42 [1].' },
  { type: 'file', attachmentId: 'file', name: 'log.pdf', mediaType: 'application/pdf', size: 9 },
  { type: 'citations', passages: [cited] },
];
const event: MessagePart[] = [{ type: 'event', event: 'enter', names: ['Wren'], detail: '' }];

const node = (id: string, some: Partial<MessageNode>): MessageNode =>
  ({
    id,
    author: { kind: 'character', id: 'c', name: 'Mira' },
    createdAt: 0,
    hidden: false,
    foreign: null,
    ...some,
  }) as MessageNode;

async function written(write: (chat: WrittenChat) => AsyncGenerator<string>, locale = 'en'): Promise<string> {
  const message = node('a', { parts });
  const entered = node('b', { parts: event, author: { kind: 'narrator', id: '', name: '' } });
  const steps = [message, entered].map((one) => ({ message: one, siblings: [one] }));
  const chat = { title: 'T', characterName: 'Mira', userName: 'Ann', createdAt: 0, locale, foreign: null, steps };
  let text = '';
  for await (const piece of write(chat)) text += piece;
  return text;
}

test.each([
  [
    'text',
    writePlainText,
    ['[Tool: add (Workshop) {"a":20,"b":"<22>"} → 42]', '[File: log.pdf]', 'Sources: [1] log.pdf, page 42'],
  ],
  ['Markdown', writeMarkdown, ['> Tool: add', '→ 42', '> File: log.pdf', 'page 42']],
  ['HTML', writeHtml, ['{&quot;a&quot;:20,&quot;b&quot;:&quot;&lt;22&gt;&quot;} → 42', 'File: log.pdf', 'page 42']],
  ['SillyTavern', writeSillyTavernChat, ['→ 42', 'File: log.pdf', 'page 42']],
])(
  '%s tells in words what was called, given and cited, in its place, and what happened',
  async (_name, write, told) => {
    const text = await written(write);
    for (const words of told) expect(text).toContain(words);
    expect(text).toMatch(/failed/);
    expect(text).toContain('1000 more characters');
    expect(text).toContain('Wren comes in.');
  },
);

test('notes stand between the words they came between', async () => {
  const text = await written(writePlainText);
  const places = ['Let me count.', '[Tool: add', 'It is 42 [1].', '[File'].map((words) => text.indexOf(words));
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  expect(places.every((place) => place >= 0)).toBe(true);
});

test('SillyTavern gets calls as its own tools tell them, in a hidden line, and the words unchanged', async () => {
  const [, notes, line] = (await written(writeSillyTavernChat))
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one) as Record<string, unknown>);
  expect(notes).toMatchObject({ is_system: true, is_user: false });
  expect(notes?.['extra']).toMatchObject({
    tool_invocations: [{ name: 'add', parameters: '{"a":20,"b":"<22>"}', result: '42' }, { id: 'reply-1' }],
  });
  expect(line).toMatchObject({ name: 'Mira', mes: 'Let me count.\n\nIt is 42 [1].' });
});

test('in Chinese the notes are Chinese', async () => {
  const text = await written(writePlainText, 'zh-CN');
  expect(text).toContain('工具：add (Workshop)');
  expect(text).toContain('来源：[1] log.pdf, 第 42 页');
  expect(text).toContain('Wren进来了。');
});
