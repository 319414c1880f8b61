import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Conversation } from '../../contract/conversations.ts';
import type { Message, Receipt, SentMessage } from '../../contract/messages.ts';
import { wordsOf, type Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { comeAsGuest, inviteTo, seatOf } from './support/room-people.ts';
import { talkingScript } from './support/scripts.ts';

/** A word that is nowhere else in the house. */
const TOKEN = 'xylocarp7319';
const DOORED = 'quillwort5522';

let house: ChatHouse;
let host: Caller;
let ann: Caller;
let kim: Caller;
let room: Conversation;
let whispered: SentMessage;
let wrenId: string;
let miraId: string;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  host = house.owner;
  const { id } = await host.begin('starter-mira');
  const made = await host.call<Conversation>('POST', `/api/conversations/${id}/participants`, {
    characterId: 'starter-wren',
  });
  const idOf = (subject: string) => made.participants.find(({ subjectId }) => subjectId === subject)!.id;
  [wrenId, miraId] = [idOf('starter-wren'), idOf('starter-mira')];
  ann = await house.member('ann');
  await ann.call('POST', `/api/rooms/door/${await inviteTo(host, id)}/enter`, {});
  kim = await comeAsGuest(house, { token: await inviteTo(host, id), name: 'Kim' });
  room = await host.conversation(id);
});
afterAll(() => house[Symbol.asyncDispose]());

interface OpenApi {
  paths: Record<string, Record<string, unknown>>;
}

const queries: Record<string, string> = {
  '/api/conversations/{id}/export': '?format=text',
  '/api/characters/{id}/export': '?format=v3-json',
  '/api/characters/{id}/voice': '?locale=en',
  '/api/characters/{id}/memory/search': `?query=${TOKEN}`,
};

interface Said {
  path: string;
  text: string;
}

/** Everything that one person's GET routes say about the room, its messages and its characters, as text. */
async function everythingSaidTo(who: Caller, messageIds: readonly string[], words: string): Promise<Said[]> {
  const { paths } = await host.call<OpenApi>('GET', '/api/openapi.json');
  const asked = new Set<string>(['/api/conversations', `/api/conversations?search=${words}`, '/api/me/export']);
  for (const [path, methods] of Object.entries(paths)) {
    if (!('get' in methods) || path.endsWith('/events') || path.includes('/door')) continue;
    const query = queries[path] ?? '';
    const fill = (id: string) => path.replace(/\{\w+\}/, id).replace(/\{\w+\}/g, messageIds[0]!) + query;
    if (path.startsWith('/api/conversations/{')) asked.add(fill(room.id));
    else if (path.startsWith('/api/messages/{')) for (const id of messageIds) asked.add(fill(id));
    else if (path.startsWith('/api/characters/{'))
      for (const id of ['starter-wren', 'starter-mira']) asked.add(fill(id));
    else if (!path.includes('{')) asked.add(path + (path.includes('search') ? `?q=${words}` : query));
  }
  expect(asked.size).toBeGreaterThan(30);
  const said: Said[] = [];
  for (const path of asked) {
    const response = await who.fetch(path);
    const bytes = Buffer.from(await response.arrayBuffer());
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    said.push({ path, text: (isGzip ? gunzipSync(bytes) : bytes).toString('latin1') });
  }
  return said;
}

/** Where words stand that should not. */
const heardIn = (said: readonly Said[], words: string) =>
  said
    .filter(({ text }) => text.includes(words))
    .map(({ path, text }) => `${path}: ${text.slice(Math.max(0, text.indexOf(words) - 80), text.indexOf(words) + 40)}`);

test('what two whisper is in no byte that a third one is sent, neither by a route nor by a stream', async () => {
  await using hosting = host.watch(room.id);
  await using listening = kim.watch(room.id);
  await using whispering = ann.watch(room.id);
  for (const watcher of [hosting, listening, whispering]) await watcher.event('conversation-snapshot');
  whispered = await ann.say(room.id, `Keep it: ${TOKEN}`, { to: [wrenId], speakers: [wrenId] });
  const replyId = await whispering.event('reply-start').then(({ message }) => message.id);
  const ended = await whispering.event('reply-end', ({ messageId }) => messageId === replyId);
  expect(wordsOf(ended.message)).toContain(TOKEN);
  expect(ended.message).toMatchObject({ manner: 'whisper', withheld: false });
  expect(whispering.events.some(({ type }) => type === 'text-delta')).toBe(true);
  const seatOfAnn = seatOf(room, 'ann');
  expect([...(ended.message.audience as string[])].toSorted()).toEqual([seatOfAnn, wrenId].toSorted());
  for (const watcher of [hosting, listening]) {
    await watcher.event('reply-end', ({ messageId }) => messageId === replyId);
    await watcher.event('conversation-change', ({ conversation }) => !conversation.replying);
    expect(JSON.stringify(watcher.events)).not.toContain(TOKEN);
    expect(watcher.events.some(({ type }) => type === 'text-delta' || type === 'reasoning-delta')).toBe(false);
  }
  const ids = [whispered.message.id, replyId];
  for (const who of [host, kim]) {
    for (const id of ids) {
      expect(await who.message(id)).toMatchObject({
        withheld: true,
        parts: [],
        author: { kind: 'narrator', id: '', name: '' },
        audience: [],
        hasReceipt: false,
      });
      expect(await who.refusal('GET', `/api/messages/${id}/receipt`)).toMatchObject({ code: 'message-withheld' });
      expect(await who.refusal('POST', `/api/messages/${id}/edit`, { text: 'x' })).toMatchObject({ status: 404 });
    }
    expect(heardIn(await everythingSaidTo(who, ids, TOKEN), TOKEN)).toEqual([]);
    const { preview } = await who.conversation(room.id);
    expect(preview).not.toContain(TOKEN);
  }
  expect(wordsOf(await ann.message(whispered.message.id))).toContain(TOKEN);
});

