import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { ConflictError, ResourceError, errorMessage } from '../base/errors.ts';

/** What the running server says of itself to other processes of the same person. */
const runningServerSchema = z.object({
  address: z.string(),
  pid: z.int(),
  /** True while a word of the terminal only borrows the house and will close it soon. */
  passing: z.boolean().default(false),
});
export type RunningServer = z.infer<typeof runningServerSchema>;

export interface HouseLock extends AsyncDisposable {
  /** Tells other processes where this server listens, and whether it will be gone soon. */
  announce(address: string, options: { passing: boolean }): Promise<void>;
}

/**
 * Keeps two servers from one data folder. The lock is SQLite's own file lock on a tiny database, which the operating
 * system gives back however the process ends, so that no stale lock can keep an owner out after a crash.
 */
export async function lockHouse(dataDirectory: string): Promise<HouseLock> {
  const database = await openLockFile(dataDirectory);
  try {
    database.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw folderError(dataDirectory, error);
    const running = await readRunningServer(dataDirectory);
    throw new ConflictError(
      `Everwith already runs on the data folder ${dataDirectory}${running ? `, at ${running.address}` : ''}.`,
      { code: 'already-running', cause: error },
    );
  }
  const announcement = announcementPath(dataDirectory);
  try {
    await rm(announcement, { force: true });
  } catch (error) {
    database.close();
    throw folderError(dataDirectory, error);
  }
  return {
    announce: (address, { passing }) =>
      writeFile(announcement, `${JSON.stringify({ address, pid: process.pid, passing })}\n`, { mode: 0o600 }),
    [Symbol.asyncDispose]: async () => {
      try {
        await rm(announcement, { force: true });
      } finally {
        database.close();
      }
    },
  };
}

/** True when a server holds the folder now. */
export async function isHouseLocked(dataDirectory: string): Promise<boolean> {
  const database = await openLockFile(dataDirectory);
  try {
    database.exec('BEGIN EXCLUSIVE; ROLLBACK');
    return false;
  } catch (error) {
    if (!isBusy(error)) throw folderError(dataDirectory, error);
    return true;
  } finally {
    database.close();
  }
}

/** Where the server of a folder listens, if it said so; it may have died since. */
export async function readRunningServer(dataDirectory: string): Promise<RunningServer | undefined> {
  try {
    return runningServerSchema.parse(JSON.parse(await readFile(announcementPath(dataDirectory), 'utf8')));
  } catch {
    return undefined;
  }
}

function announcementPath(dataDirectory: string): string {
  return join(dataDirectory, 'server.json');
}

async function openLockFile(dataDirectory: string): Promise<DatabaseSync> {
  try {
    await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
    return new DatabaseSync(join(dataDirectory, 'server.lock'), { timeout: 0 });
  } catch (error) {
    throw folderError(dataDirectory, error);
  }
}

function folderError(dataDirectory: string, cause: unknown): ResourceError {
  return new ResourceError(
    `The data folder ${dataDirectory} cannot be used: ${errorMessage(cause)}. Check that it exists and that you may write to it, or choose another one with --data.`,
    { code: 'data-folder', cause },
  );
}

/** SQLITE_BUSY (5): somebody holds the lock. Everything else is about the folder. */
function isBusy(error: unknown): boolean {
  return ((error as { errcode?: number }).errcode ?? 0) % 256 === 5;
}
