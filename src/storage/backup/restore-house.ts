import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, rmdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import type { Clock } from '../../base/clock.ts';
import { AppError, ConflictError, ResourceError, errorMessage, isAbort } from '../../base/errors.ts';
import { lockHouse } from '../house-lock.ts';
import { migrations, type StorageDialect } from '../migrate.ts';
import { createPostgresDialect } from '../postgres/postgres-dialect.ts';
import type { Tables } from '../schema.ts';
import { SqliteGroupCommitDialect } from '../sqlite/sqlite-dialect.ts';
import type { Trx } from '../storage.ts';
import type { PostgresAddress } from './backup-source-store.ts';
import { backupTableNames } from './backup-tables.ts';
import { damagedBackup, newerBackup } from './damaged-backup.ts';
import { SECRET_KEY_PATH, tablePath, type Manifest } from './manifest.ts';
import { readPartRows } from './read-part-rows.ts';
import { continueSequences, createTables, insertRows, listOwnTables, moveTablesAside } from './restore-store.ts';
import { messageSearchMigration } from '../migrations/0015-message-search.ts';
import { rebuildSearch } from '../search/rebuild-search.ts';
import { swapEntries, type Swap } from './swap-entries.ts';
import { unpackArchive } from './unpack-archive.ts';

const DATABASE = 'everwith.sqlite';
/** What a backup replaces. Settings of the machine (`config.json`), logs and earlier copies stay. */
const DATABASE_ENTRIES = [DATABASE, `${DATABASE}-wal`, `${DATABASE}-shm`];
const FILE_ENTRIES = ['blobs', SECRET_KEY_PATH];
/** What may lie in a folder that counts as empty. */
const HARMLESS = new Set(['config.json', 'logs', 'server.lock', 'server.lock-journal', 'server.json']);
const STAGING_PREFIX = '.restore-';
const SECRET_KEY_FORM = /^[\w-]{43}\n?$/;

export interface RestoreOptions {
  dataDirectory: string;
  /** Null = SQLite in the data folder. */
  postgres: PostgresAddress | null;
  /** Absolute path of the archive. */
  source: string;
  /** Also where there is data already; that is kept aside. */
  force: boolean;
  clock: Clock;
  signal: AbortSignal;
}

export interface RestoreSummary {
  counts: Manifest['counts'];
  createdAt: number;
  /** Where the data from before lies now: a folder, and with PostgreSQL a schema; null where there was none. */
  keptFolder: string | null;
  keptSchema: string | null;
}

/**
 * Brings back what a backup holds, from either dialect into either. Everything is unpacked, checked and built beside
 * the data before the first thing is replaced; a failure leaves the data as it was. Refuses while a server runs.
 */
export async function restoreHouse(options: RestoreOptions): Promise<RestoreSummary> {
  const { dataDirectory } = options;
  const wasThere = existsSync(dataDirectory);
  try {
    await using _lock = await lockHouse(dataDirectory);
    await removeStale(dataDirectory);
    await using staging = await makeStaging(dataDirectory);
    return await restoreInto(options, staging.path);
  } catch (error) {
    if (!wasThere) await removeEmptied(dataDirectory);
    throw asRestoreError(error);
  }
}

async function restoreInto(options: RestoreOptions, staging: string): Promise<RestoreSummary> {
  const { dataDirectory, postgres, source, clock, signal } = options;
  await requireEmpty(options);
  const parts = join(staging, 'parts');
  await mkdir(parts, { mode: 0o700 });
  const { bavail, bsize } = await statfs(dataDirectory);
  const manifest = await unpackArchive({ source, folder: parts, room: bavail * bsize, signal });
  requireKnown(manifest);
  const house = await stageFiles({ staging, parts });
  const stamp = new Date(clock.now())
    .toISOString()
    .replace(/[^0-9]/g, '')
    .slice(0, 14);
  const aside = join(dataDirectory, `before-restore-${stamp}`);
  const fill = (trx: Trx, dialect: StorageDialect) => fillDatabase(trx, { manifest, parts, dialect, clock, signal });
  let keptSchema: string | null = null;
  if (postgres) {
    const swap = () =>
      swapEntries({ dataDirectory, staged: house, aside, leaving: FILE_ENTRIES, coming: FILE_ENTRIES });
    keptSchema = await restorePostgres({ postgres, fill, swap, schema: `everwith_before_restore_${stamp}` });
  } else {
    await buildSqlite(join(house, DATABASE), fill);
    signal.throwIfAborted();
    const leaving = [...DATABASE_ENTRIES, ...FILE_ENTRIES];
    await swapEntries({ dataDirectory, staged: house, aside, leaving, coming: [DATABASE, ...FILE_ENTRIES] });
  }
  // Computed from what was there before; made again when needed.
  await rm(join(dataDirectory, 'engine-states'), { recursive: true, force: true });
  const keptFolder = existsSync(aside) ? aside : null;
  return { counts: manifest.counts, createdAt: manifest.createdAt, keptFolder, keptSchema };
}

async function requireEmpty({ dataDirectory, postgres, force }: RestoreOptions): Promise<void> {
  if (force) return;
  const entries = (await readdir(dataDirectory)).filter(
    (name) => !HARMLESS.has(name) && !name.startsWith(STAGING_PREFIX),
  );
  const there = entries.length > 0 ? dataDirectory : postgres && (await hasTables(postgres)) ? 'PostgreSQL' : null;
  if (there === null) return;
  throw new ConflictError(
    `There is data in ${there} already. Choose another folder with --data, or restore with --force, which keeps it aside.`,
    { code: 'data-there' },
  );
}

