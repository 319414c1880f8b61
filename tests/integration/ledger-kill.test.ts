import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findDifferences } from '../../src/metering/reconcile-store.ts';
import type { Row } from '../../src/storage/schema.ts';
import { besideServer } from './support/beside-server.ts';
import type { FakeProvider } from './support/fake-provider.ts';
import { startHouseProcess, type HouseProcess } from './support/house-process.ts';
import { meteredScript, SeenStream, startMeteredProvider } from './support/metered-streams.ts';
import { PayingCrowd } from './support/paying-crowd.ts';
import { createTestDatabase, isFull, onPostgres, type TestDatabase } from './support/test-database.ts';
import { until } from './support/until.ts';

const counts = { sample: onPostgres ? 5 : 20, full: 1000 };
const kills = isFull ? Number(process.env['EVERWITH_KILLS'] ?? counts.full) : counts.sample;
const STREAMS = 64;
/** Most of a round is the start of a server. */
const LIMIT_PER_KILL_IN_MS = 60_000;
/** Nano-units of a token. */
const TOKEN_PRICE = 1000;

let folder: string;
let database: TestDatabase;
let provider: FakeProvider;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-ledger-'));
  database = await createTestDatabase();
  provider = await startMeteredProvider();
});
afterAll(async () => {
  await provider?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function furnish(house: HouseProcess): Promise<{ key: string; crowd: PayingCrowd }> {
  const { owner } = house;
  await owner.call('PUT', '/api/platform/prices', { ref: '*', prices: { outputPerMillion: TOKEN_PRICE * 1_000_000 } });
  await owner.call('POST', '/api/providers', {
    kind: 'openai-compatible',
    name: 'Far',
    baseUrl: provider.address,
    apiKey: 'sk-far',
    models: ['far'],
  });
  const { key } = await owner.call<{ key: string }>('POST', '/api/keys', { name: 'Kill', scopes: ['models'] });
  return { key, crowd: await PayingCrowd.gather(house, { tokenPrice: TOKEN_PRICE }) };
}

/** Answers under way, of the house's own model and of a provider; a few of them end before the kill. */
function openStreams(): SeenStream[] {
  return Array.from(
    { length: STREAMS },
    (_, index) => new SeenStream({ model: index % 2 ? 'far' : 'test', length: index % 8 < 2 ? 'short' : 'long' }),
  );
}

test(
  `${kills} kills with ${STREAMS} streams open: no call is lost or billed twice, at most a second of each goes unbilled, and nobody overdraws`,
  { timeout: kills * LIMIT_PER_KILL_IN_MS },
  async () => {
    const start = () => startHouseProcess({ folder, script: meteredScript, postgres: database.postgres });
    const seen: SeenStream[] = [];
    let furnished: Awaited<ReturnType<typeof furnish>> | null = null;
    for (let number = 0; number < kills; number += 1) {
      await using house = await start();
      furnished ??= await furnish(house);
      const { key, crowd } = furnished;
      const isCrowded = number % 10 === 3;
      if (isCrowded) await crowd.pay(house);
      const streams = openStreams();
      const readers = streams.map((stream) => stream.read(house, key));
      if (isCrowded) readers.push(crowd.ask(house));
      // Any moment may be the last: from the first word on, or when all have begun; a few rounds last long enough for
      // several checkpoints.
      await until('words come', () => streams[number % 4 === 1 ? 'some' : 'every'](({ isBegun }) => isBegun));
      await delay(Math.random() * (number % 4 === 0 ? 2200 : 700));
      await house.kill();
      await Promise.all(readers);
      seen.push(...streams);
    }
    await using last = await start();
    await besideServer({ folder, database }, async ({ db }) => {
      const rows = await db.selectFrom('meteredCall').selectAll().execute();
      const calls = new Map(rows.map((call) => [call.requestId, call]));
      expect(seen.flatMap((stream) => stream.problem(calls.get(stream.requestId)) ?? [])).toEqual([]);
      expect(rows.filter(({ state }) => state === 'held')).toEqual([]);
      expect(await findDifferences(db)).toEqual([]);
      // Otherwise the kills met nobody at work.
      expect(rows.filter(({ state, cost }) => state === 'expired' && cost > 0).length).toBeGreaterThan(kills);
      expect(seen.filter(({ isWhole }) => isWhole).length).toBeGreaterThan(kills);
      const { crowd } = furnished!;
      const account = await db
        .selectFrom('ledgerAccount')
        .selectAll()
        .where('id', '=', crowd.account)
        .executeTakeFirstOrThrow();
      const ofCrowd = rows.filter(({ accountId }) => accountId === crowd.account);
      expect(account.balance).toBe(crowd.credited - ofCrowd.reduce((sum, { cost }) => sum + cost, 0));
      expect(account).toMatchObject({ held: 0, creditLimit: 0 });
      expect(account.balance).toBeGreaterThanOrEqual(0);
      expect(crowd.answered.size).toBeLessThanOrEqual(crowd.paidFor);
      expect([...crowd.answered].filter((id) => calls.get(id)?.state !== 'settled')).toEqual([]);
      report(seen, calls);
    });
    expect(await last.stop()).toBe(0);
  },
);

/** What a whole run saw, for whoever writes it down. */
function report(seen: readonly SeenStream[], calls: ReadonlyMap<string | null, Row<'meteredCall'>>): void {
  if (!isFull) return;
  const known = seen.flatMap((stream) => {
    const call = calls.get(stream.requestId);
    return call ? [stream.unbilled(call)] : [];
  });
  const most = known.reduce((left, right) => Math.max(left, right), 0);
  const figures = JSON.stringify({ kills, streams: known.length, calls: calls.size, mostUnbilledTokens: most });
  process.stdout.write(`${figures}\n`);
}
