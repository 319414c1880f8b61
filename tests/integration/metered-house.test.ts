import { afterAll, beforeAll, expect, test } from 'vitest';
import { meteredPurposeSchema, type MeteredKind, type MeteredPurpose } from '../../contract/metering.ts';
import type { World } from '../../contract/worlds.ts';
import { encodeWav } from '../../src/base/audio/wav.ts';
import { DISTIL_JOB, SUMMARISE_JOB } from '../../src/memory/conversation-jobs.ts';
import { findDifferences } from '../../src/metering/reconcile-store.ts';
import { toTones } from '../../src/models/scripted/spoken-tones.ts';
import { attach } from './support/attach.ts';
import type { Caller } from './support/caller.ts';
import { MemoryHouse } from './support/memory-house.ts';
import { openRoom } from './support/rooms.ts';
import { TestPhone } from './support/test-phone.ts';
import { until } from './support/until.ts';

/** Everything that can be used has a price, so that nothing goes unseen. */
const PRICES = {
  inputPerMillion: 1_000_000,
  outputPerMillion: 2_000_000,
  charactersPerMillion: 3_000_000,
  audioPerMinute: 4_000_000,
};

const says = (text: string) => [{ type: 'tokens' as const, tokens: [text] }];

let memory: MemoryHouse;
let owner: Caller;

beforeAll(async () => {
  memory = await MemoryHouse.open({
    // Too little for a file of some pages, which is looked through instead.
    contextLength: 3000,
    rules: [
      { when: { contains: 'Write three short' }, steps: says('{"suggestions":["One.","Two.","Three."]}') },
      { when: { contains: '“name”' }, steps: says('{"name": "Otto"}') },
    ],
    otherwise: 'echo',
    titleRules: [{ steps: says('{"title": "The winter tides"}') }],
    memoryRules: [
      { when: { matches: '^Lines:' }, steps: says('{"sentences":[]}') },
      { when: { matches: '^1\\. ' }, steps: says('{"facts":[]}') },
      { steps: says('{"kind":"lasting","text":""}') },
    ],
    directionRules: [{ steps: says('{"next":"Old Tomas","why":"He mends boats."}') }],
    embeddings: [{ name: 'words' }],
  });
  ({ owner } = memory.house);
  await owner.call('PUT', '/api/platform/prices', { ref: '*', prices: PRICES });
});
afterAll(() => memory?.[Symbol.asyncDispose]());

const rows = () => memory.house.app.storage.db.selectFrom('meteredCall').selectAll().execute();

async function billed(purpose: MeteredPurpose, kind: MeteredKind, more: { door?: string } = {}): Promise<void> {
  await until(`${kind} for ${purpose} was billed`, async () => {
    const found = (await rows()).filter((row) => row.purpose === purpose && row.kind === kind);
    return found.some(({ state, cost, door }) => state === 'settled' && cost > 0 && door === (more.door ?? door));
  });
}

async function post(path: string, body: object | Uint8Array<ArrayBuffer>): Promise<void> {
  const isSound = body instanceof Uint8Array;
  const response = await owner.fetch(path, {
    method: 'POST',
    headers: { 'content-type': isSound ? 'audio/wav' : 'application/json' },
    body: isSound ? body : JSON.stringify(body),
  });
  // To its end: what is not read is not made.
  const text = await response.text();
  if (!response.ok || text.includes('"failed"')) throw new Error(`${path} failed: ${text}`);
}

test('what a house does around a conversation is billed to whose it is: titles, memories, words, files, directions', async () => {
  const { conversation } = await memory.begin();
  const { id } = conversation;
  const { reply } = await memory.say(id, 'I was born in 1980, in Riga, and my brother works in a bank in Oslo.');
  await billed('reply', 'text', { door: 'conversation' });
  await billed('title', 'text');
  await billed('recall', 'embedding');
  memory.pass(6 * 60_000);
  await memory.work([DISTIL_JOB, SUMMARISE_JOB]);
  await billed('memory', 'text');

  await post(`/api/messages/${reply.id}/translations`, { language: 'zh-Hans' });
  await billed('translation', 'text');
  await post(`/api/conversations/${id}/suggestions`, {});
  await billed('writing', 'text');
  await post('/api/characters/draft', { idea: 'a ferryman', fields: ['name'], wish: '', locale: 'en' });
  await billed('drafting', 'text');

  const pages = Array.from({ length: 60 }, (_, page) => `Page ${page}. ${'The pier was mended again. '.repeat(30)}`);
  const file = await attach(owner, id, { name: 'pier.txt', bytes: Buffer.from(pages.join('\n\n')) });
  await owner.call('POST', `/api/conversations/${id}/messages`, {
    clientId: 'with-a-file',
    text: 'Who mended the pier?',
    attachments: [file.id],
  });
  await billed('document', 'embedding');

  const room = await openRoom(memory.house, { settings: { turnOrder: 'director', mostReplies: 1 } });
  await owner.say(room.id, 'Who can mend the boat?');
  await billed('direction', 'text');

  const world = await owner.call<World>('POST', '/api/worlds', { name: 'The Grey Coast', description: 'Lamps.' });
  const there = await owner.begin('starter-mira', { scene: { worldId: world.id, placeId: null } });
  await owner.talk(there.id, 'The old lighthouse has burned down.');
  await owner.call('POST', `/api/worlds/${world.id}/proposals`, {});
  await billed('world', 'text');
});

