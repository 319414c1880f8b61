import { constants } from 'node:fs';
import { lstat, open, opendir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError, TooLargeError } from '../../../base/errors.ts';
import {
  SOURCE_LIMITS,
  type MoveSource,
  type SourceFile,
  type SourceLimits,
  type SourceRefusal,
} from './move-source.ts';

/**
 * The files of a directory, in the order of their names. Links are refused, so nothing outside the directory is read,
 * also not by a link that takes a file's place while we are at it.
 */
export async function openFolderSource(directory: string, limits: SourceLimits = SOURCE_LIMITS): Promise<MoveSource> {
  const root = await realpath(directory).catch(() => undefined);
  const found = root === undefined ? undefined : await lstat(root).catch(() => undefined);
  if (root === undefined || !found?.isDirectory()) {
    throw new InvalidInputError(`There is no folder “${directory}” on this machine.`, {
      code: 'folder-missing',
      field: 'directory',
    });
  }
  return {
    files: (signal) => walk(root, { limits, signal }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function* walk(
  root: string,
  { limits, signal }: { limits: SourceLimits; signal: AbortSignal },
): AsyncGenerator<SourceFile | SourceRefusal> {
  let count = 0;
  let bytes = 0;
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const { names, refused } = await namesIn(join(root, folder));
    if (refused) yield { path: folder, refused };
    const folders: string[] = [];
    for (const name of names) {
      signal.throwIfAborted();
      const path = folder === '' ? name : `${folder}/${name}`;
      const entry = await lstat(join(root, path)).catch(() => undefined);
      if (!entry) yield { path, refused: 'unreadable' };
      else if (entry.isSymbolicLink()) yield { path, refused: 'symlink' };
      else if (entry.isDirectory()) {
        if (path.split('/').length > limits.depth) yield { path, refused: 'bad-path' };
        else folders.push(path);
      } else if (!entry.isFile()) yield { path, refused: 'special-file' };
      else if (entry.size > limits.fileBytes) yield { path, refused: 'too-large' };
      else {
        count += 1;
        bytes += entry.size;
        requireWithin({ count, bytes }, limits);
        yield { path, size: entry.size, read: () => readFile(join(root, path)), place: join(root, path) };
      }
    }
    waiting.push(...folders.toReversed());
  }
}

async function namesIn(folder: string): Promise<{ names: string[]; refused?: SourceRefusal['refused'] }> {
  try {
    const names: string[] = [];
    for await (const { name } of await opendir(folder)) names.push(name);
    return { names: names.sort() };
  } catch {
    return { names: [], refused: 'unreadable' };
  }
}

/** A link in the file's place is not followed. */
async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  yield* handle.createReadStream({ highWaterMark: 256 * 1024 });
}

export function requireWithin({ count, bytes }: { count: number; bytes: number }, limits: SourceLimits): void {
  if (count > limits.files) {
    throw new TooLargeError(`There are more than ${limits.files} files. Move in a part at a time.`, {
      code: 'too-many-files',
      details: { limit: limits.files },
    });
  }
  if (bytes > limits.bytes) {
    throw new TooLargeError(`The files are larger than ${Math.round(limits.bytes / 1024 ** 3)} GiB altogether.`, {
      code: 'files-too-large',
      details: { limit: limits.bytes },
    });
  }
}
