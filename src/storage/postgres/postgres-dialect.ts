import { PostgresDialect } from 'kysely';
import pg from 'pg';

/** PostgreSQL type number of `int8`; epoch milliseconds and counts fit a JavaScript number exactly. */
const INT8 = 20;

/** The pool speaks one search path, so tests can give each suite a schema of its own. */
export function createPostgresDialect({ url, schema }: { url: string; schema?: string }): PostgresDialect {
  const types: pg.CustomTypesConfig = {
    getTypeParser: (oid, format) =>
      Number(oid) === INT8 ? (value: string) => Number(value) : pg.types.getTypeParser(oid, format),
  };
  return new PostgresDialect({
    pool: new pg.Pool({
      connectionString: url,
      max: 20,
      types,
      connectionTimeoutMillis: 10_000,
      ...(schema ? { options: `-c search_path=${schema}` } : {}),
    }),
  });
}
