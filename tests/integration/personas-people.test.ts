import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Character } from '../../contract/characters.ts';
import type { Conversation } from '../../contract/conversations.ts';
import type { Message } from '../../contract/messages.ts';
import type { Persona } from '../../contract/personas.ts';
import { wordsOf, type Caller } from './support/caller.ts';
import { dataUrl, pngPixel } from './support/card-files.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;
let member: Caller;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
  member = await house.member('mallory');
});
afterAll(() => house[Symbol.asyncDispose]());

const create = (fields: Record<string, unknown>, who = owner) => who.call<Persona>('POST', '/api/personas', fields);
const list = async (who = owner) => (await who.call<{ personas: Persona[] }>('GET', '/api/personas')).personas;
const setDefault = (personaId: string | null, who = owner) => who.call('PUT', '/api/personas/default', { personaId });
const choose = (conversationId: string, personaId: string | null, more = {}) =>
  owner.call<Conversation>('PUT', `/api/conversations/${conversationId}/persona`, { personaId, ...more });
const setOfCharacter = (characterId: string, personaId: string | null) =>
  owner.call('PUT', `/api/characters/${characterId}/persona`, { personaId });
const greeter = () =>
  owner.call<Character>('POST', '/api/characters', { name: 'Greeter', greeting: 'Good day, {{user}}.' });
const authors = (path: readonly Message[]) => path.map(({ author }) => author.name);

describe('a persona', () => {
  test('is made, changed, deleted and brought back; one is the default', async () => {
    const before = await list();
    const robin = await create({
      name: 'Robin',
      description: 'Tall.',
      isDefault: true,
      position: 'at-depth',
      depth: 3,
    });
    expect(robin).toMatchObject({
      name: 'Robin',
      title: '',
      position: 'at-depth',
      depth: 3,
      role: 'system',
      isDefault: true,
    });
    const wren = await create({ name: 'Wren', title: 'work', isDefault: true });
    expect((await list()).slice(before.length).map(({ id, isDefault }) => [id, isDefault])).toEqual([
      [robin.id, false],
      [wren.id, true],
    ]);
    await setDefault(robin.id);
    const changed = await owner.call<Persona>('PUT', `/api/personas/${robin.id}`, {
      name: 'Robin Redbreast',
      description: 'Short.',
      isDefault: true,
    });
    expect(changed).toMatchObject({
      name: 'Robin Redbreast',
      description: 'Short.',
      position: 'prompt',
      isDefault: true,
    });
    expect(await owner.call('GET', `/api/personas/${robin.id}`)).toEqual(changed);
    await owner.call('DELETE', `/api/personas/${robin.id}`);
    expect(await owner.refusal('GET', `/api/personas/${robin.id}`)).toMatchObject({ status: 404 });
    expect(await owner.refusal('DELETE', `/api/personas/${robin.id}`)).toMatchObject({ status: 404 });
    expect((await list()).some(({ isDefault }) => isDefault)).toBe(false);
    expect(await owner.call('POST', `/api/personas/${robin.id}/restore`)).toEqual(changed);
    await setDefault(null);
    expect((await list()).some(({ isDefault }) => isDefault)).toBe(false);
  });

  test('carries a picture that its owner alone may see', async () => {
    const picture = pngPixel('a face');
    const made = await create({ name: 'Faced', picture: dataUrl(picture) });
    expect(made.pictureUrl).toBe(`/api/assets/${createHash('sha256').update(picture).digest('hex')}`);
    expect((await owner.fetch(made.pictureUrl!)).headers.get('content-type')).toBe('image/png');
    expect((await member.fetch(made.pictureUrl!)).status).toBe(404);
    const kept = await owner.call<Persona>('PUT', `/api/personas/${made.id}`, { name: 'Faced', picture: null });
    expect(kept.pictureUrl).toBe(made.pictureUrl);
  });

  test.each([
    ['name', { name: ' ' }],
    ['name', { name: 'x'.repeat(101) }],
    ['description', { name: 'x', description: 'x'.repeat(60_001) }],
    ['depth', { name: 'x', depth: -1 }],
    ['position', { name: 'x', position: 'above' }],
    ['picture', { name: 'x', picture: 'https://elsewhere/picture.png' }],
    ['picture', { name: 'x', picture: dataUrl(Buffer.from('MZ not a picture')) }],
  ])('with a wrong %s is refused and leaves nothing', async (field, fields) => {
    const before = await list();
    const blobs = await house.app.storage.blobs.list();
    expect(await owner.refusal('POST', '/api/personas', fields)).toMatchObject({ status: 400, field });
    expect(await list()).toEqual(before);
    expect(await house.app.storage.blobs.list()).toEqual(blobs);
  });

  test('of somebody else does not exist', async () => {
    const mine = await create({ name: 'Mine alone' });
    const conversation = await member.begin();
    for (const [method, path, body] of [
      ['GET', `/api/personas/${mine.id}`],
      ['PUT', `/api/personas/${mine.id}`, { name: 'Stolen' }],
      ['DELETE', `/api/personas/${mine.id}`],
      ['POST', `/api/personas/${mine.id}/restore`],
      ['GET', `/api/personas/${mine.id}/characters`],
      ['PUT', '/api/personas/default', { personaId: mine.id }],
      ['PUT', '/api/characters/starter-mira/persona', { personaId: mine.id }],
      ['PUT', `/api/conversations/${conversation.id}/persona`, { personaId: mine.id }],
    ] as const) {
      expect(await member.refusal(method, path, body), `${method} ${path}`).toMatchObject({ status: 404 });
    }
    expect(await list(member)).toEqual([]);
    expect(await owner.call('GET', `/api/personas/${mine.id}`)).toEqual(mine);
  });
});

