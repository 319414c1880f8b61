import { close, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const syncData = promisify(fdatasync);

/**
 * Brings SQLite's write-ahead log to the disk beside the thread that answers. With `synchronous=NORMAL` SQLite itself
 * syncs the log's head and what a checkpoint needs, but no commit: whoever commits waits for this, as `FULL` would let
 * the whole process wait. SQLite keeps its locks on other files, so that a second handle of the log may be closed.
 */
export class WalSync {
  readonly #path: string;
  #file: number | null = null;

  /** Of the log of the database at a path. */
  constructor(databasePath: string) {
    this.#path = `${databasePath}-wal`;
  }

  /** Resolves when everything that was committed before is on disk. */
  async sync(): Promise<void> {
    // There since the first commit, until the last connection closes.
    this.#file ??= openSync(this.#path, 'r+');
    await syncData(this.#file);
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    if (file !== null) await promisify(close)(file);
  }
}
