import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Conversation } from '../../contract/conversations.ts';
import type { Character } from '../../contract/characters.ts';
import { wordsOf, type Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { comeAsGuest, inviteTo, seatOf } from './support/room-people.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  ({ owner } = house);
});
afterAll(() => house[Symbol.asyncDispose]());

const add = (id: string, characterId: string) =>
  owner.call<Conversation>('POST', `/api/conversations/${id}/participants`, { characterId });
const eventsOf = async (who: Caller, id: string) =>
  (await who.path(id)).flatMap(({ parts }) => parts.filter((part) => part.type === 'event'));

test('a talk of two becomes a room when a character comes in, which hears only what follows', async () => {
  const { id } = await owner.begin('starter-mira');
  await owner.talk(id, 'Before anybody came');
  const room = await add(id, 'starter-wren');
  expect(room.room).toMatchObject({ turnOrder: 'natural', guestsMay: 'talk' });
  const wren = room.participants.find(({ subjectId }) => subjectId === 'starter-wren')!;
  expect(wren).toMatchObject({ kind: 'character', role: 'character', present: true, door: '', leftAt: null });
  expect(await eventsOf(owner, id)).toEqual([{ type: 'event', event: 'enter', names: [wren.name], detail: '' }]);
  const { message } = await owner.say(id, 'Now you hear me', { reply: false });
  expect(message.audience).toContain(wren.id);
  const path = await owner.path(id);
  expect(path.find((one) => wordsOf(one) === 'Before anybody came')?.audience).toBe('everyone');
  expect(
    await owner.refusal('POST', `/api/conversations/${id}/participants`, { characterId: 'starter-wren' }),
  ).toMatchObject({ status: 409, code: 'already-there', field: 'characterId' });
  expect(await owner.refusal('POST', `/api/conversations/${id}/participants`, { characterId: 'nobody' })).toMatchObject(
    {
      status: 404,
      field: 'characterId',
    },
  );
});

test('a room of several from the beginning offers greetings that are for groups only', async () => {
  const host = await owner.call<Character>('POST', '/api/characters', {
    name: 'Innkeeper',
    greeting: 'Just us two.',
    groupGreetings: ['Welcome, all of you!'],
  });
  const room = await owner.begin(host.id, { characterIds: ['starter-wren', 'starter-tomas'] });
  expect(room.room).not.toBeNull();
  expect(room.participants.filter(({ kind, present }) => kind === 'character' && present)).toHaveLength(3);
  const [first] = await owner.path(room.id);
  expect(wordsOf(first)).toBe('Welcome, all of you!');
  expect(first!.siblings).toHaveLength(2);
  const alone = await owner.begin(host.id);
  expect(wordsOf((await owner.path(alone.id))[0])).toBe('Just us two.');
  expect(
    await owner.refusal('POST', '/api/conversations', { characterId: host.id, characterIds: ['nobody'] }),
  ).toMatchObject({ status: 404, field: 'characterIds' });
});

test('a card says how readily its character speaks; the host mutes and reorders', async () => {
  const { id } = await owner.begin('starter-mira');
  await add(id, 'starter-wren');
  const room = await add(id, 'starter-tomas');
  const [tomas, wren] = ['starter-tomas', 'starter-wren'].map((one) =>
    room.participants.find((p) => p.subjectId === one)!,
  );
  const changed = await owner.call<Conversation>('PATCH', `/api/conversations/${id}/participants/${tomas!.id}`, {
    muted: true,
    talkativeness: 90,
    position: 0,
  });
  expect(changed.participants[0]).toMatchObject({ id: tomas!.id, muted: true, talkativeness: 90, position: 0 });
  expect(changed.participants.map(({ position }) => position)).toEqual([0, 1, 2, 3]);
  expect(changed.participants.find((one) => one.id === wren!.id)).toMatchObject({ muted: false });
  expect(
    await owner.refusal('PATCH', `/api/conversations/${id}/participants/${tomas!.id}`, { talkativeness: 101 }),
  ).toMatchObject({ status: 400, field: 'talkativeness' });
});