describe('who a person is in a conversation', () => {
  test('is the conversation’s, else the character’s, else the default persona, else the account’s name', async () => {
    const [chosen, ofCharacter, usual] = [
      await create({ name: 'Chosen' }),
      await create({ name: 'For the greeter' }),
      await create({ name: 'Usual', isDefault: true }),
    ];
    const character = await greeter();
    const greetings = async () => {
      const conversation = await owner.begin(character.id);
      return { conversation, words: wordsOf((await owner.path(conversation.id))[0]) };
    };
    const first = await greetings();
    expect(first.words).toBe('Good day, Usual.');
    expect(first.conversation.persona).toMatchObject({ id: usual.id, source: 'default' });
    await setOfCharacter(character.id, ofCharacter.id);
    const second = await greetings();
    expect(second.words).toBe('Good day, For the greeter.');
    expect(second.conversation.persona).toMatchObject({ id: ofCharacter.id, source: 'character' });
    expect((await choose(second.conversation.id, chosen.id)).persona).toMatchObject({
      id: chosen.id,
      source: 'conversation',
    });
    const { sent } = await owner.talk(second.conversation.id, 'Hello');
    expect(sent.message.author.name).toBe('Chosen');
    await owner.call('DELETE', `/api/personas/${chosen.id}`);
    expect((await owner.talk(second.conversation.id, 'Still here')).sent.message.author.name).toBe('For the greeter');
    const { characters } = await owner.call<{ characters: { id: string }[] }>(
      'GET',
      `/api/personas/${ofCharacter.id}/characters`,
    );
    expect(characters.map(({ id }) => id)).toEqual([character.id]);
    await owner.call('DELETE', `/api/personas/${ofCharacter.id}`);
    expect(await owner.call('GET', `/api/characters/${character.id}/persona`)).toEqual({ personaId: null });
    expect((await owner.conversation(second.conversation.id)).persona).toMatchObject({ id: usual.id });
    await setDefault(null);
    expect((await greetings()).words).toBe('Good day, Friend.');
    expect((await owner.conversation(second.conversation.id)).persona).toBeNull();
  });

  test('switches without touching the past, unless asked to; words never change', async () => {
    const [one, two, three] = [
      await create({ name: 'One' }),
      await create({ name: 'Two' }),
      await create({ name: 'Three' }),
    ];
    const conversation = await owner.begin();
    await choose(conversation.id, one.id);
    await owner.talk(conversation.id, 'First');
    await choose(conversation.id, two.id);
    await owner.talk(conversation.id, 'Second');
    const before = await owner.path(conversation.id);
    expect(authors(before)).toEqual(['Mira', 'One', 'Mira', 'Two', 'Mira']);

    await using watcher = owner.watch(conversation.id);
    await watcher.event('conversation-snapshot');
    await choose(conversation.id, three.id, { renamePast: true });
    expect(await watcher.event('author-rename')).toMatchObject({ name: 'Three' });
    // The reply before may have changed the conversation, too.
    const renamed = await watcher.event(
      'conversation-change',
      ({ conversation: shown }) => shown.persona?.name === 'Three',
    );
    expect(renamed.conversation.persona?.source).toBe('conversation');
    const after = await owner.path(conversation.id);
    expect(authors(after)).toEqual(['Mira', 'Three', 'Mira', 'Three', 'Mira']);
    expect(after.map(wordsOf)).toEqual(before.map(wordsOf));
  });

  test('an unanswered greeting speaks to whom it meets; an edited or answered one stays', async () => {
    const [early, late] = [await create({ name: 'Early' }), await create({ name: 'Late' })];
    const character = await greeter();
    const conversation = await owner.begin(character.id);
    await choose(conversation.id, early.id);
    const [greeting] = await owner.path(conversation.id);
    expect(wordsOf(greeting)).toBe('Good day, Early.');
    const own = await owner.call<{ message: Message }>('POST', `/api/messages/${greeting!.id}/edit`, {
      text: 'Oh. Early.',
    });
    await choose(conversation.id, late.id);
    expect(wordsOf(await owner.message(own.message.id))).toBe('Oh. Early.');
    expect(wordsOf(await owner.message(greeting!.id))).toBe('Good day, Late.');
    await owner.talk(conversation.id, 'Hello');
    await choose(conversation.id, early.id);
    expect(wordsOf(await owner.message(greeting!.id))).toBe('Good day, Late.');
  });
});

