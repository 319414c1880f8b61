import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type QueryResult,
} from 'kysely';
import { GroupCommitWriter, storageFailure, type WriterTurn } from './group-commit.ts';
import { isRepeated } from './repeated-query.ts';
import { SqliteHandle } from './sqlite-handle.ts';

/**
 * Kysely over `node:sqlite` with two connections: reads go to a read-only one and see what is
 * committed; writes and transactions queue for the group-commit writer. A transaction must use only
 * its own `trx`: writing through the root instance inside one would wait for itself.
 */
export class SqliteGroupCommitDialect implements Dialect {
  readonly #driver: SqliteDriver;

  constructor(path: string) {
    this.#driver = new SqliteDriver(path);
  }

  /** Grows with every commit that changed keys or people. */
  get revision(): number {
    return this.#driver.revision;
  }

  createDriver(): Driver {
    return this.#driver;
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }

  createAdapter(): DialectAdapter {
    return new GroupCommitAdapter();
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- the signature Kysely's interface prescribes
  createIntrospector(db: Kysely<any>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }
}

/** Our driver queues writers itself; Kysely's own mutex would make reads wait for transactions. */
class GroupCommitAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class SqliteDriver implements Driver {
  readonly #path: string;
  #opened: { writer: SqliteHandle; reader: SqliteHandle; queue: GroupCommitWriter } | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  get revision(): number {
    return this.#opened?.writer.revision ?? 0;
  }

  async init(): Promise<void> {
    let writer: SqliteHandle | undefined;
    try {
      writer = new SqliteHandle(this.#path, { readOnly: false });
      const reader = new SqliteHandle(this.#path, { readOnly: true });
      this.#opened = { writer, reader, queue: new GroupCommitWriter(writer) };
    } catch (error) {
      writer?.close();
      throw storageFailure(error);
    }
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    if (!this.#opened) throw new Error('The SQLite driver is not open.');
    return new SqliteConnection(this.#opened);
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as SqliteConnection).begin();
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as SqliteConnection).commit();
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    (connection as SqliteConnection).rollback();
  }

  async releaseConnection(): Promise<void> {
    // Connections are views on the two shared handles: nothing to give back.
  }

  async destroy(): Promise<void> {
    if (!this.#opened) return;
    await this.#opened.queue.close();
    this.#opened.reader.close();
    this.#opened.writer.close();
    this.#opened = undefined;
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #writer: SqliteHandle;
  readonly #reader: SqliteHandle;
  readonly #queue: GroupCommitWriter;
  #turn: WriterTurn | undefined;

  constructor(handles: { writer: SqliteHandle; reader: SqliteHandle; queue: GroupCommitWriter }) {
    this.#writer = handles.writer;
    this.#reader = handles.reader;
    this.#queue = handles.queue;
  }

  async begin(): Promise<void> {
    this.#turn = await this.#queue.enter();
  }

  async commit(): Promise<void> {
    const turn = this.#turn;
    this.#turn = undefined;
    await turn?.commit();
  }

  rollback(): void {
    const turn = this.#turn;
    this.#turn = undefined;
    turn?.rollback();
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#turn) return this.#run<R>(this.#writer, query);
    if (isRead(query)) return this.#run<R>(this.#reader, query);
    const turn = await this.#queue.enter();
    try {
      const result = this.#run<R>(this.#writer, query);
      await turn.commit();
      return result;
    } catch (error) {
      turn.rollback();
      throw error;
    }
  }

  // oxlint-disable-next-line require-yield -- the interface wants a generator; nothing here streams rows
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming rows is not offered on SQLite: page with a limit.');
  }

  #run<R>(handle: SqliteHandle, query: CompiledQuery): QueryResult<R> {
    try {
      const runs = isRepeated(query) ? query.runs : [query.parameters];
      const { rows, changes } = handle.run(query.sql, runs);
      return { rows: rows as R[], numAffectedRows: changes };
    } catch (error) {
      throw storageFailure(error);
    }
  }
}

/** Raw statements count as reads only when nothing in them can write. */
function isRead(query: CompiledQuery): boolean {
  if (query.query.kind === 'SelectQueryNode') return true;
  // VACUUM INTO copies the database as one reader sees it, and is refused inside a transaction.
  if (query.sql.startsWith('vacuum into ')) return true;
  return (
    query.query.kind === 'RawNode' &&
    /^\s*(select|with)\b/i.test(query.sql) &&
    !/\b(insert|update|delete|replace)\b/i.test(query.sql)
  );
}
