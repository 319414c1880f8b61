import type { CompiledQuery, InsertObject, QueryExecutor } from 'kysely';
import type { Tables } from './schema.ts';
import type { Db } from './storage.ts';

/**
 * An insert of whole rows that is built once for each database and then only filled in: for the few tables that grow
 * with every word said, where building the statement would cost more than running it.
 */
export function repeatedInsert<Table extends keyof Tables>(
  table: Table,
  columns: readonly (keyof Tables[Table] & string)[],
): (db: Db, row: InsertObject<Tables, Table>) => Promise<void> {
  const built = new WeakMap<QueryExecutor['adapter'], CompiledQuery>();
  return async (db, row) => {
    const { adapter } = db.getExecutor();
    const values: Record<string, unknown> = { ...row };
    const parameters = columns.map((column) => values[column] ?? null);
    let query = built.get(adapter);
    if (!query) {
      const whole = Object.fromEntries(columns.map((column, index) => [column, parameters[index]]));
      query = db
        .insertInto(table)
        .values(whole as InsertObject<Tables, Table>)
        .compile();
      built.set(adapter, query);
    }
    await db.executeQuery({ ...query, parameters });
  };
}