async function hasTables(postgres: PostgresAddress): Promise<boolean> {
  const db = new Kysely<Tables>({ dialect: createPostgresDialect(postgres) });
  try {
    return (await listOwnTables(db)).length > 0;
  } finally {
    await db.destroy();
  }
}

function requireKnown({ migrations: names }: Manifest): void {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw newerBackup(unknown.join(', ').slice(0, 200));
}

/** Lays the files out as a data folder has them. */
async function stageFiles({ staging, parts }: { staging: string; parts: string }): Promise<string> {
  const house = join(staging, 'house');
  await mkdir(join(house, 'blobs'), { recursive: true, mode: 0o700 });
  for (const hash of await readdir(join(parts, 'blobs')).catch(() => [])) {
    const folder = join(house, 'blobs', hash.slice(0, 2));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(join(parts, 'blobs', hash), join(folder, hash));
  }
  const secret = join(parts, SECRET_KEY_PATH);
  if (existsSync(secret)) {
    if (!SECRET_KEY_FORM.test(await readFile(secret, 'utf8'))) {
      throw damagedBackup('its key of secrets is none');
    }
    await rename(secret, join(house, SECRET_KEY_PATH));
  }
  return house;
}

interface FillOptions {
  manifest: Manifest;
  parts: string;
  dialect: StorageDialect;
  clock: Clock;
  signal: AbortSignal;
}

async function fillDatabase(trx: Trx, { manifest, parts, dialect, clock, signal }: FillOptions): Promise<void> {
  await createTables(trx, { dialect, names: manifest.migrations, now: clock.now() });
  const there = new Set(manifest.parts.map(({ path }) => path));
  for (const table of backupTableNames) {
    signal.throwIfAborted();
    const path = tablePath(table);
    if (!there.has(path)) continue;
    const rows = readPartRows(join(parts, path), path);
    let count: number;
    try {
      count = await insertRows(trx, { table, rows, dialect });
    } catch (error) {
      if (error instanceof AppError || isAbort(error)) throw error;
      throw damagedBackup(`a row of “${path}” does not fit: ${errorMessage(error)}`, error);
    }
    if (count !== (manifest.counts[table] ?? 0))
      throw damagedBackup(`“${path}” has another number of rows than it should`);
  }
  await continueSequences(trx, dialect);
  // An older index is made anew by the migration that the next start runs.
  if (!manifest.migrations.includes(messageSearchMigration.name)) return;
  try {
    await rebuildSearch(trx, dialect);
  } catch (error) {
    throw damagedBackup(`a message cannot be read: ${errorMessage(error)}`, error);
  }
}

async function buildSqlite(path: string, fill: (trx: Trx, dialect: StorageDialect) => Promise<void>): Promise<void> {
  const db = new Kysely<Tables>({ dialect: new SqliteGroupCommitDialect(path) });
  try {
    await db.transaction().execute((trx) => fill(trx, 'sqlite'));
  } finally {
    await db.destroy();
  }
  await chmod(path, 0o600);
}

/** One transaction: the old tables move aside, the new ones come, and the files change just before it is kept. */
async function restorePostgres({
  postgres,
  fill,
  swap,
  schema,
}: {
  postgres: PostgresAddress;
  fill: (trx: Trx, dialect: StorageDialect) => Promise<void>;
  swap: () => Promise<Swap>;
  schema: string;
}): Promise<string | null> {
  const db = new Kysely<Tables>({ dialect: createPostgresDialect(postgres) });
  let swapped: Swap | undefined;
  try {
    return await db.transaction().execute(async (trx) => {
      const tables = await listOwnTables(trx);
      if (tables.length > 0) await moveTablesAside(trx, { tables, schema });
      await fill(trx, 'postgres');
      swapped = await swap();
      return tables.length > 0 ? schema : null;
    });
  } catch (error) {
    await swapped?.undo();
    throw error;
  } finally {
    await db.destroy();
  }
}

async function makeStaging(dataDirectory: string): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(dataDirectory, STAGING_PREFIX));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Left by a restore that was killed; whoever holds the lock is alone. */
async function removeStale(dataDirectory: string): Promise<void> {
  for (const name of await readdir(dataDirectory)) {
    if (name.startsWith(STAGING_PREFIX)) await rm(join(dataDirectory, name), { recursive: true, force: true });
  }
}

async function removeEmptied(dataDirectory: string): Promise<void> {
  for (const name of ['server.lock', 'server.lock-journal']) await rm(join(dataDirectory, name), { force: true });
  await rmdir(dataDirectory).catch(() => undefined);
}

function asRestoreError(error: unknown): unknown {
  if (error instanceof ConflictError && error.code === 'already-running') {
    return new ConflictError(`${error.message} Stop it, then restore.`, { code: 'already-running', cause: error });
  }
  if (error instanceof AppError || isAbort(error)) return error;
  return new ResourceError(`The backup could not be restored: ${errorMessage(error)}. Nothing was changed.`, {
    code: 'restore-failed',
    cause: error,
  });
}
