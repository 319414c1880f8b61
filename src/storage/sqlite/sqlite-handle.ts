import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** Prepared statements kept per connection; the house has about a hundred distinct ones. */
const MAX_CACHED_STATEMENTS = 400;

export interface SqliteResult {
  rows: Record<string, unknown>[];
  changes: bigint;
}

/** One SQLite connection with a cache of prepared statements. Synchronous: calls take micro- to milliseconds. */
export class SqliteHandle {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string, options: { readOnly: boolean }) {
    this.#database = new DatabaseSync(path, {
      readOnly: options.readOnly,
      timeout: 5000,
      enableForeignKeyConstraints: true,
      defensive: true,
    });
    try {
      if (!options.readOnly) {
        this.#database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000');
      }
      // 16 MiB of page cache; negative means KiB.
      this.#database.exec('PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY');
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  get isTransaction(): boolean {
    return this.#database.isTransaction;
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  run(sql: string, parameters: readonly unknown[]): SqliteResult {
    const statement = this.#prepare(sql);
    const values = parameters.map(toSqliteValue);
    if (statement.columns().length > 0) {
      return { rows: statement.all(...values), changes: 0n };
    }
    return { rows: [], changes: BigInt(statement.run(...values).changes) };
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    const cached = this.#statements.get(sql);
    if (cached) {
      this.#statements.delete(sql);
      this.#statements.set(sql, cached);
      return cached;
    }
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    if (this.#statements.size > MAX_CACHED_STATEMENTS) {
      const oldest = this.#statements.keys().next().value;
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    return statement;
  }
}

function toSqliteValue(value: unknown): SQLInputValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  return value as SQLInputValue;
}
