import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { hashFile } from './hash-file.ts';

/** The paths of all files below a folder, with forward slashes, in the order of their code units. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted((one, other) => (one < other ? -1 : 1));
}

/**
 * The digest of a folder's contents: the sha256, as lower-case hexadecimal, of the lines `<sha256 of the file>  <path>`
 * with their line ends, sorted by path. Times, modes and empty folders do not count.
 */
export async function hashFolder(folder: string, { signal }: { signal?: AbortSignal } = {}): Promise<string> {
  const hash = createHash('sha256');
  for (const path of await listFiles(folder)) {
    hash.update(`${await hashFile(join(folder, path), { signal })}  ${path}\n`);
  }
  return hash.digest('hex');
}
