import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Conversation } from '../../contract/conversations.ts';
import type { Persona } from '../../contract/personas.ts';
import type { PromptRecord } from '../../contract/prompts.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { comeAsGuest, inviteTo } from './support/room-people.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
});
afterAll(() => house[Symbol.asyncDispose]());

test('a member who is a guest of a room chooses a persona of their own there, and nobody else’s', async () => {
  const { owner } = house;
  const kim = await house.member('kim');
  const { id } = await owner.begin('starter-mira');
  await kim.call('POST', `/api/rooms/door/${await inviteTo(owner, id)}/enter`, {});
  const make = (who: typeof kim, name: string, description: string) =>
    who.call<Persona>('POST', '/api/personas', { name, description });
  const captain = await make(kim, 'Captain Kim', 'A captain without a ship.');
  const hosts = await make(owner, 'Robin', 'The host.');
  const path = `/api/conversations/${id}/persona`;
  const choose = (personaId: string | null, renamePast = false) =>
    kim.call<Conversation>('PUT', path, { personaId, renamePast });
  expect(await kim.refusal('PUT', path, { personaId: hosts.id })).toMatchObject({ status: 404, field: 'personaId' });
  await kim.say(id, 'Good evening', { reply: false });
  const chosen = await choose(captain.id, true);
  expect(chosen.persona).toMatchObject({ id: captain.id, name: 'Captain Kim' });
  const seat = (await owner.conversation(id)).participants.find(({ role }) => role === 'guest');
  expect(seat?.name).toBe('Captain Kim');
  expect((await owner.path(id)).at(-1)?.author.name).toBe('Captain Kim');
  expect((await owner.conversation(id)).persona?.id).not.toBe(captain.id);
  const { reply } = await owner.talk(id, 'Tell us of the lamp');
  const prompt = await owner.call<PromptRecord>('GET', `/api/messages/${reply.id}/prompt`);
  expect(JSON.stringify(prompt.messages)).toContain('A captain without a ship.');
  // Two of one name would be one to a model.
  const twin = await make(kim, 'Mira', 'Not that one.');
  const named = await choose(twin.id);
  expect(named.participants.find(({ role }) => role === 'guest')?.name).toBe('Mira (2)');
  const back = await choose(null);
  expect(back.persona).toBeNull();
  const stranger = await house.member('mallory');
  expect(await stranger.refusal('PUT', path, { personaId: null })).toMatchObject({ status: 404 });
  // Whoever came by a link is somebody here, too, and nobody elsewhere.
  const visitor = await comeAsGuest(house, { token: await inviteTo(owner, id), name: 'Lou' });
  expect(await visitor.refusal('PUT', path, { personaId: captain.id })).toMatchObject({ status: 404 });
  const sailor = await make(visitor, 'Old Lou', 'A sailor who fears water.');
  const met = await visitor.call<Conversation>('PUT', path, { personaId: sailor.id });
  expect(met).toMatchObject({ persona: { id: sailor.id, name: 'Old Lou' }, mine: false });
  expect(await visitor.call('GET', '/api/personas')).toMatchObject({ personas: [{ name: 'Old Lou' }] });
  expect(await kim.refusal('GET', `/api/personas/${sailor.id}`)).toMatchObject({ status: 404 });
  expect(await visitor.refusal('PUT', '/api/personas/default', { personaId: null })).toMatchObject({
    code: 'guest-only',
  });
});
