import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Me } from '../../contract/accounts.ts';
import type { Conversation, ConversationList } from '../../contract/conversations.ts';
import type { Message } from '../../contract/messages.ts';
import type { RoomDoor } from '../../contract/rooms.ts';
import { Caller, type Method } from './support/caller.ts';
import { openHouse, PASSWORD, type ChatHouse } from './support/open-house.ts';
import { comeAsGuest, inviteTo, seatOf } from './support/room-people.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;
let nobody: Caller;

beforeAll(async () => {
  const says = (text: string) => [{ type: 'tokens' as const, tokens: [text] }];
  house = await openHouse({
    script: {
      ...talkingScript,
      rules: [
        { when: { contains: '4711' }, steps: says('The secret is out.') },
        { when: { contains: 'Good evening, Kim' }, steps: says('And to you.') },
        ...(talkingScript.rules ?? []),
      ],
    },
  });
  ({ owner } = house);
  nobody = new Caller(() => house.address, {});
});
afterAll(() => house[Symbol.asyncDispose]());

async function roomWithGuest(name = 'Kim'): Promise<{ id: string; guest: Caller; seatId: string }> {
  const { id } = await owner.begin('starter-mira');
  const guest = await comeAsGuest(house, { token: await inviteTo(owner, id), name });
  return { id, guest, seatId: seatOf(await owner.conversation(id), name) };
}

