import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Character } from '../../contract/characters.ts';
import type { MemoryFact, MemoryFactList, MemorySearch } from '../../contract/memory.ts';
import type { Receipt } from '../../contract/messages.ts';
import type { PromptRecord } from '../../contract/prompts.ts';
import type { Caller } from './support/caller.ts';
import { leaveDistilledFact } from './support/distilled-fact.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

let house: ChatHouse;
let owner: Caller;
let lastNumber = 0;

beforeAll(async () => {
  house = await openHouse({
    script: {
      rules: [
        {
          when: { contains: 'slowly' },
          steps: [{ type: 'tokens', tokens: ['The ', 'tide '] }, { type: 'hang' }],
        },
        { when: { contains: '' }, steps: [{ type: 'tokens', tokens: ['The weather ', 'keeps turning.'] }] },
      ],
    },
  });
  owner = house.owner;
});
afterAll(() => house[Symbol.asyncDispose]());

async function friend(): Promise<string> {
  lastNumber += 1;
  const { id } = await owner.call<Character>('POST', '/api/characters', {
    name: `Friend ${lastNumber}`,
    greeting: 'Hi',
  });
  return id;
}

async function distil(characterId: string, messageId: string, text: string): Promise<string> {
  lastNumber += 1;
  const id = `fact-${lastNumber}`;
  await leaveDistilledFact(house, { id, characterId, messageId, text, quote: text });
  return id;
}

const promptOf = (messageId: string) => owner.call<PromptRecord>('GET', `/api/messages/${messageId}/prompt`);
const receiptOf = (messageId: string) => owner.call<Receipt>('GET', `/api/messages/${messageId}/receipt`);
const textOfPrompt = ({ messages }: PromptRecord): string =>
  messages.map(({ pieces }) => pieces.map(({ text }) => text).join('')).join('\n');

/** Tables of the database in which the word stands, and in which column. */
async function whereStands(word: string): Promise<string[]> {
  const { db } = house.app.storage;
  const columns = [
    'message.parts',
    'receipt.body',
    'promptText.text',
    'promptRecord.body',
    'memoryFact.text',
    'memoryFact.quote',
    'memoryDate.text',
    'memoryDiary.text',
    'memorySummary.body',
    'memoryRule.value',
    'memoryRule.label',
    'event.payload',
    'turnState.body',
  ];
  const found: string[] = [];
  for (const column of columns) {
    const [table = '', name = ''] = column.split('.');
    const rows = await sql<{ count: number | string }>`select count(*) as "count" from ${sql.table(table)}
      where ${sql.ref(name)} like ${`%${word}%`}`
      .execute(db)
      .catch(() => ({ rows: [{ count: -1 }] }));
    if (Number(rows.rows[0]?.count) !== 0) found.push(column);
  }
  return found;
}

/** Files of the data folder, the database's own apart, in which the word stands. */
async function filesWith(word: string): Promise<string[]> {
  const names = await readdir(house.dataDirectory, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile() && !entry.name.startsWith('everwith.sqlite'));
  const found: string[] = [];
  for (const { parentPath, name } of files) {
    if ((await readFile(join(parentPath, name))).includes(word)) found.push(name);
  }
  return found;
}

describe('a fact that is forgotten', () => {
  test('leaves its row, past receipts and past prompts; what stands beside it stays', async () => {
    const characterId = await friend();
    const { id } = await owner.begin(characterId);
    const { sent } = await owner.talk(id, 'Nothing much.');
    const secret = await distil(characterId, sent.message.id, 'Ines hides the zirconium ring.');
    const own = await owner.call<MemoryFact>('POST', `/api/characters/${characterId}/memory/facts`, {
      about: 'user',
      text: 'Ines wears a silver ring on Sundays.',
    });
    const { id: other } = await owner.begin(characterId);
    const { reply } = await owner.talk(other, 'Which ring was it, Ines?');
    expect(textOfPrompt(await promptOf(reply.id))).toContain('zirconium');
    const before = await receiptOf(reply.id);
    expect(before.memory!.used.map((use) => use.id)).toEqual(expect.arrayContaining([secret, own.id]));

    await owner.call('DELETE', `/api/memory/facts/${secret}`);
    const record = await promptOf(reply.id);
    expect(textOfPrompt(record)).not.toContain('zirconium');
    expect(textOfPrompt(record)).toContain('silver ring on Sundays');
    expect(record).toMatchObject({ redacted: true, exact: false, digest: '' });
    const { memory } = await receiptOf(reply.id);
    expect(memory!.used.find((use) => use.id === secret)).toMatchObject({ text: '', words: [], forgotten: true });
    expect(memory!.used.find((use) => use.id === own.id)!.text).toContain('silver');
    expect(await whereStands('zirconium')).toEqual([]);
    expect(await filesWith('zirconium')).toEqual([]);
    expect(await owner.refusal('DELETE', `/api/memory/facts/${secret}`)).toMatchObject({
      status: 404,
      code: 'fact-missing',
    });
    const { reply: next } = await owner.talk(other, 'And which ring, Ines, again?');
    expect(await promptOf(next.id)).toMatchObject({ exact: true });
    expect(textOfPrompt(await promptOf(next.id))).not.toContain('zirconium');
  });

  test('goes with what it corrected and with what says the same elsewhere', async () => {
    const characterId = await friend();
    const { id } = await owner.begin(characterId);
    const first = await owner.talk(id, 'One.');
    const second = await owner.talk(id, 'Two.');
    await distil(characterId, first.sent.message.id, 'Ines owns a vermilion boat.');
    await distil(characterId, second.sent.message.id, 'Ines owns a vermilion boat.');
    const list = () => owner.call<MemoryFactList>('GET', `/api/characters/${characterId}/memory/facts?counts=true`);
    const [shown] = (await list()).facts;
    await owner.call('DELETE', `/api/memory/facts/${shown!.id}`);
    expect((await list()).facts).toEqual([]);
    const third = await owner.talk(id, 'Three.');
    const wrong = await distil(characterId, third.sent.message.id, 'Ines owns a cerulean boat.');
    const right = await owner.call<MemoryFact>('PATCH', `/api/memory/facts/${wrong}`, { text: 'Ines owns a canoe.' });
    await owner.call('DELETE', `/api/memory/facts/${right.id}?scope=source&never=true`);
    expect(await whereStands('vermilion')).toEqual([]);
    // The rule has to know the words it forbids.
    expect(await whereStands('cerulean')).toEqual(['memoryRule.value', 'memoryRule.label']);
    expect(await whereStands('canoe')).toEqual(['memoryRule.value', 'memoryRule.label']);
  });

  test('is not brought back by a reply that was told it and is still being written', async () => {
    const characterId = await friend();
    const { id } = await owner.begin(characterId);
    const fact = await owner.call<MemoryFact>('POST', `/api/characters/${characterId}/memory/facts`, {
      about: 'user',
      text: 'Ines speaks slowly of her cobalt lantern.',
      pinned: true,
    });
    await using watcher = owner.watch(id);
    await watcher.event('conversation-snapshot');
    const sent = await owner.say(id, 'Tell me slowly of the lantern.');
    await watcher.event('text-delta');
    await owner.call('DELETE', `/api/memory/facts/${fact.id}`);
    await owner.call('POST', `/api/conversations/${id}/stop`);
    await owner.ended(id, sent.reply!.id);
    const { memory } = await receiptOf(sent.reply!.id);
    expect(memory!.used).toEqual([expect.objectContaining({ id: fact.id, text: '', forgotten: true })]);
    expect(await promptOf(sent.reply!.id)).toMatchObject({ redacted: true, exact: false });
    expect(await whereStands('cobalt')).toEqual([]);
  });
});

