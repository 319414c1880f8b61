import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LorebookSummary } from '../../contract/lore.ts';
import type { Message, Receipt } from '../../contract/messages.ts';
import type { PromptRecord } from '../../contract/prompts.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

let house: ChatHouse;
let owner: Caller;
let folder: string;
let recordTo: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-prompts-'));
  recordTo = join(folder, 'calls.jsonl');
  house = await openHouse({
    script: {
      rules: [{ when: { contains: '' }, steps: [{ type: 'tokens', tokens: ['Aye', ', friend', '.'] }] }],
      recordTo,
    },
  });
  owner = house.owner;
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const promptOf = (id: string, who = owner) => who.call<PromptRecord>('GET', `/api/messages/${id}/prompt`);
const textOf = (record: PromptRecord) =>
  record.messages.map(({ pieces }) => pieces.map(({ text }) => text).join('')).join('\n---\n');

/** The messages of the newest call the model got, as role and text. */
async function lastCall(): Promise<{ role: string; text: string }[]> {
  const lines = (await readFile(recordTo, 'utf8')).trim().split('\n');
  const { prompt } = JSON.parse(lines.at(-1) ?? '{}') as { prompt: LanguageModelV4Prompt };
  return prompt.map(({ role, content }) => ({
    role,
    text: typeof content === 'string' ? content : content.map((part) => ('text' in part ? part.text : '')).join(''),
  }));
}

async function bookIn(conversationId: string, entries: Record<string, unknown>[], mode = 'st'): Promise<string> {
  const { id } = await owner.call<LorebookSummary>('POST', '/api/lorebooks', {
    body: { name: 'Harbour', mode, entries },
  });
  await owner.call('POST', `/api/lorebooks/${id}/links`, { target: { kind: 'conversation', id: conversationId } });
  return id;
}

const regenerate = async (conversationId: string, messageId: string) => {
  const { reply } = await owner.call<{ reply: Message }>('POST', `/api/conversations/${conversationId}/replies`, {
    kind: 'regenerate',
    messageId,
  });
  return owner.ended(conversationId, reply.id);
};

describe('the prompt of a reply', () => {
  test('is kept word for word as it was sent', async () => {
    const { id } = await owner.begin();
    await owner.talk(id, 'Is the light on?');
    const { reply } = await owner.talk(id, 'And the {{user}} of the reef?');
    const record = await promptOf(reply.id);
    expect(record.exact).toBe(true);
    expect(
      record.messages.map(({ role, pieces }) => ({ role, text: pieces.map(({ text }) => text).join('') })),
    ).toEqual(await lastCall());
    expect(record.segments.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['house', 'character', 'opening', 'history', 'message']),
    );
    for (const { pieces } of record.messages) {
      for (const { segment } of pieces) expect(record.segments[segment]).toBeDefined();
    }
    const receipt = await owner.call<Receipt>('GET', `/api/messages/${reply.id}/receipt`);
    expect(record.digest).toBe(receipt.promptDigest);
    expect(receipt.prompt).toEqual({ order: 'stable', presetName: expect.any(String) as string });
  });

  test('stays exact after its messages were deleted or written again', async () => {
    const { id } = await owner.begin();
    const first = await owner.talk(id, 'One');
    const { reply } = await owner.talk(id, 'Two');
    await owner.call('DELETE', `/api/messages/${first.sent.message.id}`);
    await owner.call('POST', `/api/messages/${first.reply.id}/edit`, { text: 'Changed' });
    const record = await promptOf(reply.id);
    expect(record.exact).toBe(true);
    expect(textOf(record)).toContain('One');
  });

  test('can be looked at before there is a reply, and looking changes nothing', async () => {
    const { id } = await owner.begin();
    const { reply } = await owner.talk(id, 'Hello');
    const before = await owner.conversation(id);
    const next = await owner.call<PromptRecord>('GET', `/api/conversations/${id}/prompt`);
    expect(textOf(next)).toContain('Aye, friend.');
    expect(await owner.conversation(id)).toEqual(before);
    expect(await promptOf(reply.id)).toMatchObject({ exact: true });
  });

  test('is its owner’s alone, and goes with the conversation', async () => {
    const { id } = await owner.begin();
    const { reply, sent } = await owner.talk(id, 'Secret');
    const stranger = await house.member('prompt-stranger');
    expect(await stranger.refusal('GET', `/api/messages/${reply.id}/prompt`)).toMatchObject({ status: 404 });
    expect(await stranger.refusal('GET', `/api/conversations/${id}/prompt`)).toMatchObject({ status: 404 });
    expect(await owner.refusal('GET', `/api/messages/${sent.message.id}/prompt`)).toMatchObject({
      status: 404,
      code: 'prompt-missing',
    });
    const { db } = house.app.storage;
    for (const table of ['promptRecord', 'promptText', 'turnState'] as const) {
      const rows = await db.selectFrom(table).select('conversationId').where('conversationId', '=', id).execute();
      expect(rows.length, table).toBeGreaterThan(0);
    }
    await owner.call('POST', `/api/conversations/${id}/purge`);
    for (const table of ['promptRecord', 'promptText', 'turnState'] as const) {
      expect(
        await db.selectFrom(table).select('conversationId').where('conversationId', '=', id).execute(),
        table,
      ).toEqual([]);
    }
  });
});

