import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Receipt } from '../../contract/messages.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { openRoom } from './support/rooms.ts';
import { until } from './support/until.ts';

let house: ChatHouse;
/** Every prompt that a model was sent. */
const record = join(tmpdir(), `everwith-director-${randomUUID()}.jsonl`);

const says = (text: string) => [{ type: 'tokens' as const, tokens: [text] }];

beforeAll(async () => {
  house = await openHouse({
    script: {
      recordTo: record,
      rules: [{ steps: says('Quite.') }],
      directionRules: [
        { when: { contains: 'nonsense' }, steps: says('Somebody, I suppose.') },
        { when: { contains: 'slowly' }, steps: [{ type: 'hang' }] },
        {
          when: { matches: 'mend[^]*Quite' },
          steps: says('{"next":"nobody","why":"It is for Friend to say."}'),
        },
        { when: { contains: 'mend' }, steps: says('{"next":"Old Tomas","why":"He mends boats."}') },
        { when: { contains: '修' }, steps: says('{"next":"Old Tomas","why":"他会修船。"}') },
      ],
    },
  });
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  await rm(record, { force: true });
});

async function settled(id: string): Promise<string[]> {
  const { live } = house.app;
  await until('nobody speaks any more', () => {
    return live.inConversation(id).length === 0 && live.runOf(id).state === 'idle';
  });
  const path = await house.owner.path(id);
  return path.slice(1).map(({ author }) => author.id);
}

async function turnOf(id: string): Promise<Receipt['turn']> {
  const path = await house.owner.path(id);
  const reply = path.findLast(({ author }) => author.kind === 'character');
  return (await house.owner.call<Receipt>('GET', `/api/messages/${reply?.id}/receipt`)).turn;
}

test('the director chooses and says why, and ends the round', async () => {
  const { id, seats } = await openRoom(house, { settings: { turnOrder: 'director', mostReplies: 4 } });
  await using watcher = house.owner.watch(id);
  await watcher.event('conversation-snapshot');
  const { reply } = await house.owner.say(id, 'Who can mend the boat?');
  // The message is there at once; whoever answers is still being chosen.
  expect(reply).toBeNull();
  const { run } = await watcher.event('room-run', (event) => event.run.state === 'replying');
  expect(run.next).toEqual([{ participantId: seats['tomas'], by: 'director', why: 'He mends boats.' }]);
  expect((await settled(id)).slice(1)).toEqual(['starter-tomas']);
  expect(await turnOf(id)).toEqual(run.next[0]);
  const states = watcher.events.flatMap((event) => (event.type === 'room-run' ? [event.run.state] : []));
  expect(states.slice(0, 2)).toEqual(['choosing', 'replying']);
});

test('a director that talks nonsense is passed over: the room goes naturally, and says so', async () => {
  const { id } = await openRoom(house, { settings: { turnOrder: 'director', mostReplies: 1 } });
  await house.owner.say(id, 'nonsense, Captain Wren Okafor');
  expect((await settled(id)).slice(1)).toEqual(['starter-wren']);
  expect(await turnOf(id)).toMatchObject({ by: 'mention', why: '' });
});

test('so is one that is silent, after a few seconds', async () => {
  const { id } = await openRoom(house, { settings: { turnOrder: 'director', mostReplies: 1 } });
  const since = performance.now();
  await house.owner.say(id, 'slowly, Mira');
  expect((await settled(id)).slice(1)).toEqual(['starter-mira']);
  expect(performance.now() - since).toBeGreaterThan(7500);
});

test('Stop while the director thinks: nobody speaks', async () => {
  const { id } = await openRoom(house, { settings: { turnOrder: 'director' } });
  await house.owner.say(id, 'slowly');
  await until('the director thinks', () => house.app.live.runOf(id).state === 'choosing');
  await house.owner.call('POST', `/api/conversations/${id}/stop`);
  expect(await settled(id)).toHaveLength(1);
});

test('the director reads only what everybody heard who may be chosen', async () => {
  const { id, seats } = await openRoom(house, { settings: { turnOrder: 'director', mostReplies: 1 } });
  await house.owner.say(id, 'xylophone secret', { to: [seats['mira']], reply: false });
  await house.owner.say(id, 'Who can mend it?');
  await settled(id);
  const calls = (await readFile(record, 'utf8')).split('\n').filter((line) => line.includes('"direction"'));
  expect(calls.length).toBeGreaterThan(0);
  expect(calls.some((line) => line.includes('xylophone'))).toBe(false);
  // Mira alone heard the whisper: there is nothing to choose, and nobody is asked.
  await house.owner.say(id, 'xylophone again', { to: [seats['mira']] });
  expect((await settled(id)).at(-1)).toBe('starter-mira');
  expect(await turnOf(id)).toMatchObject({ by: 'only-one' });
});
