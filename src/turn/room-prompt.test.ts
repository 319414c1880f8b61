import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { said, system } from '../../tests/support/assembly.ts';
import { openTestStorage } from '../../tests/support/open-test-storage.ts';
import { RoomHouse, type RoomCast } from '../../tests/support/room-house.ts';
import { insertTurnState } from './turn-state-store.ts';

let house: Awaited<ReturnType<typeof openTestStorage>>;
beforeAll(async () => {
  house = await openTestStorage();
});
afterAll(() => house[Symbol.asyncDispose]());

const three: RoomCast = {
  characters: [
    { id: 'mira', card: { description: 'Keeps the light.' } },
    { id: 'bo', card: { description: 'Fishes.' } },
  ],
  humans: [{ id: 'ann' }, { id: 'kim' }],
};

async function openRoom(cast: RoomCast = three): Promise<RoomHouse> {
  const room = new RoomHouse(house.storage);
  await room.open(cast);
  return room;
}

describe('a prompt in a room', () => {
  test('has the own words on the one side and everybody else by name on the other', async () => {
    const room = await openRoom();
    const first = await room.say({ by: 'ann', text: 'Good evening.' });
    const second = await room.say({ by: 'mira', text: 'Welcome.', below: first });
    const third = await room.say({ by: 'bo', text: 'Evening, {{user}}. I am {{char}}.', below: second });
    const last = await room.say({ by: 'kim', text: 'Hello!', below: third });
    const prompt = await room.promptOf('mira', last);
    expect(said(prompt)).toEqual([
      expect.stringContaining('user: [A new conversation begins.]\n\nAnn: Good evening.'),
      'assistant: Welcome.',
      'user: Bo: Evening, Ann. I am Bo.\n\nKim: Hello!',
    ]);
    expect(system(prompt)).toContain('Here with Mira: Bo, Ann, and Kim.');
    expect(system(prompt)).toContain('Keeps the light.');
    expect(system(prompt)).not.toContain('Fishes.');
    expect(prompt.others).toEqual(['Bo', 'Ann', 'Kim']);
  });

  test('tells of a whisper to whom it was whispered, and nothing of it to others', async () => {
    const room = await openRoom();
    const first = await room.say({ by: 'ann', text: 'Good evening.' });
    const whisper = await room.say({ by: 'kim', text: 'I hid the key.', to: ['bo'], below: first });
    const last = await room.say({ by: 'ann', text: 'Well?', below: whisper });
    expect(said(await room.promptOf('bo', last)).join()).toContain('Kim (whispers to you): I hid the key.');
    expect(JSON.stringify((await room.promptOf('mira', last)).prompt)).not.toContain('key');
  });

  test('tells who comes and goes, and asks for words after it', async () => {
    const room = await openRoom();
    const first = await room.say({ by: 'ann', text: 'Good evening.' });
    const { id } = room.who('bo');
    const left = await room.move(first, (stage) => {
      delete stage.present[id];
      return { stage, event: 'leave', who: 'bo' };
    });
    const prompt = await room.promptOf('mira', left);
    expect(said(prompt).join()).toContain('[Bo leaves.]');
    expect(said(prompt).at(-1)).toContain('[Write what Mira does and says next.]');
    expect(system(prompt)).toContain('Here with Mira: Ann and Kim.');
  });

  test('of one who came later begins then; in the old modes with all that was said openly', async () => {
    for (const cardMode of ['own', 'swap', 'join'] as const) {
      const room = await openRoom({
        characters: [...three.characters, { id: 'lee', fromStart: false }],
        humans: three.humans,
        settings: { cardMode },
      });
      const first = await room.say({ by: 'ann', text: 'Before.' });
      const secret = await room.say({ by: 'ann', text: 'Secret.', to: ['bo'], below: first });
      const { id } = room.who('lee');
      const came = await room.move(secret, (stage) => {
        stage.present[id] = '';
        return { stage, event: 'enter', who: 'lee' };
      });
      const last = await room.say({ by: 'ann', text: 'After.', below: came });
      const prompt = JSON.stringify((await room.promptOf('lee', last)).prompt);
      expect(prompt).toContain('After.');
      expect(prompt.includes('Before.')).toBe(cardMode !== 'own');
      expect(prompt).not.toContain('Secret.');
    }
  });

  test('of joined cards has each field of all who are there and not muted, in prefix and suffix', async () => {
    const room = await openRoom({
      characters: [
        { id: 'mira', card: { description: '{{char}} keeps the light.', scenario: 'A pier.' } },
        {
          id: 'bo',
          card: { description: '{{char}} fishes.', extensions: { depth_prompt: { prompt: '{{char}} is wet.' } } },
        },
        { id: 'lee', muted: true, card: { description: 'Silent.' } },
      ],
      humans: [{ id: 'ann' }],
      settings: { cardMode: 'join', joinPrefix: '<{{char}} <FIELDNAME>>', joinSuffix: '</>' },
    });
    const last = await room.say({ by: 'ann', text: 'Hi' });
    const prompt = await room.promptOf('mira', last);
    expect(system(prompt)).toContain('<Mira Description>Mira keeps the light.</>\n<Bo Description>Bo fishes.</>');
    expect(system(prompt)).not.toContain('Silent.');
    expect(JSON.stringify(prompt.prompt)).toContain('Bo is wet.');
  });

  test('knows the group by its macros', async () => {
    const room = await openRoom({
      ...three,
      characters: [
        {
          id: 'mira',
          card: { description: '{{group}}|{{groupNotMuted}}|{{charIfNotGroup}}|{{notChar}}' },
        },
        { id: 'bo', muted: true },
      ],
    });
    const last = await room.say({ by: 'ann', text: 'Hi' });
    expect(system(await room.promptOf('mira', last))).toContain('Mira, Bo|Mira||Bo, Kim, Ann');
  });

  test('is cut for each speaker by what that one heard, in a small context too', async () => {
    const room = await openRoom();
    let last = await room.say({ by: 'ann', text: 'Remember the pier.' });
    for (let index = 0; index < 150; index += 1) {
      last = await room.say({ by: 'kim', text: `nothing ${index}`, to: ['bo'], below: last });
    }
    const mira = await room.promptOf('mira', last);
    expect(said(mira).join()).toContain('Remember the pier.');
    expect(mira.dropped).toEqual([]);
    const bo = await room.promptOf('bo', last, { contextLength: 700 });
    expect(said(bo).join()).toContain('nothing 149');
    expect(bo.dropped).toEqual([{ kind: 'history', tokens: 0, messages: expect.any(Number) as number }]);
  });

  test('counts and keeps variables for each speaker by what that one heard', async () => {
    const card = { description: '{{setvar::heard::{{getvar::heard}}{{lastMessage}};}}' };
    const room = await openRoom({ ...three, characters: three.characters.map(({ id }) => ({ id, card })) });
    const first = await room.say({ by: 'ann', text: 'Hi' });
    const whisper = await room.say({ by: 'ann', text: 'Psst', to: ['bo'], below: first });
    const bo = await room.promptOf('bo', whisper);
    expect(bo.legacy.state).toMatchObject({ variables: { heard: 'Psst;' }, counts: { all: 3 } });
    const reply = await room.say({ by: 'bo', text: 'Aye.', below: whisper });
    const kept = { messageId: reply.id, conversationId: room.conversationId, state: bo.legacy.state };
    await house.storage.transaction((trx) => insertTurnState(trx, kept));
    const mira = await room.promptOf('mira', reply);
    expect(mira.legacy.state).toMatchObject({ variables: { heard: 'Aye.;' }, counts: { all: 3 } });
    const again = await room.promptOf('bo', reply);
    expect(again.legacy.state).toMatchObject({ variables: { heard: 'Psst;Aye.;' }, counts: { all: 4 } });
  });

  test('never has the thoughts of another character', async () => {
    const room = await openRoom();
    const first = await room.say({ by: 'ann', text: 'Hi' });
    const parts = [
      { type: 'reasoning' as const, text: 'I must hide it.' },
      { type: 'text' as const, text: 'Nothing.' },
    ];
    const last = await room.say({ by: 'bo', text: '', below: first, more: { parts } });
    const body = JSON.stringify((await room.promptOf('mira', last)).prompt);
    expect(body).toContain('Bo: Nothing.');
    expect(body).not.toContain('hide');
  });
});
