import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Conversation } from '../../contract/conversations.ts';
import type { LorebookSummary } from '../../contract/lore.ts';
import type { PromptRecord } from '../../contract/prompts.ts';
import type { World, WorldFact, WorldFactList, WorldFile } from '../../contract/worlds.ts';
import { changeConversation } from '../../src/conversation/conversation-store.ts';
import { roomSettingsSchema } from '../../contract/rooms.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { until } from './support/until.ts';

let house: ChatHouse;
let owner: Caller;
let mallory: Caller;

beforeAll(async () => {
  // A fallback model is not asked for facts: rules alone find them, the same every time.
  house = await openHouse({ script: { rules: [{ steps: [{ type: 'tokens', tokens: ['Aye.'] }] }], fallback: true } });
  owner = house.owner;
  mallory = await house.member('mallory');
});
afterAll(() => house[Symbol.asyncDispose]());

const PLACES = [
  { id: 'town', name: 'Saltmouth', description: 'A town on a grey coast.' },
  { id: 'inn', name: 'The Lamp', description: 'Low beams, warm light.', parentId: 'town', connections: ['pier'] },
  { id: 'pier', name: 'The Long Pier', description: 'Wet planks over black water.', parentId: 'town' },
];

const makeWorld = (person: Caller, more: Record<string, unknown> = {}) =>
  person.call<World>('POST', '/api/worlds', {
    name: 'The Grey Coast',
    description: 'Where lamps never go out.',
    time: '3 18:30',
    places: PLACES,
    residents: [{ name: 'Otto', placeId: 'inn', note: 'the ferryman' }],
    ...more,
  });
const beginIn = (world: World, placeId: string | null = null, characterId = 'starter-mira') =>
  owner.begin(characterId, { scene: { worldId: world.id, placeId } });
const move = (id: string, body: object) => owner.call<Conversation>('POST', `/api/conversations/${id}/scene`, body);
const factsOf = (world: World) => owner.call<WorldFactList>('GET', `/api/worlds/${world.id}/facts`);
const changeFact = (world: World, fact: Pick<WorldFact, 'id'>, body: object) =>
  owner.call<WorldFact>('PATCH', `/api/worlds/${world.id}/facts/${fact.id}`, body);
const addFact = (world: World, body: object) => owner.call<WorldFact>('POST', `/api/worlds/${world.id}/facts`, body);

/** Looks for what became true, and waits until all is read. */
async function propose(world: World): Promise<WorldFact[]> {
  await owner.call('POST', `/api/worlds/${world.id}/proposals`, {});
  return until('everything is read', async () => {
    const { facts, reading } = await factsOf(world);
    return reading ? null : facts;
  });
}

async function promptOf(conversationId: string): Promise<{ text: string; kinds: string[] }> {
  const prompt = await owner.call<PromptRecord>('GET', `/api/conversations/${conversationId}/prompt`);
  const text = prompt.messages.flatMap(({ pieces }) => pieces.map((piece) => piece.text)).join('\n');
  return { text, kinds: prompt.segments.map(({ kind }) => kind) };
}

test('a world is its owner’s alone, refuses what does not hold together, and can be deleted and restored', async () => {
  const world = await makeWorld(owner);
  expect(world.places.find(({ id }) => id === 'pier')?.connections).toEqual(['inn']);
  const path = `/api/worlds/${world.id}`;
  for (const [method, more, body] of [
    ['GET', '', undefined],
    ['PUT', '', { name: 'Mine now' }],
    ['DELETE', '', undefined],
    ['GET', '/facts', undefined],
    ['POST', '/facts', { statement: 'All is mine.' }],
    ['POST', '/proposals', {}],
    ['GET', '/export', undefined],
  ] as const) {
    expect((await mallory.refusal(method, path + more, body)).status, method + more).toBe(404);
  }
  const theirs = await mallory.begin();
  const choose = { worldId: world.id };
  expect(await mallory.refusal('PUT', `/api/conversations/${theirs.id}/world`, choose)).toMatchObject({ status: 404 });
  expect(
    (await mallory.refusal('POST', '/api/conversations', { characterId: 'starter-mira', scene: choose })).status,
  ).toBe(404);
  const circle = [
    { id: 'a', name: 'A', parentId: 'b' },
    { id: 'b', name: 'B', parentId: 'a' },
  ];
  expect(await owner.refusal('POST', '/api/worlds', { name: 'Round', places: circle })).toMatchObject({
    status: 400,
    field: 'places',
  });
  const stale = { name: 'Stale', places: PLACES, expectedRevision: 99 };
  expect(await owner.refusal('PUT', path, stale)).toMatchObject({ status: 409, code: 'revision-conflict' });
  const conversation = await beginIn(world, 'inn');
  expect(conversation.scene).toMatchObject({
    worldName: 'The Grey Coast',
    place: { name: 'The Lamp' },
    ownTime: false,
  });
  await owner.call('DELETE', path);
  expect((await owner.conversation(conversation.id)).scene).toBeNull();
  await owner.call('POST', `${path}/restore`);
  expect((await owner.conversation(conversation.id)).scene?.place?.name).toBe('The Lamp');
});

