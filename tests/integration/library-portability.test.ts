import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { extract } from 'tar-stream';
import type { Character } from '../../contract/characters.ts';
import type { Persona } from '../../contract/personas.ts';
import type { ConversationList } from '../../contract/conversations.ts';
import type { Message } from '../../contract/messages.ts';
import type { MessageNode } from '../../src/conversation/tree-types.ts';
import { textOf } from '../../src/conversation/tree-types.ts';
import type { Caller } from './support/caller.ts';
import { dataUrl, pngPixel } from './support/card-files.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
});
afterAll(() => house[Symbol.asyncDispose]());

async function download(who: Caller): Promise<Map<string, Buffer>> {
  const response = await who.fetch('/api/me/export');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-disposition')).toMatch(/^attachment/);
  const files = new Map<string, Buffer>();
  const archive = Readable.fromWeb(response.body!).pipe(createGunzip()).pipe(extract());
  for await (const entry of archive) files.set(entry.header.name, await buffer(entry));
  return files;
}

const json = (files: Map<string, Buffer>, name: string): unknown => JSON.parse(files.get(name)?.toString() ?? 'null');

/** A life in the house: characters with versions, conversations with branches, some of it deleted. */
async function live(who: Caller, name: string) {
  const shared = pngPixel('shared by all');
  const own = pngPixel(`of ${name} alone`);
  const kept = await who.call<Character>('POST', '/api/characters', {
    name: `${name}’s friend`,
    greeting: 'Hi',
    picture: dataUrl(own),
  });
  await who.call('PUT', `/api/characters/${kept.id}`, {
    name: `${name}’s friend`,
    greeting: 'Ho',
    expectedVersionId: kept.versionId,
  });
  const gone = await who.call<Character>('POST', '/api/characters', { name: 'Deleted one', picture: dataUrl(shared) });
  await who.call('DELETE', `/api/characters/${gone.id}`);
  const persona = await who.call<Persona>('POST', '/api/personas', { name: `${name} at sea`, picture: dataUrl(own) });
  await who.call('PUT', `/api/characters/${kept.id}/persona`, { personaId: persona.id });
  const talk = await who.begin(kept.id);
  const { sent, reply } = await who.talk(talk.id, `${name} says it`);
  const again = await who.call<{ reply: Message }>('POST', `/api/conversations/${talk.id}/replies`, {
    kind: 'regenerate',
    messageId: reply.id,
  });
  await who.ended(talk.id, again.reply.id);
  await who.call('DELETE', `/api/messages/${sent.message.id}`);
  const old = await who.begin();
  await who.say(old.id, `${name} forgot this`, { reply: false });
  await who.call('DELETE', `/api/conversations/${old.id}`);
  for (const characterId of [kept.id, 'starter-mira']) {
    await who.call('POST', `/api/characters/${characterId}/memory/facts`, { about: 'user', text: `${name} sails.` });
  }
  const asked = { model: 'test', input: `${name} asks` };
  const { id: responseId } = await who.call<{ id: string }>('POST', '/v1/responses', asked);
  const conversation = { items: [{ role: 'user', content: `${name} begins` }] };
  const { id: apiConversationId } = await who.call<{ id: string }>('POST', '/v1/conversations', conversation);
  const api = [`api/responses/${responseId}.json`, `api/conversations/${apiConversationId}.json`];
  return { api, kept, persona, talk, old, replies: [reply.id, again.reply.id], own };
}

