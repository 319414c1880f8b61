import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { NotFoundError } from '../../base/errors.ts';
import type { StorageDialect } from '../migrate.ts';
import { createPostgresDialect } from '../postgres/postgres-dialect.ts';
import type { Tables } from '../schema.ts';
import { BACKUP_TABLES, toPortable, type BackupTable, type PortableRow } from './backup-tables.ts';

/** Rows read at once from PostgreSQL. */
const PAGE = 500;

/** A house's tables as they were at one moment, however long they are read. */
export interface BackupSource extends AsyncDisposable {
  readonly dialect: StorageDialect;
  readonly migrations: readonly string[];
  /** Empty for a table that the data does not have yet. */
  rows(table: BackupTable): AsyncIterable<PortableRow>;
}

export interface PostgresAddress {
  url: string;
  schema?: string;
}

/** One read transaction on a connection of its own: a running server goes on writing beside it. */
export function openSqliteSource(path: string): BackupSource {
  if (!existsSync(path)) throw nothingThere();
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5000, defensive: true });
  try {
    database.exec('BEGIN');
    const tables = new Set(
      database
        .prepare(`select name from sqlite_master where type = 'table'`)
        .all()
        .map((row) => row['name']),
    );
    if (!tables.has('migration')) throw nothingThere();
    const applied = database.prepare('select name from migration order by name').all();
    return {
      dialect: 'sqlite',
      migrations: applied.map((row) => String(row['name'])),
      async *rows(table) {
        if (!tables.has(table)) return;
        const { key } = BACKUP_TABLES[table];
        const statement = database.prepare(`select * from "${table}"${key === null ? '' : ` order by "${key}"`}`);
        for (const row of statement.iterate()) yield toPortable(table, row);
      },
      [Symbol.asyncDispose]: async () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** One repeatable-read transaction (a snapshot, in PostgreSQL). */
export async function openPostgresSource(address: PostgresAddress): Promise<BackupSource> {
  const db = new Kysely<Tables & { migration: { name: string } }>({ dialect: createPostgresDialect(address) });
  await using undo = new AsyncDisposableStack();
  undo.defer(() => db.destroy());
  const trx = await db.startTransaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute();
  undo.defer(async () => {
    await trx.rollback().execute();
  });
  const found = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = current_schema()`.execute(trx);
  const tables = new Set(found.rows.map(({ name }) => name));
  if (!tables.has('migration')) throw nothingThere();
  const applied = await trx.selectFrom('migration').select('name').orderBy('name').execute();
  const close = undo.move();
  return {
    dialect: 'postgres',
    migrations: applied.map(({ name }) => name),
    async *rows(table) {
      if (!tables.has(table)) return;
      const { key } = BACKUP_TABLES[table];
      let after: unknown;
      for (;;) {
        const beyond = after === undefined ? sql`` : sql`where ${sql.ref(key ?? '')} > ${after}`;
        const page = key === null ? sql`` : sql`order by ${sql.ref(key)} limit ${PAGE}`;
        const { rows } = await sql<
          Record<string, unknown>
        >`select * from ${sql.table(table)} ${beyond} ${page}`.execute(trx);
        for (const row of rows) yield toPortable(table, row);
        if (key === null || rows.length < PAGE) return;
        after = rows.at(-1)?.[key];
      }
    },
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}

function nothingThere(): NotFoundError {
  return new NotFoundError('There is nothing to back up: this data folder has no database yet.', {
    code: 'nothing-to-back-up',
  });
}
