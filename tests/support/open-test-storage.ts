import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';

export interface TestStorage extends AsyncDisposable {
  storage: Storage;
  dataDirectory: string;
}

/**
 * Opens an empty storage in a temporary folder: SQLite, or a fresh schema of the PostgreSQL that
 * `EVERWITH_TEST_POSTGRES_URL` names when `EVERWITH_TEST_STORAGE=postgres`. Disposing removes both.
 */
export async function openTestStorage({ clock = systemClock }: { clock?: Clock } = {}): Promise<TestStorage> {
  await using undo = new AsyncDisposableStack();
  const dataDirectory = await mkdtemp(join(tmpdir(), 'everwith-test-'));
  undo.defer(() => rm(dataDirectory, { recursive: true, force: true }));
  const postgres = await createSchema(undo);
  const storage = await openStorage({ dataDirectory, clock, ...(postgres ? { postgres } : {}) });
  undo.use(storage);
  const dispose = undo.move();
  return { storage, dataDirectory, [Symbol.asyncDispose]: () => dispose.disposeAsync() };
}

async function createSchema(undo: AsyncDisposableStack): Promise<{ url: string; schema: string } | undefined> {
  const { EVERWITH_TEST_STORAGE: kind = 'sqlite', EVERWITH_TEST_POSTGRES_URL: url } = process.env;
  if (kind === 'sqlite') return undefined;
  if (kind !== 'postgres' || !url) {
    throw new Error('EVERWITH_TEST_STORAGE must be “sqlite”, or “postgres” with EVERWITH_TEST_POSTGRES_URL set.');
  }
  const schema = `test_${randomBytes(8).toString('hex')}`;
  await runStatement(url, `create schema ${schema}`);
  undo.defer(() => runStatement(url, `drop schema ${schema} cascade`));
  return { url, schema };
}

async function runStatement(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