test('the archive holds everything of one’s own and nothing of others; deleting all does the same', async () => {
  const [ann, bo] = await Promise.all([house.member('ann'), house.member('bo')]);
  const annHas = await live(ann, 'Ann');
  await live(bo, 'Bo');

  const files = await download(ann);
  expect([...files.keys()].toSorted()).toEqual(
    [
      'profile.json',
      'usage.json',
      'library.json',
      'characters/ann-s-friend.json',
      'characters/ann-s-friend.png',
      'characters/ann-s-friend.version-1.json',
      'characters/ann-s-friend.version-1.png',
      'characters/deleted-one.json',
      'characters/deleted-one.png',
      'personas/ann-at-sea.json',
      'personas/ann-at-sea.png',
      'memory/ann-s-friend.json',
      'memory/mira.json',
      `conversations/${annHas.talk.id}.json`,
      `conversations/${annHas.old.id}.json`,
      ...annHas.api,
    ].toSorted(),
  );
  expect(json(files, 'profile.json')).toMatchObject({ name: 'ann', username: 'ann' });
  expect(files.get('characters/ann-s-friend.png')).toEqual(annHas.own);
  expect(json(files, 'usage.json')).toMatchObject({ entries: [], calls: expect.any(Array) });
  const library = json(files, 'library.json') as { marks: { characterId: string; personaId: string | null }[] };
  expect(library.marks.find(({ characterId }) => characterId === annHas.kept.id)?.personaId).toBe(annHas.persona.id);
  expect(files.get('personas/ann-at-sea.png')).toEqual(annHas.own);
  expect(json(files, 'personas/ann-at-sea.json')).toMatchObject({ name: 'Ann at sea', position: 'prompt' });
  expect(json(files, 'memory/mira.json')).toMatchObject({
    format: 'everwith-memory',
    facts: [{ text: 'Ann sails.', about: 'user' }],
  });
  expect(json(files, 'characters/ann-s-friend.json')).toMatchObject({ data: { first_mes: 'Ho' } });
  expect(json(files, 'characters/ann-s-friend.version-1.json')).toMatchObject({ data: { first_mes: 'Hi' } });
  const talk = json(files, `conversations/${annHas.talk.id}.json`) as {
    messages: MessageNode[];
    receipts: { messageId: string }[];
  };
  expect(talk.messages.map(({ parts }) => textOf(parts))).toEqual([
    'Ho',
    ...Array.from({ length: 3 }, () => 'Ann says it'),
  ]);
  expect(talk.receipts.map(({ messageId }) => messageId).toSorted()).toEqual(annHas.replies.toSorted());
  expect([...files.values()].some((bytes) => /Bo (says|forgot|sails)|Bo’s/.test(bytes.toString()))).toBe(false);

  // What was taken along can be dropped in again.
  const card = files.get('characters/ann-s-friend.json')!.toString('base64');
  const back = await bo.call('POST', '/api/characters/import', { fileName: 'friend.json', data: card });
  expect(back).toMatchObject({ format: 'V3 JSON', character: { name: 'Ann’s friend' } });

  const boBefore = await download(bo);
  const { db, blobs } = house.app.storage;
  const { id: annId } = await ann.call<{ id: string }>('GET', '/api/me');
  const created = await ann.call<{ key: string }>('POST', '/api/keys', { name: 'k' });
  for (const confirm of ['yes', '', undefined]) {
    expect(await ann.refusal('POST', '/api/me/delete-all', { confirm })).toMatchObject({
      status: 400,
      field: 'confirm',
    });
  }
  const running = await ann.begin();
  await ann.say(running.id, 'hang');
  await ann.call('POST', '/api/me/delete-all', { confirm: 'delete' });

  const keyed = await fetch(`${house.address}/api/conversations`, {
    headers: { authorization: `Bearer ${created.key}` },
  });
  expect(keyed.status).toBe(401);
  expect((await ann.call<ConversationList>('GET', '/api/conversations')).conversations).toEqual([]);
  expect([...(await download(ann)).keys()]).toEqual(['profile.json']);
  for (const table of ['conversation', 'character', 'persona', 'memoryFact'] as const) {
    expect(await db.selectFrom(table).select('id').where('ownerId', '=', annId).execute()).toEqual([]);
  }
  const owned = await db.selectFrom('conversation').select('id').execute();
  for (const table of ['message', 'receipt', 'participant', 'messageSearchRow'] as const) {
    const rows = await db.selectFrom(table).select('conversationId').distinct().execute();
    expect(rows.filter(({ conversationId }) => !owned.some(({ id }) => id === conversationId))).toEqual([]);
  }
  // Pictures that others use stay, the others are gone.
  const assets = (await db.selectFrom('asset').select('hash').execute()).map(({ hash }) => hash).toSorted();
  expect((await blobs.list()).toSorted()).toEqual(assets);
  const boAfter = await download(bo);
  const content = ([name, bytes]: [string, Buffer]) =>
    name.startsWith('memory/')
      ? [name, bytes.toString().replace(/"exportedAt": \d+/, '')]
      : [name, bytes.toString('base64')];
  expect([...boAfter].map(content)).toEqual([...boBefore].map(content));
  // The person themselves is still there.
  expect(await ann.call('GET', '/api/me')).toMatchObject({ username: 'ann' });
});

test('a reader who leaves in the middle of an archive harms nobody', async () => {
  const cy = await house.member('cy');
  const { id } = await cy.begin();
  for (let index = 0; index < 20; index += 1) await cy.say(id, `${index} ${'长'.repeat(50_000)}`, { reply: false });
  const leaving = new AbortController();
  const response = await cy.fetch('/api/me/export', { signal: leaving.signal });
  await response.body!.getReader().read();
  leaving.abort();
  expect([...(await download(cy)).keys()]).toContain(`conversations/${id}.json`);
});
