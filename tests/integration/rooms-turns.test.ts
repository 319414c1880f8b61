import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message, Receipt } from '../../contract/messages.ts';
import type { PromptRecord } from '../../contract/prompts.ts';
import type { RoomRun } from '../../contract/rooms.ts';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import { activePath, expectSoundTree, readTree } from './support/check-tree.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { openRoom, setRoom } from './support/rooms.ts';
import { talkingScript } from './support/scripts.ts';
import { until } from './support/until.ts';

/** “long”, “hang” and “break” as elsewhere; “pass it on” is answered with a question to Mira, “a play” with others’ words first, all else with “Quite.” */
const script: ScriptInput = {
  rules: [
    { when: { contains: 'pass it on' }, times: 1, steps: [{ type: 'tokens', tokens: ['What', ' says', ' Mira?'] }] },
    {
      when: { contains: 'a play for everybody' },
      times: 1,
      steps: [{ type: 'tokens', tokens: ['Old Tomas', ':', ' Aye', '.\n', 'Friend', ': Well?'] }],
    },
    ...(talkingScript.rules ?? []),
    { steps: [{ type: 'tokens', tokens: ['Quite', '.'] }] },
  ],
};

let house: ChatHouse;

beforeAll(async () => {
  house = await openHouse({ script });
});
afterAll(() => house[Symbol.asyncDispose]());

/** Who spoke after the greeting, in order, once nobody is writing and nobody will. */
async function speakers(id: string): Promise<string[]> {
  const path = await settled(id);
  return path.slice(1).map(({ author }) => (author.kind === 'human' ? 'me' : author.id.replace('starter-', '')));
}

async function settled(id: string): Promise<Message[]> {
  const { live } = house.app;
  await until('nobody speaks any more', () => {
    return live.inConversation(id).length === 0 && live.runOf(id).state === 'idle';
  });
  return house.owner.path(id);
}

function live(id: string): RoomRun {
  return house.app.live.runOf(id);
}

const run = (id: string, action: 'start' | 'pause' | 'stop') =>
  house.owner.call<RoomRun>('POST', `/api/conversations/${id}/run`, { action });

test('manual: nobody answers unless asked, and who is asked does, one after the other', async () => {
  const { id, seats } = await openRoom(house, {
    settings: { turnOrder: 'manual' },
    change: { tomas: { muted: true } },
  });
  const quiet = await house.owner.say(id, 'Well?');
  expect(quiet.reply).toBeNull();
  expect(await speakers(id)).toEqual(['me']);
  const asked = await house.owner.say(id, 'You two.', { speakers: [seats['tomas'], seats['mira']] });
  expect(asked.reply?.author.id).toBe('starter-tomas');
  expect(await speakers(id)).toEqual(['me', 'me', 'tomas', 'mira']);
  await house.owner.say(id, '@Wren @Mira, what now?');
  expect((await speakers(id)).slice(4)).toEqual(['me', 'wren', 'mira']);
});

test('the answer to a send names the first reply and the revision it left', async () => {
  const { id } = await openRoom(house, { settings: { turnOrder: 'list', mostReplies: 1 } });
  const { reply, revision } = await house.owner.say(id, 'Hello?');
  // Mira has greeted.
  expect(reply?.author.id).toBe('starter-wren');
  await settled(id);
  expect((await house.owner.conversation(id)).revision).toBe(revision);
  const receipt = await house.owner.call<Receipt>('GET', `/api/messages/${reply!.id}/receipt`);
  expect(receipt.turn).toEqual({ participantId: expect.any(String), by: 'list', why: '' });
});

test('natural: who is mentioned answers, by a human or by a character', async () => {
  const { id } = await openRoom(house, {
    settings: { turnOrder: 'natural', mostReplies: 4 },
    change: { mira: { talkativeness: 0 }, wren: { talkativeness: 0 }, tomas: { talkativeness: 0 } },
  });
  const { reply } = await house.owner.say(id, 'Wren and Tomas, pass it on!');
  // Wren asks Mira, who comes before Tomas now.
  expect(await speakers(id)).toEqual(['me', 'wren', 'mira', 'tomas']);
  const receipt = await house.owner.call<Receipt>('GET', `/api/messages/${reply!.id}/receipt`);
  expect(receipt.turn?.by).toBe('mention');
});

test('natural: where nobody wants to, one still answers, and only one', async () => {
  const none = { talkativeness: 0 };
  const { id } = await openRoom(house, {
    settings: { turnOrder: 'natural' },
    change: { mira: none, wren: none, tomas: none },
  });
  await house.owner.say(id, 'hm');
  const [, first] = await speakers(id);
  await house.owner.say(id, 'hm');
  const [, , , second] = await speakers(id);
  expect(await speakers(id)).toHaveLength(4);
  expect(second).not.toBe(first);
});

