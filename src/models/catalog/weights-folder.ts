import { mkdir, open, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ResourceError } from '../../base/errors.ts';

/**
 * The names inside `<cache>/weights`, which all data folders of one person share:
 * `<sha256>.gguf` weights whose hash matched when they landed; `<sha256>.part` the beginning of a download over HTTP,
 * which the next one goes on from; `<sha256>.parts/` what a package client is fetching; `<sha256>.lock` held by the
 * process that downloads; `<sha256>.json` size and time of the file when its hash was last checked.
 */
export interface WeightsFolder {
  path: string;
  weights(sha256: string): string;
  part(sha256: string): string;
  packages(sha256: string): string;
  lock(sha256: string): string;
}

export function weightsFolder(cacheDirectory: string): WeightsFolder {
  const path = join(cacheDirectory, 'weights');
  return {
    path,
    weights: (sha256) => join(path, `${sha256}.gguf`),
    part: (sha256) => join(path, `${sha256}.part`),
    packages: (sha256) => join(path, `${sha256}.parts`),
    lock: (sha256) => join(path, `${sha256}.lock`),
  };
}

export async function makeWeightsFolder(folder: WeightsFolder): Promise<void> {
  try {
    await mkdir(folder.path, { recursive: true });
  } catch (error) {
    throw diskError(error, folder.path) ?? error;
  }
}

/** Bytes, or null when there is no such file. */
export async function fileSize(path: string): Promise<number | null> {
  const info = await stat(path).catch(() => null);
  return info?.isFile() ? info.size : null;
}

/** Bytes that an ordinary user may still write to the file system of `path`. */
export async function freeBytes(path: string): Promise<number> {
  const info = await statfs(path);
  return info.bavail * info.bsize;
}

/** Puts a file whose hash matched in its place, so that a crash leaves either nothing or all of it. */
export async function installWeights({
  folder,
  from,
  sha256,
}: {
  folder: WeightsFolder;
  from: string;
  sha256: string;
}): Promise<void> {
  const file = await open(from, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(from, folder.weights(sha256));
  await markVerified({ folder, sha256 });
  // The rename itself must survive a power cut; Windows cannot open folders and needs no such step.
  const directory = await open(folder.path, 'r').catch(() => null);
  await directory?.sync().catch(() => undefined);
  await directory?.close();
}

const markSchema = z.object({ size: z.number(), modifiedAt: z.number() });

/** Remembers that the file as it stands has the hash it is named after. */
export async function markVerified({ folder, sha256 }: { folder: WeightsFolder; sha256: string }): Promise<void> {
  const info = await stat(folder.weights(sha256));
  const mark = { size: info.size, modifiedAt: info.mtimeMs };
  await writeFile(markPath(folder, sha256), JSON.stringify(mark));
}

/** True when nothing touched the file since its hash was checked. */
export async function isVerified({ folder, sha256 }: { folder: WeightsFolder; sha256: string }): Promise<boolean> {
  const [info, text] = await Promise.all([
    stat(folder.weights(sha256)).catch(() => null),
    readFile(markPath(folder, sha256), 'utf8').catch(() => null),
  ]);
  if (!info || text === null) return false;
  const mark = markSchema.safeParse(parseJson(text));
  return mark.success && mark.data.size === info.size && mark.data.modifiedAt === info.mtimeMs;
}

export async function removeWeights({ folder, sha256 }: { folder: WeightsFolder; sha256: string }): Promise<void> {
  await rm(folder.weights(sha256), { force: true });
  await rm(markPath(folder, sha256), { force: true });
  await rm(folder.part(sha256), { force: true });
  await rm(folder.packages(sha256), { recursive: true, force: true });
}

function markPath(folder: WeightsFolder, sha256: string): string {
  return join(folder.path, `${sha256}.json`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The error a person can act on, when `error` is the disk's; null otherwise. */
export function diskError(error: unknown, path: string): ResourceError | null {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new ResourceError(`The disk of ${path} is full. Free some space there and try again.`, {
      code: 'disk-full',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new ResourceError(`The folder ${path} cannot be written to. Change its permissions, or use another one.`, {
      code: 'folder-not-writable',
      cause: error,
    });
  }
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return new ResourceError(`${path} must be a folder, and something else is there. Move that away.`, {
      code: 'folder-not-writable',
      cause: error,
    });
  }
  return null;
}