test('each branch has its own place and time, told in the story and in the prompt', async () => {
  const world = await makeWorld(owner);
  const { id } = await beginIn(world, 'inn');
  const { sent } = await owner.talk(id, 'Good evening');
  await move(id, { placeId: 'pier', time: '3 21:00' });
  const moved = await owner.conversation(id);
  expect(moved.scene).toMatchObject({ place: { id: 'pier' }, time: '3 21:00', ownTime: true });
  const told = (await owner.path(id)).at(-1);
  expect(told).toMatchObject({
    author: { kind: 'narrator' },
    parts: [
      { type: 'event', event: 'place-change', detail: 'The Long Pier' },
      { type: 'event', event: 'time-change', detail: 'Day 3, 21:00' },
    ],
  });
  await owner.talk(id, 'It is cold out here');
  const outside = await promptOf(id);
  expect(outside.text).toContain('The place: The Long Pier.');
  expect(outside.text).toContain('From here one gets to: The Lamp.');
  expect(outside.text).toContain('The time of the story: Day 3, 21:00');
  expect(outside.kinds).toContain('world');
  // Another branch, from before the scene moved.
  const edit = { text: 'Good evening, Otto', reply: false };
  await owner.call('POST', `/api/messages/${sent.message.id}/edit`, edit);
  expect((await owner.conversation(id)).scene).toMatchObject({ place: { id: 'inn' }, time: '3 18:30', ownTime: false });
  const inside = await promptOf(id);
  expect(inside.text).toContain('The place: The Lamp.');
  expect(inside.text).toContain('Usually here: Otto (the ferryman).');
  expect(inside.text).not.toContain('Wet planks');
  await owner.call('POST', `/api/conversations/${id}/path`, { messageId: told?.id });
  expect((await owner.conversation(id)).scene?.place?.id).toBe('pier');
  expect(await owner.refusal('POST', `/api/conversations/${id}/scene`, { placeId: 'nowhere' })).toMatchObject({
    status: 404,
    field: 'placeId',
  });
  await move(id, { time: '4 07:00', wholeWorld: true });
  const elsewhere = await beginIn(world);
  expect(elsewhere.scene).toMatchObject({ time: '4 07:00', ownTime: false });
});

test('what was said is proposed with its source, and is true of the world once it is accepted', async () => {
  const world = await makeWorld(owner);
  const { id } = await beginIn(world, 'inn');
  await owner.talk(id, '*The Long Pier burned down in the storm.* What do we do now?');
  const [proposal, ...more] = (await propose(world)).filter(({ state }) => state === 'proposed');
  expect(more).toEqual([]);
  expect(proposal).toMatchObject({
    statement: 'The Long Pier burned down in the storm.',
    placeId: 'pier',
    about: ['The Long Pier'],
    origin: 'talk',
    since: '3 18:30',
  });
  // Said again: one more source, not one more proposal.
  await owner.talk(id, 'The Long Pier burned down in the storm!');
  const [again] = await propose(world);
  expect(again?.sources.map(({ standing }) => standing)).toEqual([true, true]);
  // Somebody who was not there, and whom nobody told.
  const elsewhere = await beginIn(world, 'pier', 'starter-wren');
  expect((await promptOf(elsewhere.id)).text).not.toContain('burned down');
  await changeFact(world, proposal!, { state: 'accepted' });
  const prompt = await promptOf(elsewhere.id);
  expect(prompt.text).toContain('The Long Pier burned down in the storm.');
  expect(prompt.kinds).toContain('world-facts');
  const { reply } = await owner.talk(elsewhere.id, 'Hello');
  const receipt = await owner.call<{ segments: { kind: string; owner?: string }[] }>(
    'GET',
    `/api/messages/${reply.id}/receipt`,
  );
  expect(receipt.segments.filter(({ kind }) => kind.startsWith('world')).map(({ owner: name }) => name)).toEqual([
    'The Grey Coast',
    'The Long Pier burned down in the storm.',
  ]);
  await changeFact(world, proposal!, { state: 'rejected' });
  await owner.talk(id, 'So the Long Pier burned down in the storm.');
  expect((await propose(world)).map(({ state }) => state)).toEqual(['rejected']);
  expect((await promptOf(elsewhere.id)).text).not.toContain('burned down in the storm');
});

