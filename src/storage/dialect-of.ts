import { SqliteAdapter, type Kysely } from 'kysely';
import type { StorageDialect } from './migrate.ts';
import type { Tables } from './schema.ts';

/** Which engine a database or transaction speaks to, for the few statements that differ. */
export function dialectOf(db: Kysely<Tables>): StorageDialect {
  return db.getExecutor().adapter instanceof SqliteAdapter ? 'sqlite' : 'postgres';
}
