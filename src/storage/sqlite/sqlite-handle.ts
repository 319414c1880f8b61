import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { getLoadablePath } from 'sqlite-vec';

/** Prepared statements kept per connection; the house has about a hundred distinct ones. */
const MAX_CACHED_STATEMENTS = 400;

/** What every request asks for; whoever remembers it has to learn when it changes. */
const WATCHED = /\b(?:apiKey|user)\b/;
const WRITES = /\b(?:insert|update|delete|replace)\b/i;

interface Prepared {
  statement: StatementSync;
  returnsRows: boolean;
  /** Changes keys or people. */
  isWatched: boolean;
}

export interface SqliteResult {
  rows: Record<string, unknown>[];
  changes: bigint;
}

/** One SQLite connection with a cache of prepared statements. Synchronous: calls take micro- to milliseconds. */
export class SqliteHandle {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Prepared>();
  #hasTouched = false;
  #revision = 0;

  constructor(path: string, options: { readOnly: boolean }) {
    this.#database = new DatabaseSync(path, {
      readOnly: options.readOnly,
      timeout: 5000,
      enableForeignKeyConstraints: true,
      defensive: true,
      allowExtension: true,
    });
    try {
      loadVectorFunctions(this.#database);
      if (!options.readOnly) {
        this.#database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000');
      }
      // Negative means KiB. A writer mostly touches the ends of its tables; what a reader misses is in the system's cache.
      this.#database.exec(`PRAGMA cache_size=${options.readOnly ? -8192 : -4096}; PRAGMA temp_store=MEMORY`);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  get isTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** Grows with every commit that changed keys or people. */
  get revision(): number {
    return this.#revision;
  }

  /** Several statements at once; none of them is kept. */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** One statement without parameters that finds nothing. */
  do(sql: string): void {
    this.#prepare(sql).statement.run();
  }

  commit(): void {
    this.do('COMMIT');
    if (this.#hasTouched) this.#revision += 1;
    this.#hasTouched = false;
  }

  /** One statement, once for each of `runs`, which are its parameters. */
  run(sql: string, runs: readonly (readonly unknown[])[]): SqliteResult {
    const { statement, returnsRows, isWatched } = this.#prepare(sql);
    if (isWatched) this.#hasTouched = true;
    let rows: Record<string, unknown>[] = [];
    let changes = 0n;
    for (const parameters of runs) {
      const values = parameters.map(toSqliteValue);
      if (!returnsRows) changes += BigInt(statement.run(...values).changes);
      else if (rows.length === 0) rows = statement.all(...values);
      else rows.push(...statement.all(...values));
    }
    return { rows, changes };
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): Prepared {
    const cached = this.#statements.get(sql);
    if (cached) return cached;
    const statement = this.#database.prepare(sql);
    const isWatched = WATCHED.test(sql) && WRITES.test(sql);
    const prepared = { statement, returnsRows: statement.columns().length > 0, isWatched };
    this.#statements.set(sql, prepared);
    if (this.#statements.size > MAX_CACHED_STATEMENTS) {
      // The oldest, not the least used: keeping that order would cost every call more than preparing anew costs a few.
      const oldest = this.#statements.keys().next().value;
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    return prepared;
  }
}

/**
 * sqlite-vec's functions (`vec_distance_cosine` and others); nothing else can be loaded afterwards. Platforms that it has
 * no library for do without.
 */
function loadVectorFunctions(database: DatabaseSync): void {
  try {
    database.loadExtension(getLoadablePath());
  } catch {
    // Asked for by `findVectorFunctions`, which tells the house.
  } finally {
    database.enableLoadExtension(false);
  }
}

function toSqliteValue(value: unknown): SQLInputValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  return value as SQLInputValue;
}
