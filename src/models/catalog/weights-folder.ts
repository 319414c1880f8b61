import { mkdir, open, readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ResourceError } from '../../base/errors.ts';
import { hashFile } from './hash-file.ts';
import { hashFolder } from './hash-folder.ts';
import type { StoredWeights } from './stored-weights.ts';

/**
 * The names inside `<cache>/weights`, which all data folders of one person share:
 * `<sha256>.gguf`, `<sha256>.onnx` … files whose hash matched when they landed, `<sha256>.d/` folders whose tree did;
 * `<sha256>.part` the beginning of a download over HTTP, which the next one goes on from; `<sha256>.parts/` what a
 * package client is fetching or a converter is writing; `<sha256>.lock` held by the process that downloads;
 * `<sha256>.json` size and time of the file when its hash was last checked.
 */
export interface WeightsFolder {
  path: string;
  weights(stored: StoredWeights): string;
  part(sha256: string): string;
  packages(sha256: string): string;
  lock(sha256: string): string;
}

export function weightsFolder(cacheDirectory: string): WeightsFolder {
  const path = join(cacheDirectory, 'weights');
  return {
    path,
    weights: ({ sha256, extension }) => join(path, `${sha256}.${extension}`),
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

/** True when all of it is in its place; its hash was checked when it landed. */
export async function isInstalled(folder: WeightsFolder, stored: StoredWeights): Promise<boolean> {
  return (await measure(folder.weights(stored), stored))?.size === stored.sizeBytes;
}

/** When they were put in their place, milliseconds; null where they are not there. */
export async function arrivalOf(folder: WeightsFolder, stored: StoredWeights): Promise<number | null> {
  return (await measure(folder.weights(stored), stored))?.modifiedAt ?? null;
}

/** Its hash as it lies on the disk. */
export function hashWeights(path: string, { form, signal }: { form: StoredWeights['form']; signal: AbortSignal }) {
  return form === 'file' ? hashFile(path, { signal }) : hashFolder(path, { signal });
}

/** Puts weights whose hash matched in their place, so that a crash leaves either nothing or all of them. */
export async function installWeights({
  folder,
  from,
  stored,
}: {
  folder: WeightsFolder;
  from: string;
  stored: StoredWeights;
}): Promise<void> {
  const target = folder.weights(stored);
  if (stored.form === 'file') await syncFile(from);
  else {
    for (const path of await filesBelow(from)) await syncFile(path);
    await rm(target, { recursive: true, force: true });
  }
  await rename(from, target);
  await markVerified({ folder, stored });
  // The rename itself must survive a power cut; Windows cannot open folders and needs no such step.
  const directory = await open(folder.path, 'r').catch(() => null);
  await directory?.sync().catch(() => undefined);
  await directory?.close();
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

const markSchema = z.object({ size: z.number(), modifiedAt: z.number() });

/** Remembers that the weights as they stand have the hash they are named after. */
export async function markVerified({
  folder,
  stored,
}: {
  folder: WeightsFolder;
  stored: StoredWeights;
}): Promise<void> {
  const mark = await measure(folder.weights(stored), stored);
  await writeFile(markPath(folder, stored.sha256), JSON.stringify(mark));
}

/** True when nothing touched the weights since their hash was checked. */
export async function isVerified({
  folder,
  stored,
}: {
  folder: WeightsFolder;
  stored: StoredWeights;
}): Promise<boolean> {
  const [found, text] = await Promise.all([
    measure(folder.weights(stored), stored),
    readFile(markPath(folder, stored.sha256), 'utf8').catch(() => null),
  ]);
  if (!found || text === null) return false;
  const mark = markSchema.safeParse(parseJson(text));
  return mark.success && mark.data.size === found.size && mark.data.modifiedAt === found.modifiedAt;
}

/** Bytes, and when the newest file was last written; null when it is not there or something else is. */
async function measure(
  path: string,
  { form }: Pick<StoredWeights, 'form'>,
): Promise<z.infer<typeof markSchema> | null> {
  const info = await stat(path).catch(() => null);
  if (form === 'file') return info?.isFile() ? { size: info.size, modifiedAt: info.mtimeMs } : null;
  if (!info?.isDirectory()) return null;
  const files = await Promise.all((await filesBelow(path)).map((file) => stat(file)));
  return {
    size: files.reduce((sum, file) => sum + file.size, 0),
    modifiedAt: Math.max(0, ...files.map((file) => file.mtimeMs)),
  };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

export async function removeWeights({
  folder,
  stored,
}: {
  folder: WeightsFolder;
  stored: StoredWeights;
}): Promise<void> {
  await rm(folder.weights(stored), { recursive: true, force: true });
  await rm(markPath(folder, stored.sha256), { force: true });
  await rm(folder.part(stored.sha256), { force: true });
  await rm(folder.packages(stored.sha256), { recursive: true, force: true });
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
