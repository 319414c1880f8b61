import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

/** How often a waiting process looks whether the other one is done, milliseconds. */
const LOOK_AGAIN_IN_MS = 300;
const SQLITE_BUSY = 5;

/**
 * A lock between processes that the operating system gives back when its holder dies, however it dies. Node offers no
 * file locks of its own, so this borrows SQLite's: an exclusive transaction on an empty database, never written to.
 * The empty file stays behind on purpose: unlinking it would let two processes hold locks on two files of one name.
 */
export interface DownloadLock {
  [Symbol.dispose](): void;
}

export async function acquireDownloadLock({
  path,
  signal,
  onWait,
}: {
  path: string;
  signal: AbortSignal;
  /** Called at once and then every 300 ms while another process holds the lock. */
  onWait?: () => void | Promise<void>;
}): Promise<DownloadLock> {
  for (;;) {
    signal.throwIfAborted();
    const lock = tryLock(path);
    if (lock) return lock;
    await onWait?.();
    await delay(LOOK_AGAIN_IN_MS, undefined, { signal });
  }
}

function tryLock(path: string): DownloadLock | null {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return { [Symbol.dispose]: () => database.close() };
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw error;
  }
}
