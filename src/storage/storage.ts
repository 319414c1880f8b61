import { AsyncLocalStorage } from 'node:async_hooks';
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely, sql, type Dialect, type Transaction } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { ResourceError, errorMessage } from '../base/errors.ts';
import { BlobStore } from './blob-store.ts';
import { migrate, type StorageDialect } from './migrate.ts';
import type { Tables } from './schema.ts';
import { SqliteGroupCommitDialect } from './sqlite/sqlite-dialect.ts';
import { findVectorFunctions, type VectorFunctions } from './vector-functions.ts';

export type Db = Kysely<Tables>;
export type Trx = Transaction<Tables>;

/** Copies kept of the database as it was before a migration. */
const KEPT_MIGRATION_BACKUPS = 3;

export interface Storage extends AsyncDisposable {
  readonly dialect: StorageDialect;
  /** For single statements and reads. Inside `transaction`, use its `trx` only. */
  readonly db: Db;
  readonly blobs: BlobStore;
  /** What the database can do with vectors. */
  readonly vectors: VectorFunctions;
  /** Another number after every commit that changed keys or people; null where other servers may change them too. */
  revision(): number | null;
  /** All or nothing, and on disk when it resolves. Do no waiting on anything but `trx` inside. */
  transaction<T>(work: (trx: Trx) => Promise<T>): Promise<T>;
  /** True when the database answers. */
  check(): Promise<boolean>;
}

export interface OpenStorageOptions {
  dataDirectory: string;
  /** Absent = SQLite in the data folder. */
  postgres?: { url: string; schema?: string } | null;
  clock: Clock;
}

/** Opens the database of a data folder, migrates it, and hands out the one instance everybody shares. */
export async function openStorage({ dataDirectory, postgres, clock }: OpenStorageOptions): Promise<Storage> {
  try {
    await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ResourceError(`The data folder ${dataDirectory} cannot be made: ${errorMessage(error)}`, {
      code: 'data-folder',
      cause: error,
    });
  }
  const dialect: StorageDialect = postgres ? 'postgres' : 'sqlite';
  const path = join(dataDirectory, 'everwith.sqlite');
  const sqlite = new SqliteGroupCommitDialect(path);
  const db: Db = new Kysely<Tables>({ dialect: postgres ? await postgresDialect(postgres) : sqlite });
  let vectors: VectorFunctions;
  try {
    if (dialect === 'sqlite') await sql`select 1`.execute(db).then(() => chmod(path, 0o600));
    await migrate({ db, dialect, clock, backup: () => backupBeforeMigration({ db, dialect, dataDirectory, clock }) });
    vectors = await findVectorFunctions(db, dialect);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const inside = new AsyncLocalStorage<true>();
  return {
    dialect,
    db,
    blobs: new BlobStore(join(dataDirectory, 'blobs')),
    vectors,
    revision: () => (postgres ? null : sqlite.revision),
    transaction: (work) => {
      if (inside.getStore())
        throw new Error('A transaction inside a transaction would wait for itself: pass `trx` on.');
      return db.transaction().execute((trx) => inside.run(true, () => work(trx)));
    },
    check: () =>
      sql`select 1`.execute(db).then(
        () => true,
        () => false,
      ),
    [Symbol.asyncDispose]: () => db.destroy(),
  };
}

/** The client of PostgreSQL is loaded only where it is used. */
async function postgresDialect(postgres: { url: string; schema?: string }): Promise<Dialect> {
  const { createPostgresDialect } = await import('./postgres/postgres-dialect.ts');
  return createPostgresDialect(postgres);
}

async function backupBeforeMigration({
  db,
  dialect,
  dataDirectory,
  clock,
}: {
  db: Db;
  dialect: StorageDialect;
  dataDirectory: string;
  clock: Clock;
}): Promise<void> {
  if (dialect === 'postgres') return; // its migrations are transactional, and its backups are the operator's
  const folder = join(dataDirectory, 'backups');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stamp = new Date(clock.now()).toISOString().replaceAll(':', '-');
  const target = join(folder, `before-migration-${stamp}.sqlite`);
  await sql.raw(`vacuum into '${target.replaceAll("'", "''")}'`).execute(db);
  await chmod(target, 0o600);
  const copies = (await readdir(folder)).filter((name) => name.startsWith('before-migration-')).toSorted();
  for (const name of copies.slice(0, -KEPT_MIGRATION_BACKUPS)) await rm(join(folder, name), { force: true });
}
