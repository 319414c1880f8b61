import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { textOf } from '../../src/conversation/tree-types.ts';
import { listMessages } from '../../src/conversation/message-store.ts';
import { DISTIL_JOB } from '../../src/memory/conversation-jobs.ts';
import { hashOfText } from '../../src/memory/words-hash.ts';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { besideServer } from './support/beside-server.ts';
import { startHouseProcess } from './support/house-process.ts';
import { createTestDatabase, isFull, onPostgres, type TestDatabase } from './support/test-database.ts';
import { until } from './support/until.ts';

const counts = onPostgres ? { sample: 2, full: 50 } : { sample: 4, full: 200 };
const kills = isFull ? counts.full : counts.sample;
/** Most of a round is the start of a server. */
const LIMIT_PER_KILL_IN_MS = 60_000;
/** Statements of one round, each with a reply. */
const SAID = [
  'My sister Ana lives in Lyon.',
  'I was born in Porto in 1971.',
  'I have two cats, Nuki and Bela.',
  '我对花生过敏。',
];

const ANSWER = ['{"kind":', '"lasting"', ',"text":', '""', '}'];
/** The model thinks for a while about every statement, so that kills meet the distiller at work. */
const script: ScriptInput = {
  rules: [{ steps: [{ type: 'tokens', tokens: ['I was born ', 'in Oslo ', 'in 1984.'] }] }],
  memoryRules: [{ steps: [{ type: 'tokens', tokens: ANSWER, delayInMs: 15 }] }],
};

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-facts-'));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const withStorage = <T>(work: (storage: Storage) => Promise<T>) => besideServer({ folder, database }, work);

/** No fact without its source, no note without its message, and no words but those that were said. */
async function expectSound({ db }: Storage): Promise<{ facts: number; read: number }> {
  const facts = await db.selectFrom('memoryFact').selectAll().execute();
  const sources = await db.selectFrom('memoryFactSource').selectAll().execute();
  const read = await db.selectFrom('memoryRead').selectAll().execute();
  const conversations = await db.selectFrom('conversation').select('id').execute();
  const messages = (await Promise.all(conversations.map(({ id }) => listMessages(db, id)))).flat();
  const words = new Map(messages.map(({ id, parts }) => [id, textOf(parts)]));
  for (const fact of facts) {
    const own = sources.filter(({ factId }) => factId === fact.id);
    expect(own).toHaveLength(1);
    const said = words.get(own[0]!.messageId) ?? '';
    expect(own[0]!.hash).toBe(hashOfText(said));
    expect(said).toContain(fact.quote);
    expect(read.map(({ messageId }) => messageId)).toContain(own[0]!.messageId);
  }
  // Read twice, a message would have told everything twice.
  const told = facts.map((fact) => `${sources.find(({ factId }) => factId === fact.id)?.messageId} ${fact.quote}`);
  expect(new Set(told).size).toBe(told.length);
  return { facts: facts.length, read: read.length };
}

/** Jobs that somebody is at. */
const leased = ({ db }: Storage) =>
  db.selectFrom('job').select('key').where('lockedUntil', 'is not', null).where('name', '=', DISTIL_JOB).execute();

test(
  `${kills} kills while facts are read: none is without its source, and everything settled is read afterwards`,
  { timeout: kills * LIMIT_PER_KILL_IN_MS + 60_000 },
  async () => {
    const start = () => startHouseProcess({ folder, script, postgres: database.postgres });
    const spoken: string[] = [];
    let cutOff = 0;
    for (let number = 0; number < kills; number += 1) {
      await using house = await start();
      const { id } = await house.owner.begin();
      for (const text of SAID) await house.owner.talk(id, text);
      spoken.push(id);
      await withStorage(async (storage) => {
        await until('somebody reads', async () => (await leased(storage)).length > 0);
      });
      // From the first wait for quiet to the last note.
      await delay(Math.random() * 1200);
      await house.kill();
      const waiting = await withStorage(async (storage) => {
        await expectSound(storage);
        return leased(storage);
      });
      cutOff += waiting.length;
    }
    await using last = await start();
    const settled = spoken.length * (SAID.length - 1) * 2;
    // As long as it takes, so long as it goes on.
    for (let read = 0; read < settled;) {
      const before = read;
      read = await until('more of what is settled is read', () =>
        withStorage(async ({ db }) => {
          const found = await db.selectFrom('memoryRead').select('messageId').execute();
          return found.length > before ? found.length : null;
        }),
      );
    }
    const { facts } = await withStorage(expectSound);
    expect(facts).toBeGreaterThanOrEqual(settled);
    expect(await last.stop()).toBe(0);
    // Otherwise the kills met nobody at work.
    expect(cutOff).toBeGreaterThan(0);
  },
);
