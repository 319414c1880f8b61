import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message, StartReply } from '../../contract/messages.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { openRoom } from './support/rooms.ts';

let house: ChatHouse;

beforeAll(async () => {
  house = await openHouse({ script: { otherwise: 'echo' } });
});
afterAll(() => house[Symbol.asyncDispose]());

/** Asks for a reply and waits for its end. */
async function reply(id: string, request: StartReply): Promise<Message> {
  const { reply } = await house.owner.call<{ reply: Message }>('POST', `/api/conversations/${id}/replies`, request);
  return house.owner.ended(id, reply.id);
}

test('a named character speaks below the path’s end, whoever wrote it, muted or not', async () => {
  const { id, seats } = await openRoom(house, { settings: { turnOrder: 'manual' }, change: { wren: { muted: true } } });
  const { message } = await house.owner.say(id, 'Who is there?', { reply: false });
  const wren = await reply(id, { kind: 'speak', messageId: message.id, participantId: seats['wren']! });
  const tomas = await reply(id, { kind: 'speak', messageId: wren.id, participantId: seats['tomas']! });
  expect([wren.author.id, tomas.author.id]).toEqual(['starter-wren', 'starter-tomas']);
  expect([wren.parentId, tomas.parentId]).toEqual([message.id, wren.id]);
  expect(wren.state).toBe('done');
});

test('a turn written again is its speaker’s, unless another one is named', async () => {
  const { id, seats } = await openRoom(house, { settings: { turnOrder: 'manual' } });
  const { message } = await house.owner.say(id, 'And?', { reply: false });
  const first = await reply(id, { kind: 'speak', messageId: message.id, participantId: seats['wren']! });
  const again = await reply(id, { kind: 'regenerate', messageId: first.id });
  const other = await reply(id, { kind: 'regenerate', messageId: first.id, participantId: seats['mira']! });
  expect([again.author.id, other.author.id]).toEqual(['starter-wren', 'starter-mira']);
  expect(other.siblings).toEqual([first.id, again.id, other.id]);
});

test('who is no character of the room cannot be asked, nor may another continue what somebody began', async () => {
  const { id, seats, seatId } = await openRoom(house, { settings: { turnOrder: 'manual' } });
  const { message } = await house.owner.say(id, 'Hm.', { reply: false });
  const path = `/api/conversations/${id}/replies`;
  const asked = { kind: 'speak', messageId: message.id };
  expect(await house.owner.refusal('POST', path, { ...asked, participantId: 'nobody' })).toMatchObject({
    status: 404,
    field: 'participantId',
  });
  expect((await house.owner.refusal('POST', path, { ...asked, participantId: seatId })).status).toBe(404);
  const wren = await reply(id, { kind: 'speak', messageId: message.id, participantId: seats['wren']! });
  const more = { kind: 'continue', messageId: wren.id, participantId: seats['mira'] };
  expect((await house.owner.refusal('POST', path, more)).field).toBe('participantId');
});

test('without a room nobody goes on by being told to', async () => {
  const { id, leafId } = await house.owner.begin();
  const refused = await house.owner.refusal('POST', `/api/conversations/${id}/replies`, {
    kind: 'speak',
    messageId: leafId,
  });
  expect(refused).toMatchObject({ status: 400, field: 'kind' });
});
