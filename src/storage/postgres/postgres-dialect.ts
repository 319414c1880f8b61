import { PostgresDialect } from 'kysely';
import pg from 'pg';

/** The pool speaks one search path, so tests can give each suite a schema of its own. */
export function createPostgresDialect({ url, schema }: { url: string; schema?: string }): PostgresDialect {
  const types: pg.CustomTypesConfig = {
    // Epoch milliseconds and counts fit a JavaScript number exactly.
    getTypeParser: (oid, format) =>
      oid === pg.types.builtins.INT8 ? (value: string) => Number(value) : pg.types.getTypeParser(oid, format),
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
