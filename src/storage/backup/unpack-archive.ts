import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Extract } from 'tar-stream';
import { z } from 'zod';
import { AppError, NotFoundError, ResourceError, errorMessage, isAbort } from '../../base/errors.ts';
import { damagedBackup, newerBackup } from './damaged-backup.ts';
import { MANIFEST_PATH, MAX_MANIFEST_BYTES, manifestSchema, type BackupPart, type Manifest } from './manifest.ts';
import { PartWriter } from './part-writer.ts';

/** Above this many unpacked bytes an archive must not be more than `MAX_RATIO` times as large as its file. */
const RATIO_FROM_BYTES = 256 * 1024 * 1024;
/** Ten is usual for text; gzip can reach a thousand. */
const MAX_RATIO = 200;

type Entry = Extract extends AsyncIterable<infer Item> ? Item : never;

export interface UnpackOptions {
  /** Absolute path of the archive. */
  source: string;
  /** An empty folder for the parts, under their own paths. */
  folder: string;
  /** Bytes that may be written there. */
  room: number;
  signal: AbortSignal;
}

/**
 * Unpacks a backup and checks everything the manifest says of it: names, sizes, hashes, and that nothing is missing or
 * too much. Throws `InvalidInputError` that names the fault, `ResourceError` where there is no room.
 */
export async function unpackArchive({ source, folder, room, signal }: UnpackOptions): Promise<Manifest> {
  const file = await stat(source).catch(() => undefined);
  if (!file?.isFile())
    throw new NotFoundError(`There is no file ${source}.`, { code: 'backup-missing', field: 'file' });
  const tar = extract();
  const reading = pipeline(createReadStream(source), createGunzip(), tar, { signal });
  // Looked at below; until then its failure is nobody's surprise.
  reading.catch(() => undefined);
  try {
    const manifest = await takeEntries(tar, { folder, room, packedBytes: file.size });
    await reading;
    return manifest;
  } catch (error) {
    tar.destroy();
    // The stream's own failure is the cause; what was half read is only its consequence.
    const cause = await reading.then(
      () => error,
      (failure: unknown) => (error instanceof AppError ? error : failure),
    );
    if (cause instanceof AppError || isAbort(cause)) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'ENOSPC') throw noRoom(cause);
    throw damagedBackup(errorMessage(cause), cause);
  }
}

async function takeEntries(
  tar: AsyncIterable<Entry>,
  { folder, room, packedBytes }: { folder: string; room: number; packedBytes: number },
): Promise<Manifest> {
  let manifest: Manifest | undefined;
  const missing = new Map<string, BackupPart>();
  for await (const entry of tar) {
    const { name, type, size } = entry.header;
    if (type !== 'file') throw damagedBackup(`“${shown(name)}” is not a plain file`);
    if (!manifest) {
      if (name !== MANIFEST_PATH)
        throw damagedBackup('it does not begin with a manifest, so it is no backup of Everwith');
      manifest = parseManifest(await readSmall(entry, size));
      for (const part of manifest.parts) missing.set(part.path, part);
      requireRoom(manifest, { room, packedBytes });
      continue;
    }
    const part = missing.get(name);
    if (!part) throw damagedBackup(`“${shown(name)}” is not named in its manifest, or twice there`);
    if (size !== part.size) throw damagedBackup(`“${name}” has another size than its manifest says`);
    missing.delete(name);
    await takePart(entry, { part, folder });
  }
  if (!manifest) throw damagedBackup('it is empty');
  const [lost] = missing.keys();
  if (lost !== undefined) throw damagedBackup(`“${lost}” is missing`);
  return manifest;
}

function parseManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damagedBackup('its manifest is not JSON', error);
  }
  const version = z.object({ format: z.literal('everwith-backup'), version: z.number() }).safeParse(value);
  if (version.success && version.data.version > manifestSchema.shape.version.value) {
    throw newerBackup(`form ${version.data.version}`);
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) throw damagedBackup(`its manifest is not right: ${z.prettifyError(parsed.error)}`, parsed.error);
  return parsed.data;
}

function requireRoom({ parts }: Manifest, { room, packedBytes }: { room: number; packedBytes: number }): void {
  const bytes = parts.reduce((sum, { size }) => sum + size, 0);
  if (bytes > RATIO_FROM_BYTES && bytes > packedBytes * MAX_RATIO) {
    throw damagedBackup('it claims to hold far more than its size allows');
  }
  // Once unpacked, once more as a database.
  if (bytes * 2 > room) throw noRoom();
}

async function takePart(
  entry: AsyncIterable<unknown>,
  { part, folder }: { part: BackupPart; folder: string },
): Promise<void> {
  const path = join(folder, part.path);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await using writer = await PartWriter.open(path);
  for await (const chunk of entry) await writer.write(chunk as Buffer);
  const { size, sha256 } = await writer.finish();
  if (size !== part.size || sha256 !== part.sha256)
    throw damagedBackup(`“${part.path}” was changed since it was written`);
  if (part.path.startsWith('blobs/') && part.path !== `blobs/${sha256}`) {
    throw damagedBackup(`“${part.path}” does not hold what its name says`);
  }
}

async function readSmall(entry: AsyncIterable<unknown>, size: number): Promise<string> {
  if (size > MAX_MANIFEST_BYTES) throw damagedBackup('its manifest is too large');
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** A hostile name may hold anything, also what steers a terminal. */
function shown(name: string): string {
  return name.slice(0, 100).replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?');
}

function noRoom(cause?: unknown): ResourceError {
  return new ResourceError('There is not enough space to restore this backup. Nothing was changed.', {
    code: 'no-space',
    ...(cause === undefined ? {} : { cause }),
  });
}
