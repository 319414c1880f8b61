import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { systemClock } from '../src/base/clock.ts';
import { createIdGenerator } from '../src/base/ids.ts';
import { silentLogger } from '../src/base/logger.ts';
import { createEventWriter } from '../src/events/event-store.ts';
import { NO_USAGE } from '../src/metering/cost.ts';
import { Ledger } from '../src/metering/ledger.ts';
import { findDifferences } from '../src/metering/reconcile-store.ts';
import { openStorage, type Storage } from '../src/storage/storage.ts';
import { median, printFigure } from './report/figure.ts';

/*
 * What money costs a request: set aside, then billed, both on disk; all on one account, as with one busy key. Beside it
 * a bare loop that begins, inserts one row and commits, twice for each pair. CPU is the whole process's, from the OS.
 * PostgreSQL is measured where EVERWITH_TEST_POSTGRES_URL names one.
 */
const ROUNDS = 5;
/** Milliseconds of CPU: a third of what a whole request may take beside Portkey's 0.99 ms. */
const TARGET_IN_MS = 0.3;

const newId = createIdGenerator(systemClock);
const payer = { userId: 'bench', keyId: 'key', teamId: null };
const usage = { ...NO_USAGE, inputTokens: 200, outputTokens: 100 };
const call = { payer, door: 'api', kind: 'text', model: 'model', refs: ['local:model'], estimate: usage } as const;
const end = { ref: 'local:model', usage, usageSource: 'provider', outcome: 'done' } as const;

interface Measured {
  pairsPerSecond: number;
  cpuInMs: number;
}

async function measure(pairs: number, work: () => Promise<void>): Promise<Measured> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { pairsPerSecond: (pairs * 1000) / (performance.now() - startedAt), cpuInMs: (user + system) / 1000 / pairs };
}

async function pairs(ledger: Ledger, { clients, each }: { clients: number; each: number }): Promise<void> {
  const client = async () => {
    for (let index = 0; index < each; index += 1) {
      const held = await ledger.begin({ ...call, requestId: 'request' });
      await held.settle(end);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}

/** `group` pairs share the two commits. */
function barePairs(database: DatabaseSync, { rows, group }: { rows: number; group: number }): void {
  const insert = database.prepare('insert into bare (id, amount) values (?, ?)');
  for (let done = 0; done < rows; done += group) {
    for (const amount of [-1, 1]) {
      database.exec('begin immediate');
      for (let index = 0; index < group; index += 1) insert.run(newId(), amount);
      database.exec('commit');
    }
  }
}

const CASES = [
  { clients: 1, each: 300 },
  { clients: 32, each: 40 },
  { clients: 256, each: 12 },
] as const;

async function bench(storage: Storage, database: DatabaseSync | null): Promise<void> {
  const events = createEventWriter({ clock: systemClock, newId });
  await using ledger = new Ledger({ storage, events, clock: systemClock, newId, logger: silentLogger() });
  await ledger.start();
  await ledger.setPrices({
    ref: '*',
    prices: { inputPerMillion: 150_000_000, outputPerMillion: 600_000_000 },
    actorId: null,
  });
  await ledger.credit({ accountId: 'user:bench', amount: 10 ** 15, kind: 'credit', actorId: null, note: 'bench' });
  await ledger.setCreditLimit('user:bench', 0);
  for (const { clients, each } of CASES) {
    const count = clients * each;
    const own: Measured[] = [];
    const bare: Measured[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const mine = await measure(count, () => pairs(ledger, { clients, each }));
      const theirs =
        database && (await measure(count, async () => barePairs(database, { rows: count, group: clients })));
      if (round === 0) continue; // warms both up
      own.push(mine);
      if (theirs) bare.push(theirs);
    }
    report({ storage, clients, own, bare });
  }
  const differences = await findDifferences(storage.db);
  if (differences.length > 0) throw new Error(`The books do not agree: ${JSON.stringify(differences.slice(0, 5))}`);
}

function report({
  storage,
  clients,
  own,
  bare,
}: {
  storage: Storage;
  clients: number;
  own: readonly Measured[];
  bare: readonly Measured[];
}): void {
  const where = `${storage.dialect}, ${clients} ${clients === 1 ? 'client' : 'clients'} on one account`;
  const middle = (all: readonly Measured[], pick: (one: Measured) => number) => median(all.map(pick));
  const cpu = middle(own, ({ cpuInMs }) => cpuInMs);
  printFigure({
    name: `ledger: CPU of reserve and settle (${where})`,
    value: cpu,
    unit: 'ms',
    reference: bare.length === 0 ? null : middle(bare, ({ cpuInMs }) => cpuInMs),
    target: `<= ${TARGET_IN_MS} ms`,
    pass: cpu <= TARGET_IN_MS,
  });
  const rate = middle(own, ({ pairsPerSecond }) => pairsPerSecond);
  // What the reference measured one at a time on SQLite, and on one hot account of PostgreSQL.
  const least = storage.dialect === 'postgres' ? 1416 : clients === 1 ? 0 : 2546;
  printFigure({
    name: `ledger: reserve and settle on disk (${where})`,
    value: rate,
    unit: 'pairs/s',
    reference: bare.length === 0 ? null : middle(bare, ({ pairsPerSecond }) => pairsPerSecond),
    target: `> ${least}`,
    pass: rate > least || clients === 1,
  });
}

async function onSqlite(dataDirectory: string): Promise<void> {
  await using storage = await openStorage({ dataDirectory, clock: systemClock });
  const database = new DatabaseSync(join(dataDirectory, 'bare.sqlite'));
  database.exec(
    'pragma journal_mode=wal; pragma synchronous=full; create table bare (id text primary key, amount integer)',
  );
  try {
    await bench(storage, database);
  } finally {
    database.close();
  }
}

async function onPostgres(dataDirectory: string, url: string): Promise<void> {
  const schema = `bench_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create schema ${schema}`);
  try {
    await using storage = await openStorage({ dataDirectory, clock: systemClock, postgres: { url, schema } });
    await bench(storage, null);
  } finally {
    await client.query(`drop schema ${schema} cascade`);
    await client.end();
  }
}

const folder = await mkdtemp(join(tmpdir(), 'everwith-bench-'));
const { EVERWITH_TEST_POSTGRES_URL: postgresUrl } = process.env;
try {
  await onSqlite(join(folder, 'sqlite'));
  if (postgresUrl) await onPostgres(join(folder, 'postgres'), postgresUrl);
} finally {
  await rm(folder, { recursive: true, force: true });
}