test('what is said and heard is billed: read aloud, dictated, tried, in calls, by programs', async () => {
  const { id } = await owner.begin();
  const { reply } = await owner.talk(id, 'The tide turns. Mind the rocks!');
  await owner.fetch(`/api/messages/${reply.id}/speech`).then((response) => response.arrayBuffer());
  await billed('reading', 'speech');
  // Two sentences and one voice are one bill.
  const aloud = (await rows()).filter(({ purpose }) => purpose === 'reading');
  expect(aloud).toMatchObject([
    { kind: 'speech', characters: 'The tide turns.Mind the rocks!'.length, door: 'conversation' },
  ]);
  expect(aloud[0]?.audioInMs).toBeGreaterThan(0);

  const sound = encodeWav({
    samples: toTones('Where is the boat?', { sampleRate: 16_000, speed: 1 }),
    sampleRate: 16_000,
  });
  await post(`/api/conversations/${id}/voice-messages?clientId=voice`, new Uint8Array(sound));
  await billed('dictation', 'transcription', { door: 'conversation' });
  await owner.fetch('/api/voice/sample?locale=en').then((response) => response.arrayBuffer());
  await billed('sample', 'speech');

  const { calls, accounts } = memory.house.app;
  const target = { kind: 'conversation', conversationId: id } as const;
  const key = { id: 'phone', teamId: null, models: null, requestsPerMinute: null, tokensPerMinute: null };
  const actor = { ...accounts.terminalActor, via: 'key' as const, key };
  const call = await calls.open(actor, { target, playback: 'reported', greet: false });
  using phone = new TestPhone(call);
  phone.say('weather');
  const { replyId } = await phone.event('reply-end');
  await until('all of it has sounded', () => phone.heard(replyId) === 'weather');
  await call.call.end('hung-up');
  await billed('reply', 'text', { door: 'call' });
  await billed('reply', 'speech', { door: 'call' });
  await billed('dictation', 'transcription', { door: 'call' });
  const called = (await rows()).filter(({ door }) => door === 'call');
  expect(new Set(called.map(({ keyId }) => keyId))).toEqual(new Set(['phone']));

  await post('/v1/chat/completions', { model: 'test', messages: [{ role: 'user', content: 'Hello' }] });
  await billed('request', 'text', { door: 'api' });
});

test('nothing is left out: every purpose has its bills, all of them the owner’s, told once each, and the books agree', async () => {
  const { db } = memory.house.app.storage;
  await until('everything has ended', async () => (await rows()).every(({ state }) => state !== 'held'));
  const all = await rows();
  const paid = new Set(all.filter(({ cost }) => cost > 0).map(({ purpose }) => purpose));
  expect(meteredPurposeSchema.options.filter((purpose) => !paid.has(purpose))).toEqual([]);
  expect(new Set(all.map(({ userId }) => userId))).toEqual(new Set([memory.house.app.accounts.terminalActor.userId]));
  const told = await db.selectFrom('event').select('subjectId').where('type', '=', 'model-use').execute();
  expect(told.map(({ subjectId }) => subjectId).toSorted()).toEqual(all.map(({ id }) => id).toSorted());
  expect(await findDifferences(db)).toEqual([]);
});

test('who has no credit left is told so before the model works, also for what is not a reply', async () => {
  const member = await memory.house.member('ann');
  const { id } = await member.begin();
  const { message } = await member.say(id, 'Hallo', { reply: false });
  const { ledger, storage } = memory.house.app;
  const { id: userId } = await storage.db
    .selectFrom('user')
    .select('id')
    .where('name', '=', 'ann')
    .executeTakeFirstOrThrow();
  await ledger.openAccount(`user:${userId}`);
  await ledger.setCreditLimit(`user:${userId}`, 0);
  // Memory of what was said before may be billed meanwhile.
  const translations = async () => (await rows()).filter(({ purpose }) => purpose === 'translation').length;
  const before = await translations();
  const response = await member.fetch(`/api/messages/${message.id}/translations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ language: 'en' }),
  });
  expect(await response.text()).toContain('"code":"insufficient-quota"');
  expect(await translations()).toBe(before);
});
