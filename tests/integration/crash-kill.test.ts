import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CrashRound, crashScript } from './support/crash-round.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { besideServer } from './support/beside-server.ts';
import { startHouseProcess } from './support/house-process.ts';
import { createTestDatabase, isFull, onPostgres, type TestDatabase } from './support/test-database.ts';

const counts = onPostgres ? { sample: 4, full: 50 } : { sample: 10, full: 200 };
const kills = isFull ? counts.full : counts.sample;
/** Most of a round is the start of a server. */
const LIMIT_PER_KILL_IN_MS = 60_000;

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-crash-'));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const withStorage = <T>(work: (storage: Storage) => Promise<T>) => besideServer({ folder, database }, work);

test(
  `${kills} kills while people talk: nothing acknowledged is lost, nothing is doubled, replies are whole or say so`,
  { timeout: kills * LIMIT_PER_KILL_IN_MS },
  async () => {
    const start = () => startHouseProcess({ folder, script: crashScript, postgres: database.postgres });
    let interrupted = 0;
    let acknowledged = 0;
    const rounds: CrashRound[] = [];
    for (let number = 0; number < kills; number += 1) {
      await using house = await start();
      const before = rounds.at(-1);
      if (before) {
        interrupted += await withStorage(({ db }) => before.check(db));
        await before.sayAgain(house.owner);
        await withStorage(({ db }) => before.check(db));
      }
      const round = new CrashRound(house.owner, number);
      rounds.push(round);
      // Any moment of the work may be the last.
      await round.run({
        after: 50 + Math.random() * 550,
        from: number % 2 === 0 ? 'work' : 'start',
        kill: () => house.kill(),
      });
      acknowledged += round.acknowledgedCount;
    }
    await using last = await start();
    await rounds.at(-1)?.sayAgain(last.owner);
    await withStorage(async ({ db, dialect }) => {
      for (const round of rounds) await round.check(db);
      const rows = dialect === 'sqlite' ? (await sql`pragma integrity_check`.execute(db)).rows : [];
      expect(rows).toEqual(dialect === 'sqlite' ? [{ integrity_check: 'ok' }] : []);
    });
    expect(await last.stop()).toBe(0);
    // Otherwise the kills met nobody at work.
    expect(acknowledged).toBeGreaterThan(kills);
    expect(interrupted).toBeGreaterThanOrEqual(kills / 4);
  },
);
