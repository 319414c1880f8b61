import { until } from '../../integration/support/until.ts';
import type { HouseProcess } from './house-process.ts';
import { makeRoom } from './room.ts';
import type { Grounds } from './sights.ts';
import { beginTalk } from './talk.ts';

/** A house with something on every page. */
export async function prepareGrounds(at: HouseProcess): Promise<Grounds> {
  const { owner } = at;
  await owner.call('updateMe', { body: { name: 'Robin', onboarded: true } });
  await owner.call('setPassword', { body: { username: 'robin', password: 'a lamp in the window' } });
  await owner.call('updateHouseSettings', { body: { signUp: 'open' } });
  await owner.call('createInvitation', { body: { note: 'Kim' } });
  await prepareConsole(at);
  const freshId = await beginTalk(at);
  const talkId = await beginTalk(at);
  const failedId = await beginTalk(at, 'yanzi');
  const reply = await say(
    at,
    talkId,
    '*I shut the door.* Here is **what** I found:\n\n- a `key`\n- [a map](https://example.org)',
  );
  await owner.call('startReply', { params: { id: talkId }, body: { kind: 'regenerate', messageId: reply } });
  await say(at, failedId, 'fail once');
  for (const id of [talkId, failedId]) {
    await until('the reply ended', async () => !(await owner.call('conversation', { params: { id } })).replying);
  }
  const { id: characterId } = await owner.call('createCharacter', {
    body: { name: 'Ferryman Otto', description: 'He knows the river.', greeting: '*He nods.* Step in.' },
  });
  const room = await prepareRoom(at);
  return { house: at, freshId, talkId, failedId, characterId, ...room, ...(await prepareBelongings(at)) };
}

/** Something in every part of the console for developers. */
async function prepareConsole({ owner, address }: HouseProcess): Promise<void> {
  const prices = { inputPerMillion: 2_000_000_000, outputPerMillion: 6_000_000_000 };
  await owner.call('setPrices', { body: { ref: '*', prices } });
  const { id: teamId } = await owner.call('createTeam', { body: { name: 'Lighthouse' } });
  const { key } = await owner.call('createPlatformKey', { body: { name: 'A program' } });
  await owner.call('createPlatformKey', { body: { name: 'Their program', teamId, requestsPerMinute: 60 } });
  await owner.call('createBudget', {
    body: { scope: 'all', subject: null, period: 'month', softLimit: 1_000_000, hardLimit: 20_000_000_000 },
  });
  await owner.call('createPlan', { body: { name: 'Family', allowance: 5_000_000_000, rollover: true } });
  await owner.call('createWebhook', { body: { url: 'https://example.org/hook', events: ['batch.completed'] } });
  await owner.call('saveRoute', { body: { name: 'assistant', targets: [{ ref: 'scripted:test' }] } });
  await owner.call('changeRequestLog', { body: { enabled: true, days: 7 } });
  for (const content of ['Where is the ferry?', 'And the next one?']) {
    const answer = await fetch(`${address}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: 'test', messages: [{ role: 'user', content }] }),
    });
    if (!answer.ok) throw new Error(`The house answered ${answer.status}: ${await answer.text()}`);
  }
}

async function prepareRoom(at: HouseProcess): Promise<Pick<Grounds, 'roomId' | 'roomToken'>> {
  const { owner } = at;
  const { id: roomId, seats } = await makeRoom(at, ['Ida', 'Tom', 'Una'], { turnOrder: 'manual' });
  const params = { id: roomId };
  const say = (text: string, to?: string[]) =>
    owner.call('sendMessage', { params, body: { text, clientId: crypto.randomUUID(), ...(to && { to }) } });
  await say('Good evening, all of you.');
  await say('Not a word of it.', [seats.get('Tom') ?? '']);
  await owner.call('closeDoor', { params, body: { participantIds: [seats.get('Una') ?? ''], door: 'the kitchen' } });
  const { url } = await owner.call('createRoomInvite', { params, body: { note: 'Kim', uses: 5 } });
  return { roomId, roomToken: new URL(url).hash.slice(1) };
}

/** What a person has besides characters and conversations; the book hangs on the persona. */
async function prepareBelongings({ owner }: HouseProcess): Promise<Pick<Grounds, 'personaId' | 'bookId' | 'presetId'>> {
  const { id: personaId } = await owner.call('createPersona', { body: { name: 'Wren', description: 'Tall.' } });
  const { id: bookId } = await owner.call('createLorebook', {
    body: {
      body: { name: 'The river', entries: [{ uid: '0', name: 'Ferry', keys: ['ferry'], content: 'It is slow.' }] },
    },
    query: { locale: 'en' },
  });
  await owner.call('linkLorebook', {
    params: { id: bookId },
    body: { target: { kind: 'persona', id: personaId } },
    query: { locale: 'en' },
  });
  const { id: presetId } = await owner.call('duplicatePreset', {
    params: { id: 'house-classic' },
    body: { name: 'Harbour' },
  });
  return { personaId, bookId, presetId };
}

/** Says something and waits for the reply; answers its id. */
async function say({ owner }: HouseProcess, id: string, text: string): Promise<string> {
  const { reply } = await owner.call('sendMessage', { params: { id }, body: { text, clientId: crypto.randomUUID() } });
  if (reply === null) throw new Error('No reply was begun.');
  await until('the reply ended', async () => !(await owner.call('conversation', { params: { id } })).replying);
  return reply.id;
}
