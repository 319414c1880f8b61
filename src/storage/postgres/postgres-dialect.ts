import { PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { postgresFailure } from './postgres-failure.ts';

/** The pool speaks one search path, so tests can give each suite a schema of its own. */
export function createPostgresDialect({ url, schema }: { url: string; schema?: string }): PostgresDialect {
  const types: pg.CustomTypesConfig = {
    // Epoch milliseconds and counts fit a JavaScript number exactly.
    getTypeParser: (oid, format) =>
      oid === pg.types.builtins.INT8 ? (value: string) => Number(value) : pg.types.getTypeParser(oid, format),
  };
  const pool = new pg.Pool({
    connectionString: url,
    max: 20,
    types,
    connectionTimeoutMillis: 10_000,
    application_name: schema ? `everwith ${schema}` : 'everwith',
    ...(schema ? { options: `-c search_path=${schema}` } : {}),
  });
  // A lost connection also fails the statement that meets it; without a listener it would end the process.
  const ignore = () => undefined;
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  return new PostgresDialect({ pool: withNamedFailures(pool) });
}

/** The same pool, whose failures are ours. */
function withNamedFailures(pool: pg.Pool): PostgresPool {
  const named = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw postgresFailure(error);
    }
  };
  return {
    options: pool.options,
    connect: async () => {
      const client = await named(pool.connect());
      const query = (text: string, values: readonly unknown[]) => named(client.query(text, [...values]));
      // The other form of `query` takes a cursor, which only streaming uses.
      return { query, release: () => client.release() } as unknown as PostgresPoolClient;
    },
    end: () => pool.end(),
  };
}