test('leaving the scene, doors and coming back are told in the story, and branches keep their own stage', async () => {
  const { id } = await owner.begin('starter-mira');
  const room = await add(id, 'starter-wren');
  const wren = room.participants.find(({ subjectId }) => subjectId === 'starter-wren')!;
  const mira = room.participants.find(({ subjectId }) => subjectId === 'starter-mira')!;
  const before = (await owner.path(id)).at(-1)!;
  const closed = await owner.call<Conversation>('POST', `/api/conversations/${id}/door`, {
    participantIds: [wren.id, mira.id],
    door: 'The kitchen',
  });
  expect(closed.participants.filter(({ door }) => door === 'The kitchen')).toHaveLength(2);
  const { message } = await owner.say(id, 'Outside the door', { reply: false });
  expect(message.audience).toEqual([room.seatId]);
  await owner.call('POST', `/api/conversations/${id}/door`, { participantIds: [wren.id, mira.id], door: '' });
  await owner.call('POST', `/api/conversations/${id}/participants/${wren.id}/presence`, { present: false });
  const away = await owner.conversation(id);
  expect(away.participants.find((one) => one.id === wren.id)).toMatchObject({ present: false, door: '' });
  expect((await eventsOf(owner, id)).map(({ event }) => event)).toEqual(['enter', 'door-close', 'door-open', 'leave']);
  expect(
    await owner.refusal('POST', `/api/conversations/${id}/messages`, { text: 'x', clientId: 'w1', to: [wren.id] }),
  ).toMatchObject({ status: 409, field: 'to' });
  expect(
    await owner.refusal('POST', `/api/conversations/${id}/door`, { participantIds: [wren.id], door: 'x' }),
  ).toMatchObject({ status: 409, code: 'not-there' });
  await owner.call('POST', `/api/conversations/${id}/path`, { messageId: before.id });
  // The path goes down to the leaf last seen: another branch from there begins with an edit or a reply.
  await owner.call('POST', `/api/conversations/${id}/participants/${wren.id}/presence`, { present: true });
  expect((await owner.conversation(id)).participants.find((one) => one.id === wren.id)).toMatchObject({
    present: true,
  });
});

test('who is sent away keeps the place, and gets it back when they return', async () => {
  const { id } = await owner.begin('starter-mira');
  const room = await add(id, 'starter-wren');
  const wren = room.participants.find(({ subjectId }) => subjectId === 'starter-wren')!;
  const path = `/api/conversations/${id}/participants`;
  const gone = await owner.call<Conversation>('DELETE', `${path}/${wren.id}`);
  expect(gone.participants.find((one) => one.id === wren.id)).toMatchObject({ present: false });
  expect(gone.participants.find((one) => one.id === wren.id)!.leftAt).not.toBeNull();
  expect(await owner.refusal('DELETE', `${path}/${wren.id}`)).toMatchObject({ status: 404 });
  expect(await owner.refusal('DELETE', `${path}/${room.seatId}`)).toMatchObject({ status: 403, code: 'host-stays' });
  const mira = room.participants.find(({ subjectId }) => subjectId === 'starter-mira')!;
  expect(await owner.refusal('DELETE', `${path}/${mira.id}`)).toMatchObject({ status: 409, code: 'last-character' });
  const back = await add(id, 'starter-wren');
  expect(back.participants.filter(({ subjectId }) => subjectId === 'starter-wren')).toMatchObject([
    { id: wren.id, leftAt: null, present: true },
  ]);
});

test('one is seen to be there and to type, whatever the number of devices', async () => {
  const { id } = await owner.begin('starter-mira');
  const token = await inviteTo(owner, id);
  const kim = await comeAsGuest(house, { token, name: 'Kim' });
  const room = await owner.conversation(id);
  await using hosting = owner.watch(id);
  await hosting.event('conversation-snapshot');
  const first = kim.watch(id);
  await first.event('conversation-snapshot');
  const there = await hosting.event('presence-change', ({ presence }) => presence.length === 2);
  expect(there.presence).toContainEqual({ participantId: seatOf(room, 'Kim'), online: true, typing: false });
  const second = kim.watch(id);
  const snapshot = await second.event('conversation-snapshot');
  expect(snapshot.presence).toHaveLength(2);
  await kim.call('POST', `/api/conversations/${id}/typing`, {});
  await hosting.event('presence-change', ({ presence }) => presence.some(({ typing }) => typing));
  await kim.call('POST', `/api/conversations/${id}/typing`, { typing: false });
  await hosting.event(
    'presence-change',
    ({ presence }) => presence.length === 2 && presence.every(({ typing }) => !typing),
  );
  await first[Symbol.asyncDispose]();
  await second[Symbol.asyncDispose]();
  await hosting.event('presence-change', ({ presence }) => presence.length === 1);
});
