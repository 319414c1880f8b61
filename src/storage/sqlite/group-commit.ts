import { ResourceError, UnavailableError, errorMessage } from '../../base/errors.ts';
import type { SqliteHandle } from './sqlite-handle.ts';

/** Units per commit: bounds how long the first writer of a group waits for its fsync. */
const MAX_GROUP_SIZE = 256;

interface Waiting {
  grant: (turn: WriterTurn) => void;
  refuse: (error: unknown) => void;
}

/** The right to write, held by one unit of work at a time inside the current group. */
export interface WriterTurn {
  /** The unit is complete; resolves when its group is on disk, rejects when the group failed. */
  commit(): Promise<void>;
  /** Undoes this unit alone; the rest of the group goes on. */
  rollback(): void;
}

/**
 * Serialises writers over one SQLite connection and lets one fsync serve all that wait.
 *
 * States: `idle` → (a writer enters) → `collecting`: BEGIN, then each waiting unit runs in its own
 * SAVEPOINT → (queue empty or group full) → `committing`: COMMIT, everyone in the group is told → `idle`.
 * A failure that makes SQLite roll the whole transaction back (disk full, I/O error) fails every unit
 * of the group: none of them was acknowledged.
 */
export class GroupCommitWriter {
  readonly #handle: SqliteHandle;
  readonly #queue: Waiting[] = [];
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(handle: SqliteHandle) {
    this.#handle = handle;
  }

  enter(): Promise<WriterTurn> {
    if (this.#closed)
      return Promise.reject(new UnavailableError('The database is closed.', { code: 'storage-closed' }));
    const turn = new Promise<WriterTurn>((grant, refuse) => this.#queue.push({ grant, refuse }));
    this.#running ??= this.#run();
    return turn;
  }

  /** Waits for the writers under way, then refuses new ones. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    // One microtask of patience: writers that start in the same tick share the first group too.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      await this.#runGroup();
    }
    this.#running = undefined;
  }

  async #runGroup(): Promise<void> {
    try {
      this.#handle.do('BEGIN IMMEDIATE');
    } catch (error) {
      const failure = storageFailure(error);
      for (const waiting of this.#queue.splice(0)) waiting.refuse(failure);
      return;
    }
    const acknowledged: { resolve: () => void; reject: (error: unknown) => void }[] = [];
    let size = 0;
    let waiting: Waiting | undefined;
    while (size < MAX_GROUP_SIZE && this.#handle.isTransaction && (waiting = this.#queue.shift())) {
      size += 1;
      await this.#runUnit(waiting, acknowledged);
    }
    try {
      if (!this.#handle.isTransaction) {
        throw new UnavailableError('The database undid this group of changes: try again.', { code: 'storage-undone' });
      }
      this.#handle.commit();
      for (const unit of acknowledged) unit.resolve();
    } catch (error) {
      const failure = storageFailure(error);
      for (const unit of acknowledged) unit.reject(failure);
      if (this.#handle.isTransaction) this.#handle.exec('ROLLBACK');
    }
  }

  #runUnit(waiting: Waiting, acknowledged: { resolve: () => void; reject: (error: unknown) => void }[]): Promise<void> {
    return new Promise<void>((unitIsOver) => {
      let over = false;
      try {
        this.#handle.do('SAVEPOINT unit');
      } catch (error) {
        waiting.refuse(storageFailure(error));
        unitIsOver();
        return;
      }
      waiting.grant({
        commit: () =>
          new Promise<void>((resolve, reject) => {
            over = true;
            try {
              this.#handle.do('RELEASE unit');
              acknowledged.push({ resolve, reject });
            } catch (error) {
              reject(storageFailure(error));
            }
            unitIsOver();
          }),
        rollback: () => {
          if (over) return;
          over = true;
          try {
            if (this.#handle.isTransaction) this.#handle.exec('ROLLBACK TO unit; RELEASE unit');
          } finally {
            // Whatever the engine says: the writers behind this one must not wait for it.
            unitIsOver();
          }
        },
      });
    });
  }
}

interface SqliteError {
  errcode?: number;
}

/** Turns an engine error into the decision a caller can make. Codes: https://www.sqlite.org/rescode.html */
export function storageFailure(error: unknown): Error {
  const code = (error as SqliteError | null)?.errcode;
  if (code === undefined) return asError(error);
  switch (code & 0xff) {
    case 13: // SQLITE_FULL
      return new ResourceError('The disk is full: nothing was saved. Free some space and try again.', {
        code: 'disk-full',
        cause: error,
      });
    case 8: // SQLITE_READONLY
    case 14: // SQLITE_CANTOPEN
      return new ResourceError('The data folder cannot be written: check its permissions.', {
        code: 'storage-read-only',
        cause: error,
      });
    case 10: // SQLITE_IOERR
      return new ResourceError(`The disk reported an error: ${errorMessage(error)}`, {
        code: 'disk-error',
        cause: error,
      });
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return new UnavailableError('The database is busy: try again.', { code: 'storage-busy', cause: error });
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
      return new ResourceError('The database file is damaged: restore a backup.', {
        code: 'storage-damaged',
        cause: error,
      });
    default:
      return asError(error);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(errorMessage(error), { cause: error });
}