test('a proposal goes with its message and comes back with it; an accepted fact says that its source is gone', async () => {
  const world = await makeWorld(owner);
  const { id } = await beginIn(world, 'inn');
  const said = await owner.say(id, 'The Lamp was sold. The Lamp is now closed for good.', { reply: false });
  const [proposal] = await propose(world);
  expect(proposal?.statement).toBe('The Lamp is now closed for good.');
  await owner.call('DELETE', `/api/messages/${said.message.id}`);
  expect((await factsOf(world)).facts).toEqual([]);
  await owner.call('POST', `/api/messages/${said.message.id}/restore`);
  expect((await factsOf(world)).facts).toHaveLength(1);
  await changeFact(world, proposal!, { state: 'accepted' });
  await owner.call('POST', `/api/messages/${said.message.id}/edit`, { text: 'The Lamp is open.' });
  const [left] = (await factsOf(world)).facts.filter(({ id: factId }) => factId === proposal!.id);
  expect(left).toMatchObject({ state: 'accepted', sources: [{ standing: false, quote: '' }] });
});

test('what is forgotten in memory leaves the world: its proposal, the quote of a fact, and what was not read yet', async () => {
  const world = await makeWorld(owner);
  const { id } = await beginIn(world, 'inn');
  const say = (text: string) => owner.say(id, text, { reply: false }).then(({ message }) => message);
  const forget = (message: { id: string }) => owner.call('POST', `/api/messages/${message.id}/forget`);
  const one = await say('The Lamp was rebuilt of black stone.');
  const two = await say('The Long Pier belongs to the drowned king.');
  const [later, earlier] = (await propose(world)).toSorted((a, b) => (a.statement > b.statement ? -1 : 1));
  expect([later?.statement, earlier?.statement]).toEqual([
    'The Long Pier belongs to the drowned king.',
    'The Lamp was rebuilt of black stone.',
  ]);
  await changeFact(world, later!, { state: 'accepted' });
  await forget(one);
  await forget(two);
  const { db } = house.app.storage;
  const rows = await db.selectFrom('worldFact').select(['id', 'state']).where('worldId', '=', world.id).execute();
  expect(rows).toEqual([{ id: later!.id, state: 'accepted' }]);
  expect((await factsOf(world)).facts).toMatchObject([{ id: later!.id, sources: [{ quote: '' }] }]);
  const unread = await say('The Lamp is haunted by its first keeper.');
  await forget(unread);
  expect((await propose(world)).map(({ id: factId }) => factId)).toEqual([later!.id]);
});