test('a link tells what stands behind it, lets in as often as it says, and then no more', async () => {
  const { id } = await owner.begin('starter-mira');
  await owner.call('PATCH', `/api/conversations/${id}`, { title: 'Winter at the lighthouse' });
  const token = await inviteTo(owner, id, 2);
  const door = await nobody.call<RoomDoor>('GET', `/api/rooms/door/${token}`);
  expect(door).toMatchObject({ title: 'Winter at the lighthouse', signedIn: false, conversationId: null });
  expect((await nobody.fetch(door.pictureUrl!)).headers.get('content-type')).toMatch(/^image\//);
  const enter = `/api/rooms/door/${token}/enter`;
  expect(await nobody.refusal('POST', enter, {})).toMatchObject({ status: 400, code: 'name-needed', field: 'name' });
  expect(await nobody.refusal('POST', enter, { name: '\u202e\u200b\u0007 ' })).toMatchObject({
    status: 400,
    field: 'name',
  });
  const first = await comeAsGuest(house, { token, name: 'Ki\u202em\u0000\n  Lee' });
  await comeAsGuest(house, { token, name: 'kim lee' });
  const names = (await owner.conversation(id)).participants
    .filter(({ role }) => role === 'guest')
    .map((one) => one.name);
  expect(names).toEqual(['Kim Lee', 'kim lee (2)']);
  expect(await nobody.refusal('POST', enter, { name: 'Late' })).toMatchObject({
    status: 404,
    code: 'invitation-invalid',
  });
  expect(await nobody.refusal('GET', `/api/rooms/door/${token}`)).toMatchObject({ status: 404 });
  // Whoever is in already is shown the way, also by a link that is used up.
  expect(await first.call<RoomDoor>('GET', `/api/rooms/door/${token}`)).toMatchObject({
    conversationId: id,
    signedIn: true,
  });
  expect(await first.call('POST', enter, {})).toEqual({ conversationId: id });
});

test('of many who come at once by a link for one exactly one comes in', async () => {
  const { id } = await owner.begin('starter-mira');
  const token = await inviteTo(owner, id);
  const tries = await Promise.allSettled(
    Array.from({ length: 5 }, (_, index) => comeAsGuest(house, { token, name: `Racer ${index}` })),
  );
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect((await owner.conversation(id)).participants.filter(({ role }) => role === 'guest')).toHaveLength(1);
});

test('links that were taken back or are too old let nobody in', async () => {
  const { id } = await owner.begin('starter-mira');
  const token = await inviteTo(owner, id);
  const { invites } = await owner.call<{ invites: { id: string }[] }>('GET', `/api/conversations/${id}/invites`);
  expect(JSON.stringify(invites)).not.toContain(token);
  await owner.call('DELETE', `/api/conversations/${id}/invites/${invites[0]!.id}`);
  expect(await nobody.refusal('GET', `/api/rooms/door/${token}`)).toMatchObject({ status: 404 });
  const old = await inviteTo(owner, id);
  await house.app.storage.db.updateTable('roomInvite').set({ expiresAt: 1 }).where('revokedAt', 'is', null).execute();
  expect(await nobody.refusal('GET', `/api/rooms/door/${old}`)).toMatchObject({ code: 'invitation-invalid' });
  expect(await nobody.refusal('POST', `/api/rooms/door/${old}/enter`, { name: 'Late' })).toMatchObject({ status: 404 });
});

test('a guest reaches the room and nothing else of the house', async () => {
  const { id, guest } = await roomWithGuest();
  const { paths } = await owner.call<{ paths: Record<string, Record<string, { security?: unknown }>> }>(
    'GET',
    '/api/openapi.json',
  );
  const open = new Set([
    'GET /api/me',
    'PATCH /api/me',
    'GET /api/conversations',
    'GET /api/conversations/{id}',
    'GET /api/conversations/{id}/events',
    'GET /api/conversations/{id}/messages',
    'POST /api/conversations/{id}/messages',
    'POST /api/conversations/{id}/replies',
    'POST /api/conversations/{id}/stop',
    'POST /api/conversations/{id}/path',
    'POST /api/conversations/{id}/leave',
    'POST /api/conversations/{id}/typing',
    'POST /api/conversations/{id}/run',
    // What helps them to read and to write, as far as the host allows, and who they are there.
    'GET /api/conversations/{id}/translations',
    'POST /api/messages/{id}/translations',
    'GET /api/messages/{id}/speech',
    'POST /api/conversations/{id}/impersonation',
    'POST /api/conversations/{id}/suggestions',
    'PUT /api/conversations/{id}/persona',
    'GET /api/conversations/{id}/search',
    'GET /api/personas',
    'POST /api/personas',
    'PUT /api/personas/{id}',
    'GET /api/messages/{id}',
    'POST /api/messages/{id}/edit',
    'DELETE /api/messages/{id}',
    'POST /api/messages/{id}/restore',
    'GET /api/messages/{id}/receipt',
    'GET /api/assets/{hash}',
    // How they keep and see their own list of rooms.
    'GET /api/conversations/{id}/look',
    'PUT /api/conversations/{id}/look',
    'GET /api/conversations/{id}/background',
    'GET /api/conversation-folders',
    'POST /api/conversation-folders',
    'PUT /api/conversation-folders/order',
    'PATCH /api/conversation-folders/{id}',
    'DELETE /api/conversation-folders/{id}',
    'POST /api/conversation-marks',
  ]);
  let refused = 0;
  const wrong: string[] = [];
  for (const [path, methods] of Object.entries(paths)) {
    for (const verb of Object.keys(methods)) {
      const method = verb.toUpperCase() as Method;
      const asked = path.replace(/\{\w+\}/g, id);
      if (open.has(`${method} ${path}`) || /door|sign-|openapi/.test(path)) continue;
      const { status, body } = await guest.ask(method, asked);
      const said = (body as { error?: { message: string } } | null)?.error?.message;
      // Each door words its errors in its own shape; the sentence is the same.
      const isForGuests = said?.startsWith('Guests reach only the rooms they were invited to.') === true;
      // What anybody may see, a guest may.
      if (!isForGuests && (await nobody.ask(method, asked)).status !== 401) continue;
      if (status === 403 && isForGuests) refused += 1;
      else wrong.push(`${method} ${path}: ${status} ${said}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(100);
  const list = await guest.call<ConversationList>('GET', '/api/conversations');
  expect(list.conversations.map((one) => one.id)).toEqual([id]);
  expect(list.conversations[0]).toMatchObject({ mine: false, model: null, authorsNote: null, persona: null });
  const shown = await guest.conversation(id);
  expect((await guest.fetch(shown.character.pictureUrl!)).status).toBe(200);
});

test('a guest talks, changes own words and stops a reply; the course is the host’s until they share it', async () => {
  const { id, guest, seatId } = await roomWithGuest();
  const { sent, reply } = await guest.talk(id, 'Hello from Kim');
  expect(sent.message).toMatchObject({ author: { kind: 'human', name: 'Kim' }, withheld: false });
  const prompt = await owner.call('GET', `/api/messages/${reply.id}/prompt`);
  expect(JSON.stringify(prompt)).toContain('Hello from Kim');
  const again = { kind: 'regenerate', messageId: reply.id };
  const replies = `/api/conversations/${id}/replies`;
  expect(await guest.refusal('POST', replies, again)).toMatchObject({ status: 403, code: 'host-only' });
  expect(await guest.refusal('POST', `/api/conversations/${id}/path`, { messageId: reply.id })).toMatchObject({
    status: 403,
  });
  expect(await guest.refusal('POST', `/api/messages/${reply.id}/edit`, { text: 'Mine' })).toMatchObject({
    code: 'not-yours',
  });
  expect(await guest.refusal('DELETE', `/api/messages/${reply.id}`)).toMatchObject({ status: 403, code: 'not-yours' });
  await owner.call('PATCH', `/api/conversations/${id}/room`, { guestsMay: 'steer' });
  const { reply: second } = await guest.call<{ reply: Message }>('POST', replies, again);
  await guest.ended(id, second.id);
  const edited = await guest.call<{ message: Message }>('POST', `/api/messages/${sent.message.id}/edit`, {
    text: 'Hello, I am Kim',
  });
  expect(edited.message.audience).toEqual(sent.message.audience);
  expect(await owner.refusal('POST', `/api/messages/${sent.message.id}/edit`, { text: 'Other words' })).toMatchObject({
    status: 403,
    code: 'not-yours',
  });
  await owner.call('DELETE', `/api/messages/${edited.message.id}`);
  expect(await guest.message(edited.message.id)).toMatchObject({ deleted: true, parts: [] });
  // What the host took away, the guest does not bring back; what the guest deleted, the guest does.
  const restore = `/api/messages/${edited.message.id}/restore`;
  expect(await guest.refusal('POST', restore)).toMatchObject({ status: 403, code: 'host-only' });
  await owner.call('POST', restore);
  await guest.call('DELETE', `/api/messages/${edited.message.id}`);
  await guest.call('POST', restore);
  expect((await guest.message(edited.message.id)).deleted).toBe(false);
  const { message } = await guest.say(id, 'Whispered', { to: [], reply: false });
  expect(message.audience).toEqual([seatId]);
  // The host takes away what the host cannot read.
  await owner.call('DELETE', `/api/messages/${message.id}`);
  expect((await guest.message(message.id)).deleted).toBe(true);
  await guest.say(id, 'hang on');
  await guest.call('POST', `/api/conversations/${id}/stop`);
  expect((await guest.conversation(id)).replying).toBe(false);
});

test('help with reading is a guest’s unless the host keeps it, with writing once the host gives it; never with what was not heard', async () => {
  const { id, guest } = await roomWithGuest();
  const { seatId } = await owner.conversation(id);
  const { message: secret } = await owner.say(id, 'The vault code is 4711', { to: [seatId], reply: false });
  const { message: heard } = await owner.say(id, 'Good evening, Kim', { reply: false });
  const allow = (change: object) => owner.call('PATCH', `/api/conversations/${id}/room`, change);
  const read = (verb: Method, path: string, body?: unknown) =>
    guest.fetch(path, {
      method: verb,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
  const translation = (messageId: string) => `/api/messages/${messageId}/translations`;
  const speech = (messageId: string) => `/api/messages/${messageId}/speech`;
  const helps = ['impersonation', 'suggestions'].map((help) => `/api/conversations/${id}/${help}`);

  const translated = await (await read('POST', translation(heard.id), { language: 'de' })).text();
  expect(translated).toContain('translation-end');
  expect((await read('GET', speech(heard.id))).headers.get('content-type')).toBe('audio/wav');
  expect(await guest.refusal('POST', translation(secret.id), { language: 'de' })).toMatchObject({ status: 404 });
  expect(await guest.refusal('GET', speech(secret.id))).toMatchObject({ status: 400, code: 'nothing-to-say' });
  await owner.fetch(translation(secret.id), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ language: 'de' }),
  });
  const kept = await guest.call<{ translations: { messageId: string }[] }>(
    'GET',
    `/api/conversations/${id}/translations`,
  );
  expect(kept.translations.map(({ messageId }) => messageId)).toEqual([heard.id]);
  for (const path of helps) {
    expect(await guest.refusal('POST', path, {})).toMatchObject({ status: 403, code: 'host-only' });
  }

  await allow({ guestsRead: false, guestsWrite: true });
  for (const path of [translation(heard.id), speech(heard.id)]) {
    const verb = path.endsWith('speech') ? 'GET' : 'POST';
    expect(await guest.refusal(verb, path, verb === 'POST' ? { language: 'de' } : undefined)).toMatchObject({
      status: 403,
      code: 'host-only',
    });
  }
  const written = await (await read('POST', helps[0]!, {})).text();
  expect(written).toContain('impersonation-end');
  expect(written).toContain('And to you.');
  expect(written).not.toContain('The secret is out.');

  const run = `/api/conversations/${id}/run`;
  expect(await guest.refusal('POST', run, { action: 'start' })).toMatchObject({ status: 403, code: 'host-only' });
  await allow({ guestsMay: 'steer' });
  expect(await guest.call('POST', run, { action: 'stop' })).toMatchObject({ state: 'idle' });
});

test('a guest hears nothing from before, and after leaving there is nothing to come back to', async () => {
  const { id } = await owner.begin('starter-mira');
  await owner.talk(id, 'Long before Kim');
  const token = await inviteTo(owner, id);
  const guest = await comeAsGuest(house, { token, name: 'Kim' });
  const path = await guest.path(id);
  expect(path.filter(({ withheld }) => !withheld).map(({ parts }) => parts[0])).toMatchObject([
    { type: 'event', event: 'enter' },
  ]);
  expect((await guest.conversation(id)).preview).toBe('');
  const watcher = guest.watch(id);
  await watcher.event('conversation-snapshot');
  await guest.call('POST', `/api/conversations/${id}/leave`);
  await watcher.event('conversation-delete');
  await watcher.ended;
  for (const address of [
    `/api/conversations/${id}`,
    `/api/conversations/${id}/messages`,
    `/api/messages/${path.at(-1)!.id}`,
  ]) {
    expect(await guest.refusal('GET', address)).toMatchObject({ status: 404 });
  }
  expect(
    await guest.refusal('POST', `/api/conversations/${id}/messages`, { text: 'Still here?', clientId: 'late' }),
  ).toMatchObject({ status: 404 });
  expect((await guest.call<ConversationList>('GET', '/api/conversations')).conversations).toEqual([]);
  expect(await owner.refusal('POST', `/api/conversations/${id}/leave`)).toMatchObject({
    status: 403,
    code: 'host-stays',
  });
});

test('whom the host sends away is out at once, and a member who was invited keeps to the room', async () => {
  const ann = await house.member('ann');
  const { id } = await owner.begin('starter-mira');
  await ann.call('POST', `/api/rooms/door/${await inviteTo(owner, id)}/enter`, {});
  const room = await owner.conversation(id);
  const refusals: [Method, string, unknown?][] = [
    ['PATCH', `/api/conversations/${id}`, { title: 'Ann’s' }],
    ['PATCH', `/api/conversations/${id}/room`, { autoRun: true }],
    ['DELETE', `/api/conversations/${id}`],
    ['POST', `/api/conversations/${id}/purge`],
    ['GET', `/api/conversations/${id}/export?format=text`],
    ['GET', `/api/conversations/${id}/prompt`],
    ['GET', `/api/conversations/${id}/calls`],
    ['POST', `/api/conversations/${id}/call-links`],
    ['POST', `/api/conversations/${id}/invites`, {}],
    ['GET', `/api/conversations/${id}/invites`],
    ['DELETE', `/api/conversations/${id}/participants/${room.seatId}`],
  ];
  for (const [method, path, body] of refusals) {
    expect(await ann.refusal(method, path, body), `${method} ${path}`).toMatchObject({ status: 404 });
  }
  await using watcher = ann.watch(id);
  await watcher.event('conversation-snapshot');
  await owner.call<Conversation>('DELETE', `/api/conversations/${id}/participants/${seatOf(room, 'ann')}`);
  await watcher.event('conversation-delete');
  expect(await ann.refusal('GET', `/api/conversations/${id}`)).toMatchObject({ status: 404 });
});

test('a guest who is invited to the house becomes a member and keeps the rooms', async () => {
  const { id, guest } = await roomWithGuest('Robin');
  const before = await guest.call<Me>('GET', '/api/me');
  expect(before).toMatchObject({ role: 'guest', name: 'Robin' });
  const { url } = await owner.call<{ url: string }>('POST', '/api/house/invitations', {});
  const me = await guest.call<Me>('POST', '/api/sign-up', {
    name: 'Robin',
    username: 'robin',
    password: PASSWORD,
    invitation: new URL(url).hash.slice(1),
  });
  expect(me).toMatchObject({ id: before.id, role: 'member', username: 'robin' });
  expect((await guest.call<ConversationList>('GET', '/api/conversations')).conversations[0]?.id).toBe(id);
  expect(await guest.call('GET', '/api/characters')).toBeDefined();
});

test('nobody floods the house with guests or invitations', async () => {
  const { id } = await owner.begin('starter-mira');
  expect(await owner.refusal('POST', `/api/conversations/${id}/invites`, { uses: 51 })).toMatchObject({
    status: 400,
    field: 'uses',
  });
  const { guest } = await roomWithGuest('Flood');
  expect(await guest.refusal('POST', '/api/keys', { name: 'Key' })).toMatchObject({ status: 403, code: 'guest-only' });
  const statuses = await Promise.all(
    Array.from(
      { length: 40 },
      async () => (await nobody.ask('POST', `/api/rooms/door/${'x'.repeat(40)}/enter`, { name: 'Bot' })).status,
    ),
  );
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
});
