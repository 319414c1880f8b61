import { createHash } from 'node:crypto';
import type { Clock } from '../../../base/clock.ts';
import { ConflictError, InvalidInputError } from '../../../base/errors.ts';
import type { Logger } from '../../../base/logger.ts';
import type { Storage } from '../../../storage/storage.ts';
import {
  breakIdempotent,
  deleteExpiredIdempotent,
  deleteIdempotent,
  deleteIdempotentOf,
  endIdempotent,
  extendIdempotent,
  insertIdempotent,
  readIdempotent,
  type IdempotentRow,
} from './idempotency-store.ts';

/** An answer is kept so long. */
const KEPT_IN_MS = 24 * 3600 * 1000;
/** Larger answers are not kept, bytes. */
const MOST_KEPT = 4 * 1024 * 1024;
/** Whoever answers comes back so often, and is given up after that, milliseconds. */
const RENEWAL_IN_MS = 15_000;
const LEASE_IN_MS = 60_000;
const SWEEP_IN_MS = 3600 * 1000;
const LONGEST_KEY = 255;

export interface KeptAnswer {
  status: number;
  contentType: string;
  body: Buffer;
}

/** A request that is answered for the first time. It ends by one of these, once. */
export interface FirstRun {
  /** A null body was too large to be kept. */
  finish(answer: { status: number; contentType: string; body: Buffer | null }): Promise<void>;
  /** Nothing was made and nothing billed: the next one with this key runs. */
  forget(): Promise<void>;
  /** It ended without an answer and may have been billed. */
  break(): Promise<void>;
}

/*
 * States
 *   running  somebody answers it and renews its lease. Exits: answered → done; left, or its lease ended → broken;
 *            refused, nothing billed → gone.
 *   done     its answer is repeated. Exit: a day later → gone.
 *   broken   whoever asks again is told. Exit: a day later → gone.
 */

/**
 * Requests with an `Idempotency-Key`: however often one is sent, it is answered and billed once. Survives a crash: what
 * was running then is told as interrupted, not silently run again.
 */
export class IdempotentRequests implements Disposable {
  readonly #options: { storage: Storage; clock: Clock; logger: Logger };
  readonly #running = new Set<string>();
  readonly #renewal: NodeJS.Timeout;
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(options: { storage: Storage; clock: Clock; logger: Logger }) {
    this.#options = options;
    this.#renewal = setInterval(() => void this.#renew(), RENEWAL_IN_MS).unref();
  }

  /** At the start: an embedded database has no other process, so nothing can be running. */
  async recover(): Promise<void> {
    const { storage, clock } = this.#options;
    await breakIdempotent(storage.db, storage.dialect === 'sqlite' ? Number.MAX_SAFE_INTEGER : clock.now());
  }

  /**
   * The answer that was given, or a first run. Throws `ConflictError`: `idempotency-key-reused` (another request had this
   * key), `idempotency-in-flight` (retryable), `idempotency-interrupted`, `idempotency-too-large`.
   */
  async begin({ userId, key, asked }: { userId: string; key: string; asked: string }): Promise<KeptAnswer | FirstRun> {
    if (key === '' || key.length > LONGEST_KEY) {
      throw new InvalidInputError(`An Idempotency-Key has 1 to ${LONGEST_KEY} characters.`, {
        field: 'idempotency-key',
      });
    }
    await this.#sweep();
    const { storage, clock } = this.#options;
    const id = digest(`${userId}\n${key}`);
    const fingerprint = digest(asked);
    const now = clock.now();
    const row = { id, userId, fingerprint, state: 'running', status: null, contentType: null, body: null };
    for (;;) {
      const times = { leaseUntil: now + LEASE_IN_MS, createdAt: now, expiresAt: now + KEPT_IN_MS };
      if (await insertIdempotent(storage.db, { ...row, ...times })) return this.#firstRun(id);
      const known = await readIdempotent(storage.db, id);
      if (known && known.expiresAt >= now) return repeat(known, { fingerprint, now });
      if (known) await deleteIdempotent(storage.db, id);
    }
  }

  async purgeAllOf(userId: string): Promise<void> {
    await deleteIdempotentOf(this.#options.storage.db, userId);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#renewal);
  }

  #firstRun(id: string): FirstRun {
    const { db } = this.#options.storage;
    this.#running.add(id);
    const end = async (work: () => Promise<void>): Promise<void> => {
      if (!this.#running.delete(id)) return;
      await work();
    };
    return {
      finish: ({ status, contentType, body }) =>
        end(() =>
          endIdempotent(db, id, { state: 'done', status, contentType, body: body?.toString('base64') ?? null }),
        ),
      forget: () => end(() => deleteIdempotent(db, id)),
      break: () => end(() => endIdempotent(db, id, { state: 'broken', status: null, contentType: null, body: null })),
    };
  }

  async #renew(): Promise<void> {
    const { storage, clock, logger } = this.#options;
    if (this.#running.size === 0) return;
    try {
      await extendIdempotent(storage.db, [...this.#running], clock.now() + LEASE_IN_MS);
    } catch (error) {
      logger.warn({ err: error }, 'the leases of idempotent requests could not be renewed');
    }
  }

  async #sweep(): Promise<void> {
    const { storage, clock } = this.#options;
    if (clock.monotonic() - this.#sweptAt < SWEEP_IN_MS) return;
    this.#sweptAt = clock.monotonic();
    await deleteExpiredIdempotent(storage.db, clock.now());
  }
}

/** Collects an answer as it is sent; null when it became too large to be kept. */
export class AnswerRecorder {
  #pieces: Buffer[] | null = [];
  #size = 0;

  push(piece: Buffer): void {
    this.#size += piece.length;
    if (this.#size > MOST_KEPT) this.#pieces = null;
    this.#pieces?.push(piece);
  }

  get body(): Buffer | null {
    return this.#pieces && Buffer.concat(this.#pieces);
  }
}

function repeat(row: IdempotentRow, { fingerprint, now }: { fingerprint: string; now: number }): KeptAnswer {
  if (row.fingerprint !== fingerprint) {
    throw new ConflictError('This Idempotency-Key was used for another request. Use a new key for a new request.', {
      code: 'idempotency-key-reused',
    });
  }
  if (row.state === 'running' && row.leaseUntil >= now) {
    throw new ConflictError('The first request with this Idempotency-Key is still being answered. Ask again soon.', {
      code: 'idempotency-in-flight',
      retryable: true,
    });
  }
  if (row.state !== 'done') {
    throw new ConflictError(
      'The first request with this Idempotency-Key was interrupted before its answer was complete; what was made of it is billed. Ask again with a new key.',
      { code: 'idempotency-interrupted' },
    );
  }
  if (row.body === null) {
    throw new ConflictError('The answer to the first request with this Idempotency-Key was too large to be kept.', {
      code: 'idempotency-too-large',
    });
  }
  const { status, contentType } = row;
  return {
    status: status ?? 200,
    contentType: contentType ?? 'application/json; charset=utf-8',
    body: Buffer.from(row.body, 'base64'),
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
