import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Character } from '../../contract/characters.ts';
import type { ErrorBody } from '../../contract/common.ts';
import type { Conversation, ConversationList } from '../../contract/conversations.ts';
import type { Caller, Method } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { encodeWav } from '../../src/base/audio/wav.ts';
import { talkingScript } from './support/scripts.ts';

/** A picture of one pixel. */
const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let house: ChatHouse;
let people: Record<'owner' | 'mallory', Caller>;
/** What each of them has. */
let belongings: Record<
  'owner' | 'mallory',
  {
    conversation: Conversation;
    messageId: string;
    character: Character;
    memory: Record<string, string>;
    world: { id: string; factId: string };
  }
>;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  people = { owner: house.owner, mallory: await house.member('mallory') };
  belongings = { owner: await settle(people.owner), mallory: await settle(people.mallory) };
});
afterAll(() => house[Symbol.asyncDispose]());

async function settle(person: Caller) {
  const character = await person.call<Character>('POST', '/api/characters', {
    name: 'Confidant',
    greeting: 'Whisper to me.',
    picture: PIXEL,
  });
  // What is read in the background would change what is compared.
  await person.call('PATCH', `/api/characters/${character.id}/memory/settings`, { distil: false, diary: false });
  const conversation = await person.begin(character.id);
  const { reply } = await person.talk(conversation.id, 'A secret');
  const keep = async (kind: string, body: unknown): Promise<string> => {
    const { id } = await person.call<{ id: string }>('POST', `/api/characters/${character.id}/memory/${kind}`, body);
    return id;
  };
  const memory = {
    facts: await keep('facts', { about: 'user', text: 'Whispers at night' }),
    diary: await keep('diary', { text: 'We whispered.' }),
    dates: await keep('dates', { text: 'Whisper again', dueAt: 4_000_000_000_000 }),
    rules: await keep('rules', { kind: 'words', words: 'shouting' }),
  };
  const { id } = await person.call<{ id: string }>('POST', '/api/worlds', { name: 'Secret cove' });
  const fact = await person.call<{ id: string }>('POST', `/api/worlds/${id}/facts`, { statement: 'Gold lies here.' });
  return { conversation, messageId: reply.id, character, memory, world: { id, factId: fact.id } };
}

interface OpenApi {
  paths: Record<string, Record<string, unknown>>;
}

const emptyMemory = {
  format: 'everwith-memory',
  version: 1,
  character: { name: 'Confidant', slug: null },
  exportedAt: 0,
  facts: [],
  diary: [],
  dates: [],
  rules: [],
};

