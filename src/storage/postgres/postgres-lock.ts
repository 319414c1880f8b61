import pg from 'pg';
import { ConflictError, UnavailableError, errorMessage } from '../../base/errors.ts';

/** First half of the advisory lock's key, so that it meets no other program's: the letters “Evrw”. */
const LOCK_CLASS = 0x45767277;

/**
 * Keeps two servers from one PostgreSQL database (or schema of it): each keeps replies in memory, and the second would
 * take the first one's for those of a crash. The session-level advisory lock ends with the connection, however that ends.
 */
export async function lockPostgres({ url, schema }: { url: string; schema?: string }): Promise<AsyncDisposable> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, keepAlive: true });
  // Whoever loses this connection loses the lock, but not the house: its replies go on.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new UnavailableError(`PostgreSQL cannot be reached: ${errorMessage(error)}.`, {
      code: 'storage-unreachable',
      cause: error,
    });
  }
  const locked = await client.query<{ locked: boolean }>(
    'select pg_try_advisory_lock($1, hashtext(current_database() || $2)) as locked',
    [LOCK_CLASS, schema ?? ''],
  );
  if (locked.rows[0]?.locked !== true) {
    await client.end();
    throw new ConflictError('Another Everwith already works on this PostgreSQL database.', { code: 'already-running' });
  }
  return { [Symbol.asyncDispose]: () => client.end() };
}