test('list: once round, then on from the last speaker; the list can be turned, the muted are passed over', async () => {
  const { id, seats } = await openRoom(house, { settings: { turnOrder: 'list', mostReplies: 12 } });
  await house.owner.say(id, 'hm');
  expect(await speakers(id)).toEqual(['me', 'wren', 'tomas', 'mira']);
  const change = (name: string, fields: Record<string, unknown>) =>
    house.app.storage.db
      .updateTable('participant')
      .set(fields)
      .where('id', '=', seats[name] ?? '')
      .execute();
  await change('wren', { position: 9 });
  await house.owner.say(id, 'hm');
  expect((await speakers(id)).slice(4)).toEqual(['me', 'tomas', 'wren', 'mira']);
  await change('mira', { muted: 1 });
  await house.owner.say(id, 'hm');
  expect((await speakers(id)).slice(8)).toEqual(['me', 'tomas', 'wren']);
});

test('pooled: everybody once, up to as many as the room allows', async () => {
  const { id } = await openRoom(house, { settings: { turnOrder: 'pooled', mostReplies: 12 } });
  await house.owner.say(id, 'hm');
  expect((await speakers(id)).slice(1).toSorted()).toEqual(['mira', 'tomas', 'wren']);
  await setRoom(house, id, { turnOrder: 'pooled', mostReplies: 2 });
  await house.owner.say(id, 'hm');
  expect((await speakers(id)).slice(4)).toHaveLength(3);
});

test('a whisper is answered by those who heard it, an aside by nobody', async () => {
  const { id, seats } = await openRoom(house, { settings: { turnOrder: 'list', mostReplies: 12 } });
  await house.owner.say(id, 'hm', { to: [seats['tomas']] });
  expect(await speakers(id)).toEqual(['me', 'tomas']);
  await house.owner.say(id, 'hm', { to: [] });
  expect((await speakers(id)).slice(2)).toEqual(['me']);
  const more = { to: [seats['tomas']], speakers: [seats['mira']], clientId: 'whisper-1', text: 'hm' };
  const refused = await house.owner.refusal('POST', `/api/conversations/${id}/messages`, more);
  expect(refused).toMatchObject({ status: 400, field: 'speakers' });
});

test('a model that writes only what others say is asked again under its own name, and the prompt says so', async () => {
  const { id } = await openRoom(house, { settings: { turnOrder: 'list', mostReplies: 1 } });
  await house.owner.say(id, 'a play for everybody');
  const reply = (await settled(id)).at(-1);
  expect(reply).toMatchObject({ state: 'done', parts: [{ type: 'text', text: 'Quite.' }] });
  const { messages } = await house.owner.call<PromptRecord>('GET', `/api/messages/${reply?.id}/prompt`);
  expect(messages.at(-1)).toMatchObject({ role: 'assistant', pieces: [{ text: 'Wren:' }] });
});

test('a failed reply ends the turns; Stop does too, and what is written stays', async () => {
  const { id } = await openRoom(house, { settings: { turnOrder: 'list', mostReplies: 3 } });
  await house.owner.say(id, 'break');
  expect(await speakers(id)).toEqual(['me', 'wren']);
  await house.owner.say(id, 'hang');
  await house.owner.call('POST', `/api/conversations/${id}/stop`);
  const path = await settled(id);
  expect(path.slice(3).map(({ author, state }) => [author.id, state])).toEqual([
    [expect.any(String), 'done'],
    ['starter-tomas', 'stopped'],
  ]);
});

test('two at once: both are heard, each reply comes once, and the tree is sound', async () => {
  const { id } = await openRoom(house, { settings: { turnOrder: 'list', mostReplies: 2 } });
  const texts = ['one', 'two', 'three', 'four'];
  const sent = await Promise.all(texts.map((text) => house.owner.say(id, text)));
  await settled(id);
  const tree = await readTree(house.app.storage.db, id);
  expectSoundTree(tree);
  const path = activePath(tree).slice(1);
  expect(tree.nodes.filter(({ author, parentId }) => author.kind === 'character' && parentId !== null)).toHaveLength(
    path.filter(({ author }) => author.kind === 'character').length,
  );
  for (const { message } of sent) expect(path.map((node) => node.id)).toContain(message.id);
  const byParent = path.map(({ parentId }) => parentId);
  expect(new Set(byParent).size).toBe(byParent.length);
  expect(path.at(-1)?.author.kind).toBe('character');
});

test('a human who speaks ends the turns before; the reply being written is heard out', async () => {
  const { id } = await openRoom(house, { settings: { turnOrder: 'list', mostReplies: 12 } });
  const first = await house.owner.say(id, 'long');
  const second = await house.owner.say(id, 'hm', { reply: false });
  const path = await settled(id);
  expect(path.slice(1).map((one) => one.id)).toEqual([first.message.id, first.reply!.id, second.message.id]);
  expect(path[2]?.state).toBe('done');
});