describe('lore in a conversation', () => {
  test('fires on what was said, stands at the tail, and the receipt names it', async () => {
    const { id } = await owner.begin();
    const bookId = await bookIn(id, [
      { uid: 'reef', name: 'The reef', keys: ['reef'], content: 'The reef took three boats.', position: 'before-char' },
      { uid: 'mill', keys: ['mill'], content: 'The mill is closed.' },
      { uid: 'year', constant: true, content: 'It is 1912.' },
    ]);
    const { reply } = await owner.talk(id, 'Tell me of the reef.');
    const record = await promptOf(reply.id);
    expect(record.lore.fired.map(({ uid, reason, key }) => [uid, reason, key])).toEqual(
      expect.arrayContaining([
        ['reef', 'key', 'reef'],
        ['year', 'constant', null],
      ]),
    );
    expect(record.lore.fired).toHaveLength(2);
    const calls = await lastCall();
    expect(calls.at(-1)?.text).toContain('The reef took three boats.');
    expect(calls.at(-1)?.text.endsWith('Tell me of the reef.')).toBe(true);
    expect(calls[0]?.text).toContain('It is 1912.');
    expect(calls[0]?.text).not.toContain('The reef took');
    expect(record.segments.find(({ kind }) => kind === 'lore-before')?.owner).toBe('Harbour · The reef');
    const receipt = await owner.call<Receipt>('GET', `/api/messages/${reply.id}/receipt`);
    expect(receipt.lore?.fired.find(({ uid }) => uid === 'reef')).toMatchObject({ bookId, bookName: 'Harbour' });
    const later = await owner.talk(id, 'Good.');
    await owner.talk(id, 'Very good.');
    const { reply: last } = await owner.talk(id, 'So.');
    expect((await promptOf(last.id)).lore.fired.map(({ uid }) => uid)).toEqual(['year']);
    expect((await promptOf(later.reply.id)).exact).toBe(true);
  });

  test('that is sticky is so on its own branch only', async () => {
    const { id } = await owner.begin();
    await bookIn(id, [{ uid: 'storm', keys: ['storm'], content: 'The storm of 88.', sticky: 10 }]);
    const plain = await owner.talk(id, 'Hello.');
    await owner.talk(id, 'A storm!');
    await owner.talk(id, 'Well.');
    await owner.talk(id, 'Well well.');
    const { reply: after } = await owner.talk(id, 'And so on.');
    expect((await promptOf(after.id)).lore.fired.map(({ uid, reason }) => [uid, reason])).toEqual([
      ['storm', 'sticky'],
    ]);
    await owner.call('POST', `/api/conversations/${id}/path`, { messageId: plain.reply.id });
    const other = await regenerate(id, plain.reply.id);
    expect((await promptOf(other.id)).lore.fired).toEqual([]);
    for (const words of ['One.', 'Two.', 'Three.']) {
      const { reply } = await owner.talk(id, words);
      expect((await promptOf(reply.id)).lore.fired).toEqual([]);
    }
  });

  test('sets variables for the turns after it, on its branch', async () => {
    const { id } = await owner.begin();
    await bookIn(id, [{ uid: 'count', constant: true, content: '{{incvar::turns}}', position: 'after-char' }]);
    const first = await owner.talk(id, 'One.');
    const second = await owner.talk(id, 'Two.');
    const count = async (messageId: string) => {
      const record = await promptOf(messageId);
      const piece = record.messages
        .flatMap(({ pieces }) => pieces)
        .find(({ segment }) => record.segments[segment]?.kind === 'lore-after');
      return piece?.text.trim();
    };
    expect([await count(first.reply.id), await count(second.reply.id)]).toEqual(['1', '2']);
    expect(await count((await regenerate(id, second.reply.id)).id)).toBe('2');
    expect(await count((await regenerate(id, first.reply.id)).id)).toBe('1');
  });
});

