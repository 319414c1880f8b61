import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openAccounts } from '../src/accounts/accounts.ts';
import { systemClock } from '../src/base/clock.ts';
import { createIdGenerator } from '../src/base/ids.ts';
import { silentLogger } from '../src/base/logger.ts';
import { openStorage } from '../src/storage/storage.ts';

/** What every call with an API key pays: hash, point read, scopes. Against a bare prepared point read of the same row. */
const KEYS = 2000;
const ROUNDS = 7;
const LOOKUPS = 3000;
/** Milliseconds; “well under 0.1 ms” is the promise. */
const TARGET_IN_MS = 0.1;

const folder = await mkdtemp(join(tmpdir(), 'everwith-bench-'));
try {
  await using storage = await openStorage({ dataDirectory: folder, clock: systemClock });
  const options = { storage, clock: systemClock, newId: createIdGenerator(systemClock), logger: silentLogger() };
  await using accounts = await openAccounts({ ...options, dataDirectory: folder });
  const userId = accounts.terminalActor.userId;
  const { key } = await accounts.keys.create({ userId, name: 'bench', scopes: ['all'] });
  const rows = Array.from({ length: KEYS }, (_, index) => ({
    id: `other-${index}`,
    userId,
    name: 'other',
    hash: `hash-${index}`,
    prefix: 'ew_other',
    scopes: '["all"]',
    createdAt: 0,
    lastUsedAt: null,
    revokedAt: 0,
  }));
  await storage.transaction((trx) => trx.insertInto('apiKey').values(rows).execute());

  const bare = new DatabaseSync(join(folder, 'everwith.sqlite'), { readOnly: true });
  const statement = bare.prepare('select "id" from "apiKey" where "hash" = ?');
  const authorization = `Bearer ${key}`;
  const measured: { lookup: number; read: number }[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const lookup = await millisecondsEach(() => accounts.authenticate({ authorization, cookie: undefined }));
    const read = await millisecondsEach(() => statement.get('hash-7'));
    if (round > 0) measured.push({ lookup, read }); // the first one warms up
  }
  bare.close();
  const lookup = median(measured.map((round) => round.lookup));
  const read = median(measured.map((round) => round.read));
  console.log(
    JSON.stringify({
      name: 'API key lookup',
      value: lookup,
      unit: 'ms',
      reference: read,
      ratio: lookup / read,
      target: `<= ${TARGET_IN_MS} ms`,
      pass: lookup <= TARGET_IN_MS,
    }),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function millisecondsEach(call: () => unknown): Promise<number> {
  const startedAt = performance.now();
  for (let index = 0; index < LOOKUPS; index += 1) await call();
  return (performance.now() - startedAt) / LOOKUPS;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
