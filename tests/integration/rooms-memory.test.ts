import { unbilled } from '../support/unbilled.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { UnavailableError } from '../../src/base/errors.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { JobQueue } from '../../src/jobs/job-queue.ts';
import { DiaryKeeper } from '../../src/memory/diary/keep-diary.ts';
import { Distiller } from '../../src/memory/facts/distiller.ts';
import { FactMemory } from '../../src/memory/facts/fact-memory.ts';
import { listFacts } from '../../src/memory/facts/fact-store.ts';
import { HousePairMemories } from '../../src/memory/pair-memories.ts';
import { QuietTime } from '../../src/memory/quiet-time.ts';
import { Summariser } from '../../src/memory/summaries/summarise-conversation.ts';
import { listSummaries } from '../../src/memory/summaries/summary-store.ts';
import type { ModelDirectory } from '../../src/models/routing/model-directory.ts';
import { createScriptedModel } from '../../src/models/scripted/scripted-model.ts';
import { openTestStorage } from '../support/open-test-storage.ts';
import { RoomHouse } from '../support/room-house.ts';
import { Chance, RoomTeller, castBy, pathTo, type KnownMessage } from './support/room-history.ts';
import { isFull } from './support/test-database.ts';

const ROOMS = isFull ? 300 : 6;
const SEED = 'memory of rooms';
const tokensIn = (text: string): Set<string> => new Set(text.match(/tq\d+x/gu));

let house: Awaited<ReturnType<typeof openTestStorage>>;
let tokens = 0;
beforeAll(async () => {
  house = await openTestStorage();
});
afterAll(() => house[Symbol.asyncDispose]());

/** Who makes memories, at work at once and by rules alone; the diary's model only shows what it was asked. */
function openWork() {
  const { storage } = house;
  const clock = systemClock;
  const memories = new HousePairMemories({ db: storage.db, logger: silentLogger() });
  const quiet = new QuietTime([], { calmInMs: 0 });
  const facts = new FactMemory({ storage, clock, newId: new RoomHouse(storage).newId });
  const model = createScriptedModel({ otherwise: 'echo' });
  const none: Pick<ModelDirectory, 'resolve'> = {
    resolve: async () => {
      throw new UnavailableError('There is no model.', { code: 'no-model' });
    },
  };
  const common = { storage, clock, newId: new RoomHouse(storage).newId, quiet, memories, facts, timeZone: 'UTC' };
  const queue = new JobQueue({ clock, newId: common.newId });
  const models = none as ModelDirectory;
  return {
    memories,
    model,
    handlers: {
      facts: new Distiller({ ...common, models }),
      summaries: new Summariser({ ...common, models, queue, afterwards: async () => undefined }),
      diary: new DiaryKeeper({ ...common, models: { resolve: async () => unbilled(model) } }),
    },
  };
}

const { signal } = new AbortController();
const job = (key: string, payload: unknown = {}) => ({ key, payload, attempts: 1 });

async function checkRoom(seed: string): Promise<void> {
  const chance = new Chance(seed);
  const cast = castBy(chance);
  const room = new RoomHouse(house.storage);
  await room.open({
    characters: cast.characters.map((id) => ({ id, fromStart: !cast.late.has(id) })),
    humans: cast.humans.map((id) => ({ id, fromStart: !cast.late.has(id) })),
  });
  const teller = new RoomTeller({
    house: room,
    chance,
    cast,
    newToken: () => `tq${tokens++}x`,
    wordsFor: (token) => `I was born in ${token} in 1971.`,
  });
  await teller.tell(chance.between(20, 45), async () => undefined);
  const end = teller.history.messages.at(-1) ?? null;
  const { db } = house.storage;
  const { conversationId } = room;
  await db
    .updateTable('conversation')
    .set({ leafId: end?.node.id ?? null })
    .where('id', '=', conversationId)
    .execute();
  const { memories, model, handlers } = openWork();
  await handlers.facts.run(job(conversationId), signal);
  await handlers.summaries.run(job(conversationId), signal);
  for (const id of cast.characters) {
    const pair = { ownerId: room.hostId, characterId: room.who(id).subjectId };
    const both = heardBy(end, [id, cast.humans[0] ?? '']);
    const may = [...both.keys()];
    const view = await memories.view(pair);
    const seen = view.path(conversationId).map((messageId) => view.turn(messageId));
    expect(
      seen.map((turn) => [...tokensIn(turn?.text ?? '')][0]),
      `${seed}: what ${id} heard`,
    ).toEqual(may);
    const facts = await listFacts(db, pair);
    expect(
      new Set(facts.flatMap(({ text, quote }) => [...tokensIn(`${text} ${quote}`)])),
      `${seed}: facts of ${id}`,
    ).toEqual(new Set(may));
    for (const { about, subject, sources } of facts) {
      const by = both.get([...tokensIn(facts.find(({ sources: own }) => own === sources)?.quote ?? '')][0] ?? '');
      const isOther = by !== id && by !== cast.humans[0];
      expect(about === 'other', `${seed}: ${subject} by ${by ?? ''}`).toBe(isOther);
    }
    const summaries = await listSummaries(db, { conversationIds: [conversationId], characterId: pair.characterId });
    const told = summaries.flatMap(({ sentences }) => sentences.flatMap(({ text }) => [...tokensIn(text)]));
    expect(
      told.filter((token) => !both.has(token)),
      `${seed}: summaries of ${id}`,
    ).toEqual([]);
    expect(told.length > 0 || may.length < 24, `${seed}: ${id} tells nothing`).toBe(true);
    const from = model.memoryCalls.length;
    for (const { id: summaryId, layer } of summaries) {
      if (layer === 'session') await handlers.diary.run(job(summaryId, { summaryId }), signal);
    }
    const asked = [...tokensIn(JSON.stringify(model.memoryCalls.slice(from).map(({ prompt }) => prompt)))];
    expect(
      asked.filter((token) => !both.has(token)),
      `${seed}: diary of ${id}`,
    ).toEqual([]);
  }
}

/** Tokens that all of them heard on the way to a message, each with who said it. */
function heardBy(end: KnownMessage | null, who: readonly string[]): Map<string, string> {
  const heard = pathTo(end).filter(({ hearers, isGone }) => !isGone && who.every((id) => hearers.has(id)));
  return new Map(
    heard.flatMap(({ token, node }) => (token === null ? [] : [[token, node.author.name.toLowerCase()] as const])),
  );
}

describe('nobody remembers what it did not witness', () => {
  test(
    'in the view, facts, summaries and diaries of every character, over random histories of rooms',
    async () => {
      for (let index = 0; index < ROOMS; index += 1) await checkRoom(`${SEED} ${index}`);
    },
    isFull ? 3_000_000 : 240_000,
  );
});
