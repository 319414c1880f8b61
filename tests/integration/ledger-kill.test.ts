import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findDifferences } from '../../src/metering/reconcile-store.ts';
import { besideServer } from './support/beside-server.ts';
import { startHouseProcess } from './support/house-process.ts';
import { meteredScript, Pulse, SeenStream } from './support/metered-streams.ts';
import { createTestDatabase, isFull, onPostgres, type TestDatabase } from './support/test-database.ts';
import { until } from './support/until.ts';

const counts = onPostgres ? { sample: 4, full: 100 } : { sample: 20, full: 1000 };
const kills = isFull ? Number(process.env['EVERWITH_KILLS'] ?? counts.full) : counts.sample;
const STREAMS = 64;
/** Most of a round is the start of a server. */
const LIMIT_PER_KILL_IN_MS = 20_000;

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-ledger-'));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Every token costs a thousand nano-units. */
const PRICE = { ref: '*', prices: { outputPerMillion: 1_000_000_000 } };

test(
  `${kills} kills with ${STREAMS} streams open: no call is lost or billed twice, and at most a second of each goes unbilled`,
  { timeout: kills * LIMIT_PER_KILL_IN_MS },
  async () => {
    const start = () => startHouseProcess({ folder, script: meteredScript, postgres: database.postgres });
    const rounds: { streams: SeenStream[]; killedAt: number; stoodStillInMs: number }[] = [];
    let key = '';
    for (let number = 0; number < kills; number += 1) {
      await using house = await start();
      if (number === 0) {
        await house.owner.call('PUT', '/api/platform/prices', PRICE);
        ({ key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'Kill', scopes: ['models'] }));
      }
      const streams = Array.from({ length: STREAMS }, (_, index) => new SeenStream(index % 4 === 0 ? 'short' : 'long'));
      const pulse = new Pulse(house);
      const readers = streams.map((stream) => stream.read(house, key));
      // Any moment from the first word on may be the last; a few rounds last long enough for several checkpoints.
      await until('words come', () => streams.some(({ isBegun }) => isBegun));
      await delay(Math.random() * (number % 4 === 0 ? 2200 : 700));
      const killedAt = performance.now();
      const stoodStill = pulse.end();
      await house.kill();
      await Promise.all(readers);
      rounds.push({ streams, killedAt, stoodStillInMs: await stoodStill });
    }
    await using last = await start();
    await besideServer({ folder, database }, async ({ db }) => {
      const calls = new Map((await db.selectFrom('meteredCall').selectAll().execute()).map((call) => [call.id, call]));
      const problems = rounds.flatMap(({ streams, ...round }) =>
        streams.flatMap((stream) => stream.problem(calls.get(stream.callId ?? ''), round) ?? []),
      );
      expect(problems).toEqual([]);
      expect([...calls.values()].filter(({ state }) => state === 'held')).toEqual([]);
      expect(await findDifferences(db)).toEqual([]);
      const cut = [...calls.values()].filter(({ state, cost }) => state === 'expired' && cost > 0);
      const whole = rounds.flatMap(({ streams }) => streams.filter(({ isWhole }) => isWhole));
      // Otherwise the kills met nobody at work.
      expect(cut.length).toBeGreaterThan(kills);
      expect(whole.length).toBeGreaterThan(kills);
    });
    expect(await last.stop()).toBe(0);
  },
);
