import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CardImport } from '../../contract/cards.ts';
import type { Character } from '../../contract/characters.ts';
import type { CharacterDetails } from '../../contract/library.ts';
import { wordsOf, type Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
});
afterAll(() => house[Symbol.asyncDispose]());

const detailsOf = (id: string, who = owner) => who.call<CharacterDetails>('GET', `/api/library/characters/${id}`);
const create = (fields: object, who = owner) => who.call<Character>('POST', '/api/characters', fields);

test('statistics count what was said, follow a deletion and its undo, and are one’s own', async () => {
  const { id: characterId } = await create({ name: 'Counted', greeting: 'Good day to you all.' });
  expect((await detailsOf(characterId)).statistics).toMatchObject({ conversations: 0, firstAt: null, complete: true });
  const { id } = await owner.begin(characterId);
  const { sent, reply } = await owner.talk(id, 'Three words 今天');
  const { statistics } = await detailsOf(characterId);
  const replied = wordsOf(reply).split(/\s+/).length;
  expect(statistics).toMatchObject({
    conversations: 1,
    humanMessages: 1,
    characterMessages: 1,
    humanWords: 4,
    complete: true,
  });
  expect(statistics.characterWords).toBeGreaterThan(0);
  expect(statistics.characterWords).toBeGreaterThanOrEqual(Math.min(replied, 1));
  expect(statistics.tokens).toBeGreaterThan(0);
  expect(statistics.firstAt).toBeLessThanOrEqual(statistics.lastAt ?? 0);

  await owner.talk(id, 'Two more');
  expect((await detailsOf(characterId)).statistics).toMatchObject({ humanMessages: 2, humanWords: 6 });
  await owner.call('DELETE', `/api/messages/${sent.message.id}`);
  expect((await detailsOf(characterId)).statistics).toMatchObject({ humanMessages: 1, humanWords: 2 });
  await owner.call('POST', `/api/messages/${sent.message.id}/restore`);
  expect((await detailsOf(characterId)).statistics).toMatchObject({ humanMessages: 2, humanWords: 6 });
  await owner.call('DELETE', `/api/conversations/${id}`);
  expect((await detailsOf(characterId)).statistics).toMatchObject({ conversations: 0, humanMessages: 0 });

  const member = await house.member('mallory');
  await member.talk((await member.begin()).id, 'Mine alone');
  expect((await detailsOf('starter-mira', member)).statistics).toMatchObject({ humanMessages: 1 });
  expect((await detailsOf('starter-mira')).statistics).toMatchObject({ humanMessages: 0 });
  expect(await member.refusal('GET', `/api/library/characters/${characterId}`)).toMatchObject({ status: 404 });
});

test('versions say what changed, newest first', async () => {
  const first = await create({ name: 'Vera', greeting: 'One' });
  const second = await owner.call<Character>('PUT', `/api/characters/${first.id}`, {
    name: 'Vera',
    greeting: 'Two',
    description: 'Grown',
    expectedVersionId: first.versionId,
  });
  const { versions, versionCount } = await detailsOf(first.id);
  expect(versionCount).toBe(2);
  expect(versions.map(({ version, newest }) => [version, newest])).toEqual([
    [2, true],
    [1, false],
  ]);
  expect(versions[0]).toMatchObject({ versionId: second.versionId, changed: ['description', 'greetings'] });
  expect(versions[1]?.changed).toEqual([]);
});

test('the card’s own book is shown at a glance, damaged entries as far as they go', async () => {
  const entries = [
    { keys: ['reef', 'rocks'], content: 'x'.repeat(5000), comment: 'The reef', enabled: true },
    { keys: 'no list', content: 5, name: 'Odd' },
    'not an entry',
  ];
  const card = { spec: 'chara_card_v3', spec_version: '3.0', data: { name: 'Lore', character_book: { entries } } };
  const { character } = await owner.call<CardImport>('POST', '/api/characters/import', {
    fileName: 'lore.json',
    data: Buffer.from(JSON.stringify(card)).toString('base64'),
  });
  const { book } = await detailsOf(character.id);
  expect(book).toMatchObject({ entryCount: 3 });
  expect(book?.entries[0]).toMatchObject({ name: 'The reef', keys: ['reef', 'rocks'], enabled: true });
  expect(book?.entries[0]?.content).toHaveLength(240);
  expect(book?.entries[1]).toMatchObject({ name: 'Odd', keys: [], content: '5' });
});

test('a conversation begins with the greeting asked for; the others stay beside it', async () => {
  const card = { name: 'Many', first_mes: 'First', alternate_greetings: ['Second', 'Third'] };
  const { character } = await owner.call<CardImport>('POST', '/api/characters/import', {
    fileName: 'many.json',
    data: Buffer.from(JSON.stringify(card)).toString('base64'),
  });
  for (const [greeting, words] of [
    [1, 'Second'],
    [2, 'Third'],
    [9, 'First'],
  ] as const) {
    const { id } = await owner.begin(character.id, { greeting });
    const [message] = await owner.path(id);
    expect(wordsOf(message)).toBe(words);
    expect(message?.siblings).toHaveLength(3);
  }
  const body = { characterId: character.id, greeting: -1 };
  expect(await owner.refusal('POST', '/api/conversations', body)).toMatchObject({ status: 400, field: 'greeting' });
});