test('auto-run: the characters go on, wait while a human types, and stop when told', async () => {
  const settings = { turnOrder: 'list', mostReplies: 1, autoRun: true, autoRunDelayInSeconds: 0 } as const;
  const { id, seatId } = await openRoom(house, { settings });
  await using watcher = house.owner.watch(id);
  await watcher.event('conversation-snapshot');
  await house.owner.say(id, 'hm');
  await until('they have gone on', async () => (await house.owner.path(id)).length > 5);
  const { presence } = house.app;
  presence.type({ conversationId: id, participantId: seatId, typing: true });
  await until('they wait for who types', () => live(id).state === 'paused');
  const { length } = await house.owner.path(id);
  expect(house.app.live.inConversation(id)).toEqual([]);
  presence.type({ conversationId: id, participantId: seatId, typing: false });
  await until('they go on', async () => (await house.owner.path(id)).length > length);
  await run(id, 'pause');
  await until('they are held', () => live(id).state === 'paused');
  const held = (await house.owner.path(id)).length;
  expect((await run(id, 'start')).state).not.toBe('idle');
  await until('they go on again', async () => (await house.owner.path(id)).length > held);
  await run(id, 'stop');
  await watcher.event('room-run', (event) => event.run.state === 'idle');
  const path = await settled(id);
  expect(path.slice(1).every(({ author }, index) => index === 0 || author.kind === 'character')).toBe(true);
  const states = watcher.events.flatMap((event) => (event.type === 'room-run' ? [event.run.state] : []));
  expect(new Set(states)).toEqual(new Set(['replying', 'paused', 'idle']));
  expect(states.at(-1)).toBe('idle');
});

test('auto-run: a wait is shown with its end, also to who comes later, and a change of the path ends it', async () => {
  const settings = { turnOrder: 'list', mostReplies: 1, autoRun: true, autoRunDelayInSeconds: 600 } as const;
  const { id } = await openRoom(house, { settings });
  const { message } = await house.owner.say(id, 'hm');
  await until('they wait', () => live(id).state === 'waiting');
  await using late = house.owner.watch(id);
  const { run: shown } = await late.event('conversation-snapshot');
  expect(shown).toMatchObject({ state: 'waiting', resumesAt: expect.any(Number) });
  await house.owner.call('POST', `/api/conversations/${id}/path`, { messageId: message.id });
  await run(id, 'start');
  await until('one more has spoken', async () => (await house.owner.path(id)).length === 4);
  await until('they wait again', () => live(id).state === 'waiting' && live(id).resumesAt !== shown?.resumesAt);
  const other = await house.owner.call<{ message: Message }>('POST', `/api/messages/${message.id}/edit`, {
    text: 'ho',
  });
  await until('the turns are over', () => live(id).state === 'idle');
  expect((await house.owner.conversation(id)).leafId).toBe(other.message.id);
});

test('start goes on from where the path was just moved to, though the turns before wait elsewhere', async () => {
  const settings = { turnOrder: 'list', mostReplies: 1, autoRun: true, autoRunDelayInSeconds: 600 } as const;
  const { id } = await openRoom(house, { settings });
  await house.owner.say(id, 'hm');
  await until('they wait', () => live(id).state === 'waiting');
  const [, asked, answer] = await house.owner.path(id);
  await house.owner.call('POST', `/api/messages/${asked!.id}/edit`, { text: 'ho' });
  await run(id, 'start');
  await until('they wait on the other path', () => live(id).state === 'waiting');
  await house.owner.call('POST', `/api/conversations/${id}/path`, { messageId: answer!.id });
  await run(id, 'start');
  const spoken = await until('somebody follows on the first one', async () => (await house.owner.path(id))[3]);
  expect(spoken.parentId).toBe(answer!.id);
});

test('start without auto-run lets them speak a round, and only in rooms', async () => {
  const { id } = await openRoom(house, { settings: { turnOrder: 'list', mostReplies: 2 } });
  await run(id, 'start');
  expect(await speakers(id)).toEqual(['wren', 'tomas']);
  const { id: alone } = await house.owner.begin();
  expect((await house.owner.refusal('POST', `/api/conversations/${alone}/run`, { action: 'start' })).status).toBe(400);
  await house.owner.call('DELETE', `/api/conversations/${id}`);
  expect((await house.owner.refusal('POST', `/api/conversations/${id}/run`, { action: 'start' })).status).toBe(404);
});

test('closing the house ends the turns, and they begin idle', async () => {
  const settings = { turnOrder: 'list', mostReplies: 12, autoRun: true, autoRunDelayInSeconds: 0 } as const;
  const { id } = await openRoom(house, { settings });
  await house.owner.say(id, 'long');
  await house.close();
  await house.reopen();
  const tree = await readTree(house.app.storage.db, id);
  expectSoundTree(tree);
  expect(tree.nodes.filter(({ state }) => state === 'streaming')).toEqual([]);
  expect(live(id).state).toBe('idle');
});
