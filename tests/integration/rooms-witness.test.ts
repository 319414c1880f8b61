import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lorebookBodySchema } from '../../contract/lore.ts';
import { cardModeSchema } from '../../contract/rooms.ts';
import { systemClock } from '../../src/base/clock.ts';
import { linkLorebook } from '../../src/character/lorebook-link-store.ts';
import { insertLorebook } from '../../src/character/lorebook-store.ts';
import type { AssembledPrompt } from '../../src/turn/assemble-prompt.ts';
import { insertTurnState } from '../../src/turn/turn-state-store.ts';
import { openTestStorage } from '../support/open-test-storage.ts';
import { RoomHouse } from '../support/room-house.ts';
import { Chance, RoomTeller, castBy, pathTo, type KnownMessage } from './support/room-history.ts';
import { isFull } from './support/test-database.ts';

/** Rooms, and looks at each: a look is a character's whole prompt at a place of the tree. */
const ROOMS = isFull ? 1300 : 22;
const LOOKS = 8;
const SEED = 'witness';

const TOKEN = /tq\d+x/gu;
const tokensIn = (text: string): Set<string> => new Set(text.match(TOKEN));
const wordsOf = ({ prompt }: AssembledPrompt): string => JSON.stringify(prompt);

/** A card that repeats whatever macros can repeat, and keeps it in variables. */
const TELLTALE = {
  description:
    '{{char}} heard: {{lastMessage}} / {{lastUserMessage}} / {{lastCharMessage}}. {{setvar::heard::{{getvar::heard}} {{lastMessage}}}}{{getvar::heard}}{{setglobalvar::all::{{getglobalvar::all}} {{lastUserMessage}}}}{{getglobalvar::all}}',
  extensions: { depth_prompt: { prompt: '{{group}}: {{getvar::heard}}', depth: 2, role: 'system' } },
};

let house: Awaited<ReturnType<typeof openTestStorage>>;
let tokens = 0;
beforeAll(async () => {
  house = await openTestStorage();
});
afterAll(() => house[Symbol.asyncDispose]());

/** Entries that wake on words of messages, heard or not, and repeat them. */
async function addLore(room: RoomHouse, from: number, count: number): Promise<void> {
  const entries = Array.from({ length: count }, (_, index) => ({
    uid: String(index),
    keys: [`tq${from + index}x`],
    content: `Lore of tq${from + index}x.`,
    position: index % 2 === 0 ? 'before-char' : 'at-depth',
    scanDepth: 50,
  }));
  const body = lorebookBodySchema.parse({ name: 'Echoes', mode: 'st', entries });
  const id = room.newId();
  await house.storage.transaction(async (trx) => {
    await insertLorebook(trx, { id, ownerId: room.hostId, body, now: systemClock.now() });
    const target = { kind: 'conversation' as const, id: room.conversationId };
    await linkLorebook(trx, { lorebookId: id, ownerId: room.hostId, target, now: systemClock.now() });
  });
}

/** What a character may know at a place: what it heard there, and in the old modes what was said openly. */
function known(end: KnownMessage, { by, knowsOpen, gone }: { by: string; knowsOpen: boolean; gone: boolean }) {
  const heard = pathTo(end).filter(({ hearers, isOpen }) => hearers.has(by) || (knowsOpen && isOpen));
  const there = heard.filter(({ isGone }) => gone || !isGone);
  return new Set(there.flatMap(({ token }) => token ?? []));
}

async function checkRoom(seed: string): Promise<number> {
  const chance = new Chance(seed);
  const cast = castBy(chance);
  const cardMode = chance.of(cardModeSchema.options);
  const remembers = chance.often(0.5);
  const room = new RoomHouse(house.storage);
  const card = remembers ? TELLTALE : { description: 'Keeps to itself.' };
  await room.open({
    characters: cast.characters.map((id) => ({ id, card, fromStart: !cast.late.has(id), muted: chance.often(0.2) })),
    humans: cast.humans.map((id) => ({ id, fromStart: !cast.late.has(id) })),
    settings: { cardMode },
  });
  const steps = chance.between(6, 32);
  if (chance.often(0.5)) await addLore(room, tokens, steps);
  const newToken = () => `tq${tokens++}x`;
  const teller = new RoomTeller({ house: room, chance, cast, newToken, wordsFor: (token) => `It is ${token}.` });
  await teller.tell(steps, async (reply, by) => {
    if (!remembers) return;
    const { legacy } = await room.promptOf(by, reply.parent?.node ?? null);
    expect(legacy.changedGlobals).toBeNull();
    const kept = { messageId: reply.node.id, conversationId: room.conversationId, state: legacy.state };
    await house.storage.transaction((trx) => insertTurnState(trx, kept));
  });
  const { messages } = teller.history;
  for (let look = 0; look < LOOKS && messages.length > 0; look += 1) {
    const end = chance.of(messages);
    const by = chance.of(cast.characters);
    const knowsOpen = cardMode !== 'own';
    const contextLength = !remembers && chance.often(0.4) ? 720 : 16_000;
    const prompt = await room.promptOf(by, end.node, { contextLength });
    const found = tokensIn(wordsOf(prompt));
    // What was taken back since may still be kept in a variable by those who heard it.
    const may = known(end, { by, knowsOpen, gone: remembers });
    const secrets = [...found].filter((token) => !may.has(token));
    expect(secrets, `${seed}: ${by} at ${end.node.id} (${cardMode}) knows what it did not hear`).toEqual([]);
    const must = prompt.dropped.length === 0 ? known(end, { by, knowsOpen, gone: false }) : new Set<string>();
    const lost = [...must].filter((token) => !found.has(token));
    expect(lost, `${seed}: ${by} at ${end.node.id} (${cardMode}) does not know what it heard`).toEqual([]);
  }
  return messages.length === 0 ? 0 : LOOKS;
}

describe('nobody knows what it did not witness', () => {
  test(
    'in prompts over random histories of rooms',
    async () => {
      let looks = 0;
      for (let index = 0; index < ROOMS; index += 1) looks += await checkRoom(`${SEED} ${index}`);
      expect(looks).toBeGreaterThanOrEqual(isFull ? 10_000 : 150);
    },
    isFull ? 3_000_000 : 240_000,
  );
});