const bodies: Record<string, (messageId: string) => unknown> = {
  'PATCH /api/conversations/{id}': () => ({ title: 'Stolen' }),
  'POST /api/conversations/{id}/messages': () => ({ text: 'I am here too', clientId: 'intruder' }),
  'POST /api/conversations/{id}/replies': (messageId) => ({ kind: 'regenerate', messageId }),
  'POST /api/conversations/{id}/path': (messageId) => ({ messageId }),
  'POST /api/conversations/{id}/run': () => ({ action: 'start' }),
  'POST /api/conversations/{id}/branch-off': (messageId) => ({ messageId }),
  'POST /api/conversations/{id}/marks': (messageId) => ({ messageId, kind: 'checkpoint' }),
  'PATCH /api/conversations/{id}/marks/{markId}': () => ({ name: 'Stolen' }),
  'POST /api/conversations/{id}/batches': () => ({ action: 'delete', selection: {} }),
  'POST /api/messages/{id}/translations': () => ({ language: 'en' }),
  'PUT /api/conversations/{id}/tools': () => ({ serverId: 'x', for: 'conversation', on: true }),
  'POST /api/conversations/{id}/tool-calls/{callId}/answer': () => ({ answer: 'always' }),
  'PUT /api/conversations/{id}/look': () => ({ for: 'conversation', theme: 'bubbles' }),
  'POST /api/conversations/{id}/impersonation': () => ({}),
  'POST /api/messages/{id}/edit': () => ({ text: 'Never said' }),
  'PATCH /api/conversations/{id}/room': () => ({ autoRun: true }),
  'POST /api/conversations/{id}/door': () => ({ participantIds: ['x'], door: '' }),
  'POST /api/conversations/{id}/participants': () => ({ characterId: 'starter-wren' }),
  'PATCH /api/conversations/{id}/participants/{participantId}': () => ({ muted: true }),
  'POST /api/conversations/{id}/participants/{participantId}/presence': () => ({ present: false }),
  'POST /api/conversations/{id}/typing': () => ({}),
  'POST /api/conversations/{id}/invites': () => ({}),
  'PUT /api/conversations/{id}/persona': () => ({ personaId: null }),
  'PUT /api/characters/{id}/persona': () => ({ personaId: null }),
  'PUT /api/characters/{id}/book': () => ({ body: null, expectedVersionId: 'x' }),
  'POST /api/characters/{id}/book/move': () => ({ expectedVersionId: 'x' }),
  'PATCH /api/library/characters/{id}/mark': () => ({ favourite: true }),
  'POST /api/characters/{id}/fork': () => ({}),
  'POST /api/characters/{id}/restore-version': () => ({ versionId: 'x', expectedVersionId: 'x' }),
  'POST /api/characters/{id}/pictures': () => ({ type: 'emotion', name: 'joy', data: PIXEL, expectedVersionId: 'x' }),
  'PATCH /api/characters/{id}/pictures/{position}': () => ({ name: 'joy', expectedVersionId: 'x' }),
  'PUT /api/characters/{id}/voice': () => ({ voice: null, speed: 1, pitch: 0 }),
  'PATCH /api/characters/{id}/memory/settings': () => ({ paused: true }),
  'POST /api/characters/{id}/memory/facts': () => ({ about: 'user', text: 'Planted' }),
  'POST /api/characters/{id}/memory/diary': () => ({ text: 'Planted' }),
  'POST /api/characters/{id}/memory/dates': () => ({ text: 'Planted', dueAt: 1 }),
  'POST /api/characters/{id}/memory/rules': () => ({ kind: 'words', words: 'planted' }),
  'POST /api/characters/{id}/memory/import': () => emptyMemory,
  'PATCH /api/memory/facts/{id}': () => ({ text: 'Never said' }),
  'PATCH /api/memory/diary/{id}': () => ({ text: 'Never written' }),
  'PATCH /api/memory/dates/{id}': () => ({ state: 'dropped' }),
  'PUT /api/conversations/{id}/world': () => ({ worldId: null }),
  'POST /api/conversations/{id}/scene': () => ({ time: '1 12:00' }),
  'PUT /api/worlds/{id}': () => ({ name: 'Stolen' }),
  'POST /api/worlds/{id}/facts': () => ({ statement: 'Planted here.' }),
  'POST /api/worlds/{id}/facts/merge': () => ({ statement: 'Planted here.', ids: ['x', 'y'] }),
  'PATCH /api/worlds/{id}/facts/{factId}': () => ({ state: 'rejected' }),
  'POST /api/worlds/{id}/proposals': () => ({}),
  'PUT /api/characters/{id}': () => ({ name: 'Stolen', expectedVersionId: 'x' }),
};

/** What a route must be asked with. */
const queries: Record<string, string> = {
  '/api/characters/{id}/export': '?format=v3-json',
  '/api/characters/{id}/memory/search': '?query=secret',
  '/api/conversations/{id}/export': '?format=text',
  '/api/conversations/{id}/tree/search': '?query=secret',
  '/api/conversations/{id}/compare': '?left=a&right=b',
  '/api/conversations/{id}/search': '?q=secret',
  '/api/characters/{id}/pictures/{position}': '?expectedVersionId=x',
  '/api/characters/{id}/voice': '?locale=en',
  '/api/conversations/{id}/voice-messages': '?clientId=intruder',
  '/api/conversations/{id}/attachments': '?name=planted.txt',
};

