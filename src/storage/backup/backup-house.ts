import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';
import type { Clock } from '../../base/clock.ts';
import { AppError, ConflictError, ResourceError, errorMessage, isAbort } from '../../base/errors.ts';
import { version } from '../../config/version.ts';
import { BlobStore } from '../blob-store.ts';
import {
  openPostgresSource,
  openSqliteSource,
  type BackupSource,
  type PostgresAddress,
} from './backup-source-store.ts';
import { backupTableNames, type BackupTable } from './backup-tables.ts';
import {
  BACKUP_VERSION,
  MANIFEST_PATH,
  SECRET_KEY_PATH,
  blobPath,
  tablePath,
  type BackupPart,
  type Manifest,
} from './manifest.ts';
import { PartWriter } from './part-writer.ts';

export interface BackupOptions {
  dataDirectory: string;
  /** Null = SQLite in the data folder. */
  postgres: PostgresAddress | null;
  /** Absolute path of the archive to write. */
  target: string;
  /** Replaces a file that is there. */
  force: boolean;
  clock: Clock;
  signal: AbortSignal;
}

export interface BackupSummary {
  /** Bytes of the archive. */
  size: number;
  counts: Manifest['counts'];
}

/**
 * Writes everything of a house into one gzipped tar: a manifest, each table as lines of JSON as they were at one
 * moment, pictures and the key of sealed secrets. The server may run meanwhile. The file appears whole or not at all.
 */
export async function backupHouse(options: BackupOptions): Promise<BackupSummary> {
  const { dataDirectory, postgres, target, force } = options;
  if (!force && existsSync(target)) throw alreadyThere(target);
  await using source = postgres
    ? await openPostgresSource(postgres)
    : openSqliteSource(join(dataDirectory, 'everwith.sqlite'));
  await using staging = await makeStaging(target);
  try {
    const manifest = await stageParts(options, { source, folder: staging.path });
    const archive = join(staging.path, 'archive');
    await writeArchive({ manifest, folder: staging.path, archive, signal: options.signal });
    if (!force && existsSync(target)) throw alreadyThere(target);
    await rename(archive, target);
    return { size: (await stat(target)).size, counts: manifest.counts };
  } catch (error) {
    throw asBackupError(error, target);
  }
}

/** Beside the archive, so that the last step is a rename, and the space that matters is the one that is used. */
async function makeStaging(target: string): Promise<AsyncDisposable & { path: string }> {
  try {
    const path = await mkdtemp(join(dirname(target), `.${basename(target)}.`));
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
  } catch (error) {
    throw new ResourceError(`A backup cannot be written into ${dirname(target)}: ${errorMessage(error)}`, {
      code: 'backup-folder',
      cause: error,
    });
  }
}

async function stageParts(
  { dataDirectory, clock, signal }: BackupOptions,
  { source, folder }: { source: BackupSource; folder: string },
): Promise<Manifest> {
  await mkdir(join(folder, 'tables'));
  await mkdir(join(folder, 'blobs'));
  const parts: BackupPart[] = [];
  const counts: Manifest['counts'] = {};
  const hashes: string[] = [];
  for (const table of backupTableNames) {
    const onRow = (row: Record<string, unknown>) => {
      if (table === 'asset') hashes.push(String(row['hash']));
    };
    const { part, count } = await stageTable({ source, table, folder, signal, onRow });
    parts.push(part);
    counts[table] = count;
  }
  const secret = await readFile(join(dataDirectory, SECRET_KEY_PATH)).catch(() => undefined);
  if (secret) parts.push(await stageBytes(secret, { folder, path: SECRET_KEY_PATH }));
  const blobs = new BlobStore(join(dataDirectory, 'blobs'));
  for (const hash of hashes) {
    signal.throwIfAborted();
    const bytes = await blobs.read(hash).catch(() => undefined);
    // Its owner deleted it after the moment the tables were read at.
    if (!bytes) continue;
    const part = await stageBytes(bytes, { folder, path: blobPath(hash) });
    // A picture that the disk has damaged is no picture any more, and no reason to have no backup.
    if (part.sha256 === hash) parts.push(part);
  }
  return {
    format: 'everwith-backup',
    version: BACKUP_VERSION,
    everwith: version,
    createdAt: clock.now(),
    dialect: source.dialect,
    migrations: [...source.migrations],
    counts,
    parts,
  };
}

async function stageTable({
  source,
  table,
  folder,
  signal,
  onRow,
}: {
  source: BackupSource;
  table: BackupTable;
  folder: string;
  signal: AbortSignal;
  onRow: (row: Record<string, unknown>) => void;
}): Promise<{ part: BackupPart; count: number }> {
  const path = tablePath(table);
  await using writer = await PartWriter.open(join(folder, path));
  let count = 0;
  for await (const row of source.rows(table)) {
    signal.throwIfAborted();
    onRow(row);
    await writer.write(`${JSON.stringify(row)}\n`);
    count += 1;
  }
  return { part: { path, ...(await writer.finish()) }, count };
}

async function stageBytes(bytes: Uint8Array, { folder, path }: { folder: string; path: string }): Promise<BackupPart> {
  await using writer = await PartWriter.open(join(folder, path));
  await writer.write(bytes);
  return { path, ...(await writer.finish()) };
}

async function writeArchive({
  manifest,
  folder,
  archive,
  signal,
}: {
  manifest: Manifest;
  folder: string;
  archive: string;
  signal: AbortSignal;
}): Promise<void> {
  const tar = pack();
  const written = pipeline(tar, createGzip(), createWriteStream(archive, { flags: 'wx', mode: 0o600 }), { signal });
  const filling = fillArchive(tar, { manifest, folder }).catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  await Promise.all([written, filling]);
  const file = await open(archive, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function fillArchive(tar: Pack, { manifest, folder }: { manifest: Manifest; folder: string }): Promise<void> {
  const mtime = new Date(manifest.createdAt);
  tar.entry({ name: MANIFEST_PATH, mtime, mode: 0o600 }, `${JSON.stringify(manifest)}\n`);
  for (const { path, size } of manifest.parts) {
    const entry = tar.entry({ name: path, size, mtime, mode: 0o600 });
    await pipeline(createReadStream(join(folder, path)), entry);
  }
  tar.finalize();
}

function alreadyThere(target: string): ConflictError {
  return new ConflictError(`The file ${target} is there already. Choose another name, or replace it with --force.`, {
    code: 'backup-exists',
  });
}

function asBackupError(error: unknown, target: string): unknown {
  if (error instanceof AppError || isAbort(error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') {
    return new ResourceError(`There is not enough space for a backup in ${dirname(target)}.`, {
      code: 'no-space',
      cause: error,
    });
  }
  return new ResourceError(`The backup could not be written: ${errorMessage(error)}`, {
    code: 'backup-failed',
    cause: error,
  });
}
