/** Values in one statement: far below what the databases take as parameters (SQLite 32,766, PostgreSQL 65,535). */
const VALUES_AT_ONCE = 500;

/** Long lists in pieces that a statement can carry. */
export function* inChunks<Value>(values: readonly Value[]): Generator<Value[]> {
  for (let index = 0; index < values.length; index += VALUES_AT_ONCE) yield values.slice(index, index + VALUES_AT_ONCE);
}