/** Routes that take bytes instead of JSON, and which. */
const byteRoutes: Record<string, { type: string; bytes: () => Uint8Array }> = {
  'POST /api/characters/{id}/export': {
    type: 'application/octet-stream',
    bytes: () => Buffer.from(PIXEL.split(',')[1] ?? '', 'base64'),
  },
  'POST /api/conversations/{id}/attachments': {
    type: 'application/octet-stream',
    bytes: () => Buffer.from('Planted'),
  },
  'POST /api/conversations/{id}/voice-messages': {
    type: 'audio/wav',
    bytes: () => encodeWav({ samples: new Float32Array(1600), sampleRate: 16_000 }),
  },
};

async function refusalOf(
  person: Caller,
  { route, method, path, body }: { route: string; method: Method; path: string; body: unknown },
): ReturnType<Caller['refusal']> {
  const sent = byteRoutes[route];
  if (!sent) return person.refusal(method, path, body);
  const headers = { 'content-type': sent.type };
  const response = await person.fetch(path, { method, headers, body: Buffer.from(sent.bytes()) });
  const { code, field, message } = ((await response.json()) as ErrorBody).error;
  return { status: response.status, code, field, message };
}

/** Every route of these kinds that the house offers, so that a new one cannot be forgotten. */
async function routesWithIds(): Promise<{ method: Method; path: string }[]> {
  const { paths } = await people.owner.call<OpenApi>('GET', '/api/openapi.json');
  return Object.entries(paths).flatMap(([path, methods]) =>
    /^\/api\/(conversations|messages|characters|assets|library\/characters|memory\/(facts|diary|dates|rules)|worlds)\/\{/.test(
      path,
    )
      ? Object.keys(methods).map((method) => ({ method: method.toUpperCase() as Method, path }))
      : [],
  );
}

const idFor = (path: string, { conversation, messageId, character, memory, world }: (typeof belongings)['owner']) => {
  const [, kind] = /^\/api\/memory\/(\w+)/.exec(path) ?? [];
  if (kind !== undefined) return memory[kind]!;
  if (path.startsWith('/api/worlds')) return world.id;
  if (path.startsWith('/api/conversations')) return conversation.id;
  if (path.startsWith('/api/messages')) return messageId;
  if (path.startsWith('/api/assets')) return character.pictureUrl!.split('/').at(-1)!;
  return character.id;
};

/** Everything of a person as they see it, to prove that nothing changed. */
async function look(who: 'owner' | 'mallory') {
  const { conversation, character, world } = belongings[who];
  return {
    world: await people[who].call('GET', `/api/worlds/${world.id}`),
    facts: await people[who].call('GET', `/api/worlds/${world.id}/facts`),
    conversation: await people[who].conversation(conversation.id),
    path: await people[who].path(conversation.id),
    character: await people[who].call('GET', `/api/characters/${character.id}`),
    memory: await Promise.all(
      ['/settings', '/facts', '/diary', '/dates', '/rules'].map((what) =>
        people[who].call('GET', `/api/characters/${character.id}/memory${what}`),
      ),
    ),
  };
}

test.each([
  ['mallory', 'owner'],
  ['owner', 'mallory'],
] as const)('nothing of what is theirs exists for the other: %s looks for what %s has', async (who, whose) => {
  const routes = await routesWithIds();
  expect(routes.length).toBeGreaterThanOrEqual(20);
  const before = await look(whose);
  const same = { ...belongings[whose], character: await withOwnPicture(people[whose]) };
  for (const { method, path } of routes) {
    const asked = (id: string) =>
      path
        .replace(/\{\w+\}/, id)
        .replace('{versionId}', same.character.versionId)
        .replace('{language}', 'en')
        .replace('{factId}', same.world.factId)
        .replace(/\{\w+\}/g, '0') + (queries[path] ?? '');
    const body = bodies[`${method} ${path}`]?.(same.messageId);
    const route = `${method} ${path}`;
    const theirs = await refusalOf(people[who], { route, method, path: asked(idFor(path, same)), body });
    expect(theirs, `${method} ${path}`).toMatchObject({ status: 404 });
    // It looks exactly like something that is not there.
    const nothing = path.startsWith('/api/assets') ? '0'.repeat(64) : 'nothing';
    const missing = await refusalOf(people[who], { route, method, path: asked(nothing), body });
    expect(theirs, `${method} ${path}`).toEqual(missing);
  }
  expect(await look(whose)).toEqual(before);
});

/** The pixel above belongs to both; this picture is one person's alone. */
async function withOwnPicture(person: Caller): Promise<Character> {
  const bytes = Buffer.concat([Buffer.from(PIXEL.split(',')[1]!, 'base64'), Buffer.from(crypto.randomUUID())]);
  return person.call<Character>('POST', '/api/characters', {
    name: 'Portrait',
    picture: `data:image/png;base64,${bytes.toString('base64')}`,
  });
}

test('nobody gets anything without signing in', async () => {
  const { Caller } = await import('./support/caller.ts');
  const nobody = new Caller(() => house.address, {});
  for (const { method, path } of await routesWithIds()) {
    const address = path.replace(/\{\w+\}/, idFor(path, belongings.owner));
    const body = bodies[`${method} ${path}`]?.(belongings.owner.messageId);
    expect(await nobody.refusal(method, address, body), `${method} ${path}`).toMatchObject({
      status: 401,
      code: 'unauthenticated',
    });
  }
});

test('keys, webhooks, teams, calls and books of another person stay theirs', async () => {
  const { owner, mallory } = people;
  const made = (path: string, body: unknown) => owner.call<{ id: string }>('POST', `/api/platform/${path}`, body);
  const { id: keyId } = await made('keys', { name: 'mine' });
  const { id: hookId } = await made('webhooks', { url: 'https://example.org/', events: ['batch.completed'] });
  const { id: teamId } = await made('teams', { name: 'ours' });
  await made('plans', { name: 'theirs', allowance: 1, rollover: false });
  await made('budgets', { scope: 'all', subject: null, period: 'day', softLimit: null, hardLimit: 1e15 });
  const { plans } = await owner.call<{ plans: { id: string }[] }>('GET', '/api/platform/plans');
  const { budgets } = await owner.call<{ budgets: { id: string }[] }>('GET', '/api/platform/budgets');
  const { id: ownerId } = await owner.call<{ id: string }>('GET', '/api/me');
  const { calls } = await owner.call<{ calls: { id: string }[] }>('GET', `/api/platform/calls?userId=${ownerId}`);
  expect(calls.length).toBeGreaterThan(0);
  const account = `user:${ownerId}`;
  const attempts: [Method, string, unknown?][] = [
    ['PATCH', `keys/${keyId}`, { name: 'stolen' }],
    ['POST', `keys/${keyId}/rotate`, {}],
    ['DELETE', `keys/${keyId}`],
    ['PATCH', `webhooks/${hookId}`, { enabled: false }],
    ['DELETE', `webhooks/${hookId}`],
    ['POST', `webhooks/${hookId}/rotate`, {}],
    ['GET', `webhooks/${hookId}/deliveries`],
    ['POST', `webhooks/${hookId}/deliveries/x/redeliver`, {}],
    ['PATCH', `teams/${teamId}`, { name: 'stolen' }],
    ['DELETE', `teams/${teamId}`],
    ['POST', `teams/${teamId}/members`, { username: 'mallory', role: 'owner' }],
    ['PATCH', `teams/${teamId}/members/x`, { role: 'owner' }],
    ['DELETE', `teams/${teamId}/members/x`],
    ['PATCH', `accounts/${account}`, { creditLimit: 0 }],
    ['GET', `accounts/${account}/entries`],
    ['POST', `accounts/${account}/credits`, { amount: 1, note: 'x' }],
    ['GET', `invoices?accountId=${account}&month=2026-11`],
    ['GET', `invoices/csv?accountId=${account}&month=2026-11`],
    ['PATCH', `budgets/${budgets[0]?.id}`, { softLimit: null, hardLimit: 1 }],
    ['DELETE', `budgets/${budgets[0]?.id}`],
    ['PUT', `plans/${plans[0]?.id}`, { name: 'stolen', allowance: 9, rollover: true }],
    ['DELETE', `plans/${plans[0]?.id}`],
    ['PUT', 'people/x/plan', { planId: plans[0]?.id }],
    ['GET', `calls/${calls[0]?.id}`],
    ['GET', `requests/${calls[0]?.id}`],
    ['DELETE', 'openbox/runs/x'],
  ];
  for (const [method, path, body] of attempts) {
    const { status } = await mallory.refusal(method, `/api/platform/${path}`, body);
    expect([403, 404], `${method} ${path}: ${status}`).toContain(status);
  }
});

test('lists and searches show one’s own only', async () => {
  for (const [who, other] of [
    ['mallory', 'owner'],
    ['owner', 'mallory'],
  ] as const) {
    const lists = await Promise.all(
      ['', '?search=secret', '?search=Confidant', `?character=${belongings[other].character.id}`].map((query) =>
        people[who].call<ConversationList>('GET', `/api/conversations${query}`),
      ),
    );
    expect(lists.map(({ conversations }) => conversations.map(({ id }) => id))).toEqual([
      [belongings[who].conversation.id],
      [belongings[who].conversation.id],
      [belongings[who].conversation.id],
      [],
    ]);
    const { characters } = await people[who].call<{ characters: Character[] }>('GET', '/api/characters');
    expect(characters.filter(({ starter }) => !starter).every(({ mine }) => mine)).toBe(true);
  }
});

test('a conversation cannot be begun with somebody else’s character', async () => {
  const refusal = await people.mallory.refusal('POST', '/api/conversations', {
    characterId: belongings.owner.character.id,
  });
  expect(refusal).toMatchObject({ status: 404, field: 'characterId' });
});

test('a message of another person cannot be named inside one’s own conversation', async () => {
  const own = `/api/conversations/${belongings.mallory.conversation.id}`;
  const { messageId } = belongings.owner;
  const attempts: [Method, string, unknown?][] = [
    ['POST', `${own}/path`, { messageId }],
    ['POST', `${own}/replies`, { kind: 'regenerate', messageId }],
    ['POST', `${own}/replies`, { kind: 'continue', messageId }],
    ['POST', `${own}/replies`, { kind: 'answer', messageId }],
    ['GET', `${own}/messages?before=${messageId}`],
    ['POST', `${own}/branch-off`, { messageId }],
    ['POST', `${own}/marks`, { messageId, kind: 'branch' }],
    ['POST', `${own}/batches`, { action: 'delete', selection: { messageIds: [messageId] } }],
    ['POST', `${own}/batches`, { action: 'hide', selection: { fromId: messageId } }],
    ['GET', `${own}/compare?left=${messageId}&right=${messageId}`],
  ];
  for (const [method, path, body] of attempts) {
    expect(await people.mallory.refusal(method, path, body)).toMatchObject({ status: 404 });
  }
});

test('a clientId that another person used says nothing about theirs', async () => {
  const mine = await people.owner.begin('starter-mira', { clientId: 'shared-begin' });
  const yours = await people.mallory.begin('starter-mira', { clientId: 'shared-begin' });
  expect(yours.id).not.toBe(mine.id);
  const first = await people.owner.say(mine.id, 'mine', { clientId: 'shared', reply: false });
  const second = await people.mallory.say(yours.id, 'yours', { clientId: 'shared', reply: false });
  expect(second.message.id).not.toBe(first.message.id);
});

test('a removed person’s stream ends, and what was theirs is gone', async () => {
  const guest = await house.member('guest');
  const theirs = await settle(guest);
  const watcher = guest.watch(theirs.conversation.id);
  await watcher.event('conversation-snapshot');
  const { users } = await people.owner.call<{ users: { id: string; username: string }[] }>('GET', '/api/house/users');
  const { id } = users.find(({ username }) => username === 'guest')!;
  await people.owner.call('DELETE', `/api/house/users/${id}`);
  await watcher.ended;
  expect(await guest.refusal('GET', `/api/conversations/${theirs.conversation.id}`)).toMatchObject({ status: 401 });
  for (const table of ['conversation', 'character'] as const) {
    const rows = await house.app.storage.db.selectFrom(table).select('id').where('ownerId', '=', id).execute();
    expect(rows).toEqual([]);
  }
});
