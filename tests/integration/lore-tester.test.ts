import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Character } from '../../contract/characters.ts';
import type { LorebookSummary, TestedLore } from '../../contract/lore.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
});
afterAll(() => house[Symbol.asyncDispose]());

const entry = (uid: string, more: Record<string, unknown> = {}) => ({ uid, content: `About ${uid}.`, ...more });
const ask = (question: Record<string, unknown>, who = owner) =>
  who.call<TestedLore>('POST', '/api/lorebooks/test', question);
const said = (...texts: string[]) => texts.map((text) => ({ name: '', text }));
const uids = ({ fired }: TestedLore) => fired.map(({ uid }) => uid);

const body = {
  name: 'World',
  entries: [
    entry('harbour', { keys: ['harbour', '港口'], order: 20 }),
    entry('keeper', { keys: ['keeper of the light'], order: 10, position: 'at-depth', depth: 2 }),
    entry('always', { constant: true, order: 30 }),
    entry('off', { keys: ['harbour'], enabled: false }),
    entry('pattern', { keys: ['/sto(rm|ne)s?/i'], position: 'outlet', outletName: 'Weather' }),
    entry('second', { keys: ['harbour'], selective: true, secondaryKeys: ['night'], selectiveLogic: 'and-any' }),
    entry('linked', { keys: ['about pattern'] }),
  ],
};

test('says which entries fire, why, in which order and where', async () => {
  const result = await ask({ body, messages: said('Tell me of the harbour.', 'Storms at the Harbour, at night?') });
  expect(result.fired.map(({ uid, reason, key }) => [uid, reason, key])).toEqual(
    expect.arrayContaining([
      ['harbour', 'key', 'harbour'],
      ['always', 'constant', null],
      ['pattern', 'regex', '/sto(rm|ne)s?/i'],
      ['second', 'secondary-key', expect.any(String)],
      ['linked', 'recursion', 'about pattern'],
    ]),
  );
  expect(uids(result)).not.toContain('off');
  expect(uids(result)).not.toContain('keeper');
  expect(uids(result).indexOf('harbour')).toBeLessThan(uids(result).indexOf('always'));
  expect(result.text).toMatchObject({ 'outlet:Weather': 'About pattern.' });
  expect(result.budget).toBeGreaterThan(result.used);
  expect(result.used).toBe(result.fired.reduce((sum, { tokens }) => sum + tokens, 0));
});

test('shows where the keys stand', async () => {
  const messages = said('Harbour and harbour', 'stormy weather, 我在港口等你');
  const { matches } = await ask({ body, messages, settings: { world_info_depth: 4 } });
  const words = matches.map(
    ({ uid, message, start, end }) => `${uid} ${message} ${messages[message]?.text.slice(start, end)}`,
  );
  expect(words.filter((word) => word.startsWith('harbour'))).toEqual(
    words.some((word) => word.includes('港口')) ? ['harbour 1 港口'] : ['harbour 0 Harbour', 'harbour 0 harbour'],
  );
});

test('tries a stored book, of its owner only', async () => {
  const { id } = await owner.call<LorebookSummary>('POST', '/api/lorebooks', { body });
  expect(uids(await ask({ bookId: id, messages: said('我在港口等你') }))).toContain('harbour');
  const member = await house.member('mallory');
  expect(await member.refusal('POST', '/api/lorebooks/test', { bookId: id, messages: said('x') })).toMatchObject({
    status: 404,
  });
  expect(await owner.refusal('POST', '/api/lorebooks/test', { messages: said('x') })).toMatchObject({
    status: 400,
    field: 'bookId',
  });
});

test('knows who is spoken with', async () => {
  const { id } = await owner.call<Character>('POST', '/api/characters', {
    name: 'Ferrywoman',
    description: 'She rows across the mere.',
  });
  const book = {
    entries: [
      entry('named', { keys: ['{{char}}'], content: '{{char}} knows {{user}}.' }),
      entry('described', { keys: ['mere'], matchCharacterDescription: true }),
    ],
  };
  const question = { body: book, messages: said('Where is the ferrywoman?') };
  expect(uids(await ask(question))).toEqual([]);
  const result = await ask({ ...question, characterId: id });
  expect(uids(result).toSorted()).toEqual(['described', 'named']);
  expect(Object.values(result.text).join('\n')).toContain('Ferrywoman knows ');
  const member = await house.member('eve');
  expect(await member.refusal('POST', '/api/lorebooks/test', { ...question, characterId: id })).toMatchObject({
    status: 404,
    field: 'characterId',
  });
});

test('cuts what is over budget and says so; the same seed rolls the same', async () => {
  const many = {
    mode: 'spec',
    tokenBudget: 8,
    entries: Array.from({ length: 6 }, (_, index) =>
      entry(String(index), { keys: ['x'], priority: index, content: 'five words stand here now' }),
    ),
  };
  const { fired, cut, used } = await ask({ body: many, messages: said('x') });
  expect(fired.length + cut.length).toBe(6);
  expect(cut.length).toBeGreaterThan(0);
  expect(cut.every(({ reason }) => reason === 'budget' || reason === 'priority')).toBe(true);
  expect(used).toBeLessThanOrEqual(8);
  const chances = {
    entries: Array.from({ length: 40 }, (_, index) => entry(String(index), { keys: ['x'], probability: 50 })),
  };
  const roll = async (seed: number) => uids(await ask({ body: chances, messages: said('x'), seed })).join();
  expect(await roll(7)).toBe(await roll(7));
  expect(await roll(7)).not.toBe(await roll(8));
});

test('counts tokens as the model does', async () => {
  const { counts, exact } = await owner.call<{ counts: number[]; exact: boolean }>('POST', '/api/lorebooks/tokens', {
    texts: ['', 'one', 'one two three'],
  });
  expect(counts[0]).toBe(0);
  expect(counts[2]).toBeGreaterThan(counts[1] ?? 0);
  expect(exact).toBe(true);
});
