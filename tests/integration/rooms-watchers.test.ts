import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wordsOf } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { comeAsGuest, inviteTo } from './support/room-people.ts';
import { LONG_REPLY, talkingScript } from './support/scripts.ts';
import type { Watcher } from './support/watcher.ts';

const WATCHERS = 10;

let folder: string;
let house: ChatHouse;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-watchers-'));
  house = await openHouse({ script: { ...talkingScript, recordTo: join(folder, 'calls.jsonl') } });
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test('ten watchers of a reply, five of them guests, cost one generation and hear the same', async () => {
  const { owner } = house;
  const { id } = await owner.begin();
  const token = await inviteTo(owner, id, 5);
  await using watchers = new AsyncDisposableStack();
  const all: Watcher[] = [];
  for (let index = 0; index < WATCHERS; index += 1) {
    const who = index % 2 === 0 ? owner : await comeAsGuest(house, { token, name: `Guest ${index}` });
    const watcher = watchers.use(who.watch(id));
    await watcher.event('conversation-snapshot');
    all.push(watcher);
  }
  const { reply } = await owner.say(id, 'A long one, please');
  const ends = await Promise.all(all.map((one) => one.event('reply-end', ({ messageId }) => messageId === reply?.id)));
  expect(ends.map(({ message }) => wordsOf(message))).toEqual(all.map(() => LONG_REPLY));
  const calls = (await readFile(join(folder, 'calls.jsonl'), 'utf8')).trim().split('\n');
  expect(calls.filter((call) => call.includes('A long one, please'))).toHaveLength(1);
});
