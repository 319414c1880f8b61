import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { NotFoundError, ResourceError } from '../base/errors.ts';

/** Files named by the sha256 of their bytes. Writing is atomic and durable; the same bytes are stored once. */
export class BlobStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Returns the hash, hex. */
  async write(bytes: Uint8Array): Promise<string> {
    const hash = createHash('sha256').update(bytes).digest('hex');
    const path = this.#path(hash);
    if (await stat(path).catch(() => undefined)) return hash;
    const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw fileFailure(error);
    }
    return hash;
  }

  /** As `write`, of bytes as they come. Beyond `maxBytes` it throws what `tooLarge` makes, and nothing stays. */
  async writeStream(
    bytes: AsyncIterable<Uint8Array>,
    { maxBytes, tooLarge }: { maxBytes: number; tooLarge: () => Error },
  ): Promise<{ hash: string; size: number }> {
    const temporary = join(this.#folder, `${randomBytes(12).toString('hex')}.tmp`);
    const digest = createHash('sha256');
    let size = 0;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const file = await open(temporary, 'wx', 0o600);
      try {
        for await (const part of bytes) {
          size += part.length;
          if (size > maxBytes) throw tooLarge();
          digest.update(part);
          await file.appendFile(part);
        }
        await file.sync();
      } finally {
        await file.close();
      }
      const hash = digest.digest('hex');
      const path = this.#path(hash);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await rename(temporary, path);
      return { hash, size };
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw fileFailure(error);
    }
  }

  /** The bytes as they are read; opened at once, so that removing the file meanwhile cuts nothing off. */
  async readStream(hash: string): Promise<Readable> {
    try {
      return (await open(this.#path(hash), 'r')).createReadStream();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        throw new NotFoundError('This file is not here any more.', { cause: error });
      }
      throw error;
    }
  }

  async read(hash: string): Promise<Buffer> {
    try {
      return await readFile(this.#path(hash));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        throw new NotFoundError('This file is not here any more.', { cause: error });
      }
      throw error;
    }
  }

  async remove(hash: string): Promise<void> {
    await rm(this.#path(hash), { force: true });
  }

  /** Every hash stored. */
  async list(): Promise<string[]> {
    const entries = await readdir(this.#folder).catch(() => []);
    const folders = entries.filter((name) => /^[0-9a-f]{2}$/.test(name));
    const names = await Promise.all(folders.map((folder) => readdir(join(this.#folder, folder))));
    return names.flat().filter((name) => /^[0-9a-f]{64}$/.test(name));
  }

  #path(hash: string): string {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new NotFoundError('There is no such file.');
    return join(this.#folder, hash.slice(0, 2), hash);
  }
}

/** What a failed write means for the one who waits for it. */
export function fileFailure(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new ResourceError('The disk is full: nothing was saved. Free some space and try again.', {
      code: 'disk-full',
      cause: error,
    });
  }
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return new ResourceError('The data folder cannot be written: check its permissions.', {
      code: 'storage-read-only',
      cause: error,
    });
  }
  return error;
}
