import { sql, type Kysely, type Transaction } from 'kysely';
import { migrations, type StorageDialect } from '../migrate.ts';
import type { Tables } from '../schema.ts';
import type { Trx } from '../storage.ts';
import { DERIVED_TABLES, backupTableNames, fromPortable, type BackupTable, type PortableRow } from './backup-tables.ts';

/** Rows in one statement: below SQLite's 32,766 and PostgreSQL's 65,535 parameters with 18 columns. */
const ROWS_AT_ONCE = 200;

interface LedgerTable {
  migration: { name: string; appliedAt: number };
}

/** Makes the tables as they were when the backup was written; a later start brings them up to date. */
export async function createTables(
  trx: Trx,
  { dialect, names, now }: { dialect: StorageDialect; names: readonly string[]; now: number },
): Promise<void> {
  await sql`create table "migration" ("name" text primary key, "appliedAt" bigint not null)`.execute(trx);
  for (const migration of migrations.filter(({ name }) => names.includes(name))) {
    await migration.up({ db: trx, dialect });
    await (trx as unknown as Transaction<LedgerTable>)
      .insertInto('migration')
      .values({ name: migration.name, appliedAt: now })
      .execute();
  }
}

/** Puts rows into an empty table; returns how many. */
export async function insertRows(
  trx: Trx,
  { table, rows, dialect }: { table: BackupTable; rows: AsyncIterable<PortableRow>; dialect: StorageDialect },
): Promise<number> {
  const target = trx as unknown as Transaction<Record<string, PortableRow>>;
  let count = 0;
  let waiting: PortableRow[] = [];
  const flush = async () => {
    if (waiting.length > 0) await target.insertInto(table).values(waiting).execute();
    waiting = [];
  };
  for await (const row of rows) {
    waiting.push(fromPortable(table, row, dialect));
    count += 1;
    if (waiting.length >= ROWS_AT_ONCE) await flush();
  }
  await flush();
  return count;
}

/** New events go on after the last one that was put back. SQLite sees to it by itself. */
export async function continueSequences(trx: Trx, dialect: StorageDialect): Promise<void> {
  if (dialect === 'sqlite') return;
  await sql`select setval(pg_get_serial_sequence('"event"', 'sequence'), (select max("sequence") from "event"))
    where exists (select 1 from "event")`.execute(trx);
}

/** Our tables in the schema that a PostgreSQL connection speaks to. */
export async function listOwnTables(db: Kysely<Tables>): Promise<string[]> {
  const own = new Set<string>([...backupTableNames, ...DERIVED_TABLES, 'migration']);
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = current_schema()`.execute(db);
  return rows.map(({ name }) => name).filter((name) => own.has(name));
}

/** Moves tables with their indexes and sequences into a schema of their own, where they stay readable. */
export async function moveTablesAside(
  trx: Trx,
  { tables, schema }: { tables: string[]; schema: string },
): Promise<void> {
  await sql`create schema ${sql.id(schema)}`.execute(trx);
  for (const table of tables) await sql`alter table ${sql.id(table)} set schema ${sql.id(schema)}`.execute(trx);
}