describe('an author’s note', () => {
  test('belongs to its conversation, and an empty one is none', async () => {
    const { id, authorsNote } = await owner.begin();
    expect(authorsNote).toBeNull();
    const patch = (note: unknown) =>
      owner.call<Conversation>('PATCH', `/api/conversations/${id}`, { authorsNote: note });
    const note = { text: '[Rain is coming.]', depth: 2, role: 'user', interval: 3 };
    expect((await patch(note)).authorsNote).toEqual(note);
    expect((await owner.conversation(id)).authorsNote).toEqual(note);
    expect((await patch({ text: 'Short.' })).authorsNote).toEqual({
      text: 'Short.',
      depth: 4,
      role: 'system',
      interval: 1,
    });
    expect((await patch({ text: ' \n' })).authorsNote).toBeNull();
    await patch(note);
    expect((await patch(null)).authorsNote).toBeNull();
    const refusal = await owner.refusal('PATCH', `/api/conversations/${id}`, { authorsNote: { text: 'x', depth: -1 } });
    expect(refusal).toMatchObject({ status: 400, field: 'authorsNote.depth' });
  });
});

describe('a hidden message', () => {
  test('stays for people, is not sent to the model, and can be shown again', async () => {
    const { id } = await owner.begin((await owner.call<Character>('POST', '/api/characters', { name: 'Plain' })).id);
    const { sent } = await owner.talk(id, 'The long secret');
    const tokensOf = async (text: string) => {
      const { reply } = await owner.talk(id, text);
      const receipt = await owner.call<{ segments: { kind: string; messages?: number }[] }>(
        'GET',
        `/api/messages/${reply.id}/receipt`,
      );
      return receipt.segments.find(({ kind }) => kind === 'history')?.messages ?? 0;
    };
    const seen = await tokensOf('one');
    await using watcher = owner.watch(id);
    await watcher.event('conversation-snapshot');
    expect(await owner.call('POST', `/api/messages/${sent.message.id}/hide`)).toMatchObject({
      message: { hidden: true },
    });
    expect((await watcher.event('message-change')).message).toMatchObject({ id: sent.message.id, hidden: true });
    // Two more were said since, one of the old ones is hidden.
    expect(await tokensOf('two')).toBe(seen + 1);
    expect((await owner.path(id)).map(wordsOf)[0]).toBe('The long secret');
    expect(await owner.call('POST', `/api/messages/${sent.message.id}/show`)).toMatchObject({
      message: { hidden: false },
    });
    expect(await tokensOf('three')).toBe(seen + 4);
    await owner.call('DELETE', `/api/messages/${sent.message.id}`);
    expect(await owner.refusal('POST', `/api/messages/${sent.message.id}/hide`)).toMatchObject({
      status: 404,
      code: 'message-deleted',
    });
  });
});

test('deleting everything removes personas and the pictures only they used', async () => {
  const ann = await house.member('ann');
  const persona = await create({ name: 'Ann at sea', picture: dataUrl(pngPixel('at sea')) }, ann);
  const hash = persona.pictureUrl!.split('/').at(-1)!;
  expect(await house.app.storage.blobs.list()).toContain(hash);
  await ann.call('POST', '/api/me/delete-all', { confirm: 'delete' });
  expect(await list(ann)).toEqual([]);
  expect(await house.app.storage.blobs.list()).not.toContain(hash);
});
