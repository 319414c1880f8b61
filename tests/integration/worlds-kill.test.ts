import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { World } from '../../contract/worlds.ts';
import { listMessages } from '../../src/conversation/message-store.ts';
import { textOf } from '../../src/conversation/tree-types.ts';
import { PROPOSE_JOB } from '../../src/features/worlds/propose-job-name.ts';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { besideServer } from './support/beside-server.ts';
import { startHouseProcess } from './support/house-process.ts';
import { createTestDatabase, isFull, onPostgres, type TestDatabase } from './support/test-database.ts';
import { until } from './support/until.ts';

const counts = { sample: 1, full: onPostgres ? 20 : 60 };
const kills = isFull ? counts.full : counts.sample;
/** Most of a round is the start of a server. */
const LIMIT_PER_KILL_IN_MS = 60_000;
const SAID = ['The Lamp burned down.', 'The Lamp was rebuilt of stone.', 'The Lamp belongs to Otto.'];

/** The model thinks for a while, so that kills meet the reader at work; the words are no answer, so rules decide. */
const script: ScriptInput = {
  rules: [{ steps: [{ type: 'tokens', tokens: ['Aye.'] }] }],
  memoryRules: [{ steps: [{ type: 'tokens', tokens: ['no', ' answer', ' at', ' all'], delayInMs: 50 }] }],
};

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-worlds-'));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
const withStorage = <T>(work: (storage: Storage) => Promise<T>) => besideServer({ folder, database }, work);

/** No proposal without a source that says it, and none twice. */
async function expectSound({ db }: Storage): Promise<number> {
  const facts = await db.selectFrom('worldFact').selectAll().execute();
  const sources = await db.selectFrom('worldFactSource').selectAll().execute();
  const read = await db.selectFrom('worldRead').select('messageId').execute();
  const conversations = await db.selectFrom('conversation').select('id').execute();
  const messages = (await Promise.all(conversations.map(({ id }) => listMessages(db, id)))).flat();
  const words = new Map(messages.map(({ id, parts }) => [id, textOf(parts)]));
  for (const { id, statement } of facts) {
    const own = sources.filter(({ factId }) => factId === id);
    expect(own.length).toBeGreaterThan(0);
    expect(words.get(own[0]!.messageId)).toContain(statement);
    expect(read.map(({ messageId }) => messageId)).toContain(own[0]!.messageId);
  }
  expect(new Set(facts.map(({ worldId, hash }) => `${worldId} ${hash}`)).size).toBe(facts.length);
  return facts.length;
}

test(
  `${kills} kills while talk is read for a world: no proposal is without its source, none comes twice`,
  { timeout: kills * LIMIT_PER_KILL_IN_MS + 60_000 },
  async () => {
    const start = () => startHouseProcess({ folder, script, postgres: database.postgres });
    for (let number = 0; number < kills; number += 1) {
      await using house = await start();
      const { owner } = house;
      const places = [{ id: 'lamp', name: 'The Lamp' }];
      const world = await owner.call<World>('POST', '/api/worlds', { name: `World ${number}`, places });
      const { id } = await owner.begin('starter-mira', { scene: { worldId: world.id } });
      for (const text of SAID) await owner.say(id, text, { reply: false });
      await owner.call('POST', `/api/worlds/${world.id}/proposals`, {});
      await withStorage((storage) =>
        until('somebody reads', async () => {
          const jobs = storage.db.selectFrom('job').select('key').where('name', '=', PROPOSE_JOB);
          return (await jobs.where('lockedUntil', 'is not', null).execute()).length > 0;
        }),
      );
      // From the first wait for quiet to the last note.
      await delay(Math.random() * 800);
      await house.kill();
      await withStorage(expectSound);
    }
    await using last = await start();
    await withStorage((storage) =>
      until('all is read', async () => (await expectSound(storage)) === kills * SAID.length),
    );
    expect(await last.stop()).toBe(0);
  },
);
