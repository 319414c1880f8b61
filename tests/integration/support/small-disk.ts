import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface SmallDisk extends AsyncDisposable {
  /** Where it is mounted. */
  folder: string;
  /** Takes every byte that is left. */
  fill(): Promise<void>;
  free(): Promise<void>;
  setReadOnly(readOnly: boolean): Promise<void>;
}

/** A real file system of so many mebibytes, in memory. Needs the rights to mount one. */
export async function mountSmallDisk(mebibytes: number): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'everwith-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=700`, 'tmpfs', folder]);
  } catch (error) {
    await rmdir(folder);
    throw error;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    async fill() {
      const file = await open(filler, 'a');
      try {
        for (let size = 1024 * 1024; size >= 512;) {
          try {
            await file.appendFile(Buffer.alloc(size));
          } catch {
            size /= 2;
          }
        }
      } finally {
        await file.close();
      }
    },
    free: () => rm(filler, { force: true }),
    setReadOnly: (readOnly) => run('mount', ['-o', `remount,${readOnly ? 'ro' : 'rw'}`, folder]).then(() => undefined),
    async [Symbol.asyncDispose]() {
      await run('umount', [folder]);
      await rmdir(folder);
    },
  };
}

/** Whether this process may mount at all. */
export async function canMount(): Promise<boolean> {
  try {
    await (await mountSmallDisk(1))[Symbol.asyncDispose]();
    return true;
  } catch {
    return false;
  }
}
