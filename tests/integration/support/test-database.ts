import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase extends AsyncDisposable {
  /** Null for SQLite in the data folder. */
  postgres: { url: string; schema: string } | null;
}

/** The database this run of the suites is about: SQLite, or an empty schema of its own on PostgreSQL. */
export async function createTestDatabase(
  kind = process.env['EVERWITH_TEST_STORAGE'] ?? 'sqlite',
): Promise<TestDatabase> {
  const { EVERWITH_TEST_POSTGRES_URL: url } = process.env;
  if (kind === 'sqlite') return { postgres: null, [Symbol.asyncDispose]: async () => undefined };
  if (!url) throw new Error('EVERWITH_TEST_POSTGRES_URL is not set.');
  const schema = `house_${randomBytes(8).toString('hex')}`;
  await runStatement(url, `create schema ${schema}`);
  return { postgres: { url, schema }, [Symbol.asyncDispose]: () => runStatement(url, `drop schema ${schema} cascade`) };
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

/** True when this run of the suites is the one on PostgreSQL. */
export const onPostgres = process.env['EVERWITH_TEST_STORAGE'] === 'postgres';
/** True for the whole counts of crash and property suites. */
export const isFull = process.env['EVERWITH_FULL'] === '1';