test('an accepted fact can become an entry of the world’s lorebook, and facts can be merged and taken apart', async () => {
  const world = await makeWorld(owner);
  const { id } = await beginIn(world, 'pier');
  const first = await addFact(world, { statement: 'Otto is blind in one eye.', about: ['Otto'] });
  const entry = await changeFact(world, first, { as: 'entry' });
  expect(entry.entry).not.toBeNull();
  const books = await owner.call<{ books: LorebookSummary[] }>('GET', '/api/lorebooks');
  const book = books.books.find(({ id: bookId }) => bookId === entry.entry?.bookId);
  expect(book).toMatchObject({ entryCount: 1, targets: [{ kind: 'world', id: world.id, name: 'The Grey Coast' }] });
  await owner.talk(id, 'Where is Otto?');
  const told = await promptOf(id);
  expect(told.text.match(/blind in one eye/g)).toHaveLength(1);
  expect(told.kinds).not.toContain('world-facts');
  expect((await changeFact(world, first, { as: 'fact' })).entry).toBeNull();
  const second = await addFact(world, { statement: 'Otto lost an eye.', about: ['Otto'] });
  const body = { ids: [first.id, second.id], statement: 'Otto lost his left eye.', about: ['Otto'] };
  const merged = await owner.call<WorldFact>('POST', `/api/worlds/${world.id}/facts/merge`, body);
  expect((await factsOf(world)).facts.map(({ state }) => state)).toEqual(['accepted', 'superseded', 'superseded']);
  expect((await promptOf(id)).text.match(/left eye|lost an eye|one eye/g)).toEqual(['left eye']);
  await owner.call('DELETE', `/api/worlds/${world.id}/facts/${merged.id}`);
  expect((await factsOf(world)).facts.map(({ state }) => state)).toEqual(['accepted', 'accepted']);
});

test('nothing whispered, said aside or in private becomes a proposal', async () => {
  const world = await makeWorld(owner);
  const { id } = await beginIn(world, 'inn');
  const { storage, accounts } = house.app;
  const room = JSON.stringify(roomSettingsSchema.parse({ turnOrder: 'manual' }));
  const { userId: ownerId } = accounts.terminalActor;
  await storage.transaction((trx) => changeConversation(trx, { id, ownerId, change: { room } }));
  const mira = (await owner.conversation(id)).participants.find(({ kind }) => kind === 'character');
  await owner.say(id, 'The Long Pier is haunted by drowned men.', { to: [mira?.id], reply: false });
  await owner.say(id, 'The Long Pier was built on bones.', { to: [], reply: false });
  await owner.say(id, 'The Lamp belongs to Otto.', { reply: false });
  expect((await propose(world)).map(({ statement }) => statement)).toEqual(['The Lamp belongs to Otto.']);
  const secret = await beginIn(world, 'inn');
  await owner.call('PATCH', `/api/conversations/${secret.id}`, { memory: 'private' });
  await owner.say(secret.id, 'Otto was crowned king of Saltmouth.', { reply: false });
  expect(await propose(world)).toHaveLength(1);
});

test('a world travels as one file with facts and books, under new ids; files that lie are refused', async () => {
  const world = await makeWorld(owner);
  await addFact(world, { statement: 'Salt is money here.', placeId: 'town' });
  const entry = await addFact(world, { statement: 'Otto never sleeps.', about: ['Otto'] });
  await changeFact(world, entry, { as: 'entry' });
  const file = await owner.call<WorldFile>('GET', `/api/worlds/${world.id}/export`);
  const copy = await mallory.call<World>('POST', '/api/worlds/import', { file });
  expect(copy).toMatchObject({ name: 'The Grey Coast', placeCount: 3, time: '3 18:30' });
  expect(copy.places.map(({ id }) => id)).not.toContain('inn');
  const inn = copy.places.find(({ name }) => name === 'The Lamp');
  expect(copy.residents).toMatchObject([{ name: 'Otto', placeId: inn?.id }]);
  const { facts } = await mallory.call<WorldFactList>('GET', `/api/worlds/${copy.id}/facts`);
  expect(facts).toMatchObject([{ statement: 'Salt is money here.', state: 'accepted', origin: 'file' }]);
  expect((await mallory.call<WorldFile>('GET', `/api/worlds/${copy.id}/export`)).books).toMatchObject([
    { entries: [{ content: 'Otto never sleeps.' }] },
  ]);
  for (const broken of [
    { ...file, version: 2 },
    { ...file, format: 'other' },
    {
      ...file,
      world: { ...file.world, places: Array.from({ length: 501 }, (_, id) => ({ id: `p${id}`, name: 'P' })) },
    },
    { ...file, world: { ...file.world, places: [{ ...PLACES[0], parentId: 'missing' }] } },
    { ...file, facts: [{ statement: 'x'.repeat(601) }] },
    { ...file, world: { ...file.world, name: '' } },
  ]) {
    expect((await owner.refusal('POST', '/api/worlds/import', { file: broken })).status).toBe(400);
  }
});