test('the book of a card fires with the conversation’s own, beside the card’s note at a depth', async () => {
  const card = {
    spec: 'chara_card_v3',
    spec_version: '3.0',
    data: {
      name: 'Keeper',
      description: 'Keeps books.',
      first_mes: 'Hello.',
      group_only_greetings: [],
      extensions: { depth_prompt: { prompt: 'Keeper whispers.', depth: 4, role: 'system' } },
      character_book: {
        name: 'Shelf',
        extensions: {},
        entries: [
          {
            keys: ['ink'],
            content: '@@depth 2\nInk is dear.',
            enabled: true,
            insertion_order: 1,
            use_regex: false,
            extensions: {},
          },
        ],
      },
    },
  };
  const { character } = await owner.call<{ character: { id: string } }>('POST', '/api/characters/import', {
    fileName: 'keeper.json',
    data: Buffer.from(JSON.stringify(card)).toString('base64'),
  });
  const { id } = await owner.begin(character.id);
  await bookIn(id, [{ uid: '1', keys: ['ink'], content: 'Ink is black.' }]);
  const { reply } = await owner.talk(id, 'Have you ink?');
  const record = await promptOf(reply.id);
  expect(record.lore.fired.map(({ bookName }) => bookName).toSorted()).toEqual(['Harbour', 'Shelf']);
  const newest = (await lastCall()).at(-1)?.text ?? '';
  for (const words of ['Ink is dear.', 'Ink is black.', 'Keeper whispers.']) expect(newest).toContain(words);
  expect(newest).not.toContain('@@depth');
});

describe('macros in what a person says', () => {
  const wordsOfSent = ({ sent }: Awaited<ReturnType<Caller['talk']>>) =>
    sent.message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');

  test('dice are rolled once, when it is sent', async () => {
    const { id } = await owner.begin();
    const talked = await owner.talk(id, 'I throw {{roll:1d6}}.');
    expect(wordsOfSent(talked)).toMatch(/^I throw [1-6]\.$/);
    const { reply } = await owner.talk(id, 'And?');
    expect(textOf(await promptOf(reply.id))).toContain(wordsOfSent(talked));
  });

  test('a variable that it sets is there for the turns below it, and on no other branch', async () => {
    const { id } = await owner.begin();
    await bookIn(id, [{ uid: 'gold', constant: true, content: 'Gold: {{getvar::gold}}.' }]);
    const first = await owner.talk(id, 'Hello.');
    const rich = await owner.talk(id, '{{setvar::gold::40}}I found a purse.');
    expect(wordsOfSent(rich)).toBe('I found a purse.');
    expect(textOf(await promptOf(rich.reply.id))).toContain('Gold: 40.');
    const later = await owner.talk(id, 'Where to?');
    expect(textOf(await promptOf(later.reply.id))).toContain('Gold: 40.');
    const other = await regenerate(id, first.reply.id);
    expect(textOf(await promptOf(other.id))).toContain('Gold: .');
  });
});
