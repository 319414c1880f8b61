import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLogger } from '../../src/base/logger.ts';
import { RuleBook } from '../../src/memory/facts/rule-book.ts';
import { HousePairMemories } from '../../src/memory/pair-memories.ts';
import { SummaryMemory } from '../../src/memory/summaries/summary-memory.ts';
import { SUMMARISE_JOB } from '../../src/memory/conversation-jobs.ts';
import { listSummaries } from '../../src/memory/summaries/summary-store.ts';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { besideServer } from './support/beside-server.ts';
import { startHouseProcess } from './support/house-process.ts';
import { createTestDatabase, isFull, onPostgres, type TestDatabase } from './support/test-database.ts';
import { until } from './support/until.ts';

const counts = onPostgres ? { sample: 1, full: 20 } : { sample: 2, full: 60 };
const kills = isFull ? counts.full : counts.sample;
/** Most of a round is the start of a server, and talk enough for a scene. */
const LIMIT_PER_KILL_IN_MS = 60_000;
/** With their replies and the greeting one scene and a little more. */
const ROUNDS = 13;

/** The model takes its time over every scene, so that kills meet it at work. */
const script: ScriptInput = {
  rules: [{ steps: [{ type: 'tokens', tokens: ['It is ', 'as it was.'] }] }],
  memoryRules: [
    {
      when: { matches: '^Lines:' },
      steps: [
        {
          type: 'tokens',
          tokens: Array.from('{"sentences":[{"lines":[2],"text":"The market was loud and apples were bought."}]}'),
          delayInMs: 25,
        },
      ],
    },
  ],
};

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-summaries-'));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const withStorage = <T>(work: (storage: Storage) => Promise<T>) => besideServer({ folder, database }, work);

/** Every scene holds on its path, rests on messages it covers, and is there once. Returns how many there are. */
async function expectSound(storage: Storage): Promise<number> {
  const { db } = storage;
  const conversations = await db.selectFrom('conversation').select('id').execute();
  const rows = await listSummaries(db, { conversationIds: conversations.map(({ id }) => id) });
  const memories = new HousePairMemories({ db, logger: silentLogger() });
  const summaries = new SummaryMemory({ storage, rules: async () => new RuleBook([]), timeZone: 'UTC' });
  for (const { ownerId, characterId, conversationId, sentences } of rows) {
    const pair = { ownerId, characterId };
    const view = await memories.view(pair);
    const listed = await summaries.list({ pair, view });
    expect(listed.filter(({ stale }) => stale)).toEqual([]);
    expect(sentences.length).toBeGreaterThan(0);
    for (const { sources } of sentences) expect(view.path(conversationId)).toEqual(expect.arrayContaining(sources));
  }
  expect(new Set(rows.map(({ layer, fromId }) => `${layer} ${fromId}`)).size).toBe(rows.length);
  return rows.length;
}

/** How many conversations are being summed up. */
async function leases({ db }: Storage): Promise<number> {
  const held = await db
    .selectFrom('job')
    .select('id')
    .where('name', '=', SUMMARISE_JOB)
    .where('lockedUntil', 'is not', null)
    .execute();
  return held.length;
}

test(
  `${kills} kills while scenes are written: none is half there or there twice, and all are written afterwards`,
  { timeout: kills * LIMIT_PER_KILL_IN_MS + 90_000 },
  async () => {
    const start = () => startHouseProcess({ folder, script, postgres: database.postgres });
    let cutOff = 0;
    for (let number = 0; number < kills; number += 1) {
      await using house = await start();
      const { id } = await house.owner.begin();
      for (let round = 0; round < ROUNDS; round += 1) {
        await house.owner.talk(id, `The market was loud in round ${round}, and we bought ${round} apples.`);
      }
      await withStorage((storage) => until('a scene is being written', () => leases(storage)));
      await delay(Math.random() * 1500);
      await house.kill();
      cutOff += await withStorage(async (storage) => {
        await expectSound(storage);
        return leases(storage);
      });
    }
    await using last = await start();
    await withStorage(({ db }) =>
      until('every scene is written', async () => {
        const rows = await db.selectFrom('memorySummary').select('id').where('layer', '=', 'scene').execute();
        return rows.length >= kills;
      }),
    );
    expect(await withStorage(expectSound)).toBe(kills);
    expect(await last.stop()).toBe(0);
    // Otherwise the kills met nobody at work.
    expect(cutOff).toBeGreaterThan(0);
  },
);