describe('a message that is forgotten', () => {
  test('stays where it was said and is known nowhere else', async () => {
    const characterId = await friend();
    const { id } = await owner.begin(characterId);
    const { sent } = await owner.talk(id, 'The spare key lies under the obsidian turtle.');
    const fact = await distil(characterId, sent.message.id, 'The spare key lies under the obsidian turtle.');
    const { id: other } = await owner.begin(characterId);
    const { reply } = await owner.talk(other, 'Where does the spare key lie?');
    expect(textOfPrompt(await promptOf(reply.id))).toContain('obsidian');
    await owner.call('POST', `/api/messages/${sent.message.id}/forget`);
    expect(await whereStands('obsidian')).toEqual(['message.parts']);
    expect(await owner.refusal('PATCH', `/api/memory/facts/${fact}`, { pinned: true })).toMatchObject({ status: 404 });
    const search = await owner.call<MemorySearch>(
      'GET',
      `/api/characters/${characterId}/memory/search?query=obsidian%20turtle`,
    );
    expect(search).toEqual({ found: [], facts: [] });
    const { reply: again } = await owner.talk(other, 'The spare key, where does it lie?');
    expect(textOfPrompt(await promptOf(again.id))).not.toContain('obsidian');
    expect(await owner.page(id)).toMatchObject({
      messages: expect.arrayContaining([expect.objectContaining({ id: sent.message.id })]),
    });
  });
});

test('a conversation that is purged leaves what other replies were told of it', async () => {
  const characterId = await friend();
  const { id } = await owner.begin(characterId);
  const { sent } = await owner.talk(id, 'My uncle collects malachite spoons.');
  await distil(characterId, sent.message.id, 'The uncle collects malachite spoons.');
  await owner.call('POST', `/api/characters/${characterId}/memory/rules`, {
    kind: 'message',
    messageId: (await owner.talk(id, 'Keep out.')).sent.message.id,
  });
  const { id: other } = await owner.begin(characterId);
  const { reply } = await owner.talk(other, 'What does my uncle collect?');
  expect(textOfPrompt(await promptOf(reply.id))).toContain('malachite');
  await owner.call('DELETE', `/api/conversations/${id}`);
  await owner.call('POST', `/api/conversations/${id}/purge`);
  expect(await whereStands('malachite')).toEqual([]);
  const rules = await house.app.storage.db
    .selectFrom('memoryRule')
    .select('id')
    .where('characterId', '=', characterId)
    .execute();
  expect(rules).toEqual([]);
});

test('a person who leaves takes all memory of them along, and can carry it away before', async () => {
  const leaver = await house.member(`leaver${Date.now() % 100_000}`);
  const { id: ownerId } = await leaver.call<{ id: string }>('GET', '/api/me');
  const base = '/api/characters/starter-mira/memory';
  await leaver.call('POST', `${base}/facts`, { about: 'user', text: 'Collects amethysts.' });
  await leaver.call('POST', `${base}/diary`, { text: 'They left.' });
  await leaver.call('POST', `${base}/dates`, { text: 'Farewell', dueAt: 4_000_000_000_000 });
  await leaver.call('POST', `${base}/rules`, { kind: 'words', words: 'granite', everyCharacter: true });
  await leaver.call('PATCH', `${base}/settings`, { diary: false });
  await leaver.call('POST', '/api/me/delete-all', { confirm: 'delete' });
  const { db } = house.app.storage;
  for (const table of ['memoryFact', 'memoryDiary', 'memoryDate', 'memoryRule', 'memorySummary'] as const) {
    expect(await db.selectFrom(table).select('id').where('ownerId', '=', ownerId).execute()).toEqual([]);
  }
  expect(await db.selectFrom('setting').select('key').where('scope', '=', ownerId).execute()).toEqual([]);
});
