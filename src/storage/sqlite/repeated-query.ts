import { CompiledQuery } from 'kysely';

/** One statement that runs for many rows, one after the other: on its way to SQLite it costs as much as for one. */
export interface RepeatedQuery extends CompiledQuery {
  /** Parameters of each run. What the runs find comes in one result. */
  readonly runs: readonly (readonly unknown[])[];
}

/** Only for SQLite. */
export function repeatedQuery(sql: string, runs: readonly (readonly unknown[])[]): RepeatedQuery {
  return { ...CompiledQuery.raw(sql), runs };
}

export function isRepeated(query: CompiledQuery): query is RepeatedQuery {
  return 'runs' in query;
}