test('the host reads the prompt of a later reply without the words that the host did not hear', async () => {
  await using hosting = host.watch(room.id);
  await hosting.event('conversation-snapshot');
  await host.say(room.id, 'Wren, what do you think?', { speakers: [wrenId] });
  const { message } = await hosting.event('reply-end');
  const prompt = await host.call<{ exact: boolean; redacted?: true }>('GET', `/api/messages/${message.id}/prompt`);
  expect(JSON.stringify(prompt)).not.toContain(TOKEN);
  expect(prompt).toMatchObject({ exact: false, redacted: true });
  // Wren did know: the house kept it.
  const rows = await house.app.storage.db
    .selectFrom('promptRecord')
    .select('body')
    .where('messageId', '=', message.id)
    .execute();
  const texts = await house.app.storage.db
    .selectFrom('promptText')
    .select('text')
    .where('conversationId', '=', room.id)
    .execute();
  expect(rows[0]!.body.includes(whispered.message.id) || texts.some(({ text }) => text.includes(TOKEN))).toBe(true);
  const receipt = await ann.call<Receipt>('GET', `/api/messages/${message.id}/receipt`);
  expect(receipt.memory).toBeUndefined();
  expect(receipt.lore).toBeUndefined();
  expect(await ann.refusal('GET', `/api/messages/${message.id}/prompt`)).toMatchObject({ status: 404 });
});

test('behind a closed door the words stay, and an aside stays with whoever said it', async () => {
  await host.call('POST', `/api/conversations/${room.id}/door`, {
    participantIds: [seatOf(room, 'Kim'), miraId],
    door: 'Pantry',
  });
  const { message } = await kim.say(room.id, `In here: ${DOORED}`, { reply: false });
  expect(message.manner).toBe('door');
  expect([...(message.audience as string[])].toSorted()).toEqual([seatOf(room, 'Kim'), miraId].toSorted());
  for (const who of [host, ann]) {
    expect(heardIn(await everythingSaidTo(who, [message.id], DOORED), DOORED)).toEqual([]);
  }
  await host.call('POST', `/api/conversations/${room.id}/door`, {
    participantIds: [seatOf(room, 'Kim'), miraId],
    door: '',
  });
  const aside = await host.say(room.id, 'Only for me: hushaby', { to: [] });
  expect(aside).toMatchObject({ reply: null, message: { manner: 'aside', audience: [room.seatId] } });
  expect((await kim.message(aside.message.id)).withheld).toBe(true);
  const edited = await host.call<{ message: Message }>('POST', `/api/messages/${aside.message.id}/edit`, {
    text: 'Only for me: hushabye',
    reply: true,
  });
  expect(edited.message).toMatchObject({ manner: 'aside', audience: [room.seatId] });
  expect(await kim.message(edited.message.id)).toMatchObject({ withheld: true, parts: [] });
});

test('words are whispered only to those who are there', async () => {
  const said = { text: 'Psst', clientId: 'psst' };
  const path = `/api/conversations/${room.id}/messages`;
  expect(await host.refusal('POST', path, { ...said, to: ['nobody'] })).toMatchObject({ status: 404, field: 'to' });
  await host.call('POST', `/api/conversations/${room.id}/participants/${miraId}/presence`, { present: false });
  expect(await host.refusal('POST', path, { ...said, to: [miraId] })).toMatchObject({ status: 409, field: 'to' });
  await host.call('POST', `/api/conversations/${room.id}/participants/${miraId}/presence`, { present: true });
});

test('ten who watch a reply cost one', async () => {
  const { id } = await host.begin('starter-mira');
  const token = await inviteTo(host, id, 9);
  const guests = await Promise.all(
    Array.from({ length: 9 }, (_, index) => comeAsGuest(house, { token, name: `Guest ${index}` })),
  );
  const watchers = [host, ...guests].map((who) => who.watch(id));
  for (const watcher of watchers) await watcher.event('conversation-snapshot');
  await host.say(id, 'A long one for all');
  const ends = await Promise.all(watchers.map((watcher) => watcher.event('reply-end')));
  expect(new Set(ends.map(({ message }) => wordsOf(message))).size).toBe(1);
  const receipts = await house.app.storage.db
    .selectFrom('receipt')
    .select('messageId')
    .where('conversationId', '=', id)
    .execute();
  expect(receipts).toHaveLength(1);
  for (const watcher of watchers) await watcher[Symbol.asyncDispose]();
});
