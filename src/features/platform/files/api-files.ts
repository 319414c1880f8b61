import type { Readable } from 'node:stream';
import type { FileFields, ListFilesQuery, OpenAiFile } from '../../../../contract/openai/files.ts';
import type { ListPage } from '../../../../contract/openai/list-page.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import { NotFoundError, TooLargeError } from '../../../base/errors.ts';
import type { NewId } from '../../../base/ids.ts';
import { isFileUsed } from '../../../conversation/attachment-store.ts';
import type { JobHandler } from '../../../jobs/job-worker.ts';
import type { JobQueue } from '../../../jobs/job-queue.ts';
import type { Storage } from '../../../storage/storage.ts';
import {
  deleteApiFile,
  insertApiFile,
  listApiFiles,
  measureApiFiles,
  readApiFile,
  sweepApiFiles,
  type ApiFileRow,
} from './api-file-store.ts';

/** As OpenAI's own limit of a batch's file. */
export const API_FILE_BYTES = 200 * 1024 * 1024;
/** Of one person. */
const MOST_BYTES = 4 * 1024 ** 3;
const MOST_FILES = 10_000;
const NAME_LENGTH = 255;
const NO_TUNING = 'No model is fine-tuned here: this file is kept and handed out again, and not checked.';
const SWEEP_JOB = 'api-files-sweep';
const SWEEP_AT_ONCE = 200;

/** Bytes that came and are nobody's file yet. */
export interface TakenBytes {
  hash: string;
  size: number;
}

interface ApiFilesContext {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  queue: JobQueue;
}

/** `/v1/files`: what somebody keeps here for requests to come. Each sees their own. */
export class ApiFiles implements JobHandler {
  readonly name = SWEEP_JOB;
  readonly #context: ApiFilesContext;

  constructor(context: ApiFilesContext) {
    this.#context = context;
  }

  /** Takes bytes in; they wait for `create` or `drop`. */
  async take({ userId }: Actor, bytes: AsyncIterable<Uint8Array>): Promise<TakenBytes> {
    const { storage } = this.#context;
    const kept = await this.requireRoom(userId, 1);
    const maxBytes = Math.min(API_FILE_BYTES, MOST_BYTES - kept);
    const tooLarge = () => (maxBytes < API_FILE_BYTES ? full() : tooLargeFile());
    return storage.blobs.writeStream(bytes, { maxBytes, tooLarge });
  }

  /** Bytes that somebody keeps here. Throws `TooLargeError` where so many more have no room. */
  async requireRoom(userId: string, more: number): Promise<number> {
    const { count, bytes } = await measureApiFiles(this.#context.storage.db, userId);
    if (count >= MOST_FILES || bytes + more > MOST_BYTES) throw full();
    return bytes;
  }

  create(
    { userId }: Actor,
    { filename, fields, taken }: { filename: string; fields: FileFields; taken: TakenBytes },
  ): Promise<OpenAiFile> {
    const { purpose, expires_after: expires } = fields;
    const expiresInMs = expires ? expires.seconds * 1000 : null;
    return this.#keep({ ownerId: userId, filename, purpose, hash: taken.hash, bytes: taken.size, expiresInMs });
  }

  async drop({ hash }: TakenBytes): Promise<void> {
    await this.#forgetBytes(hash);
  }

  /** What the house made for somebody. */
  async keep(
    ownerId: string,
    {
      filename,
      purpose,
      content,
      expiresInMs,
    }: { filename: string; purpose: string; content: AsyncIterable<Uint8Array>; expiresInMs: number | null },
  ): Promise<OpenAiFile> {
    const limits = { maxBytes: Number.MAX_SAFE_INTEGER, tooLarge: tooLargeFile };
    const { hash, size } = await this.#context.storage.blobs.writeStream(content, limits);
    return this.#keep({ ownerId, filename, purpose, hash, bytes: size, expiresInMs });
  }

  async list({ userId: ownerId }: Actor, query: ListFilesQuery): Promise<ListPage<OpenAiFile>> {
    const { storage, clock } = this.#context;
    const now = clock.now();
    const { purpose, order, limit } = query;
    const after = query.after === undefined ? undefined : await this.#require(ownerId, query.after);
    const rows = await listApiFiles(storage.db, { ownerId, purpose, order, after, limit, now });
    const data = rows.slice(0, limit).map(present);
    return {
      object: 'list',
      data,
      first_id: data[0]?.id ?? '',
      last_id: data.at(-1)?.id ?? '',
      has_more: rows.length > limit,
    };
  }

  async read({ userId }: Actor, id: string): Promise<OpenAiFile> {
    return present(await this.#require(userId, id));
  }

  async content({ userId }: Pick<Actor, 'userId'>, id: string): Promise<{ file: OpenAiFile; bytes: Readable }> {
    const row = await this.#require(userId, id);
    return { file: present(row), bytes: await this.#context.storage.blobs.readStream(row.hash) };
  }

  async remove({ userId }: Actor, id: string): Promise<{ id: string; object: 'file'; deleted: true }> {
    const hash = await deleteApiFile(this.#context.storage.db, { id, ownerId: userId });
    if (hash === undefined) throw unknownFile(id);
    await this.#forgetBytes(hash);
    return { id, object: 'file', deleted: true };
  }

  async purgeAllOf(ownerId: string): Promise<void> {
    for (const hash of await sweepApiFiles(this.#context.storage.db, { ownerId })) await this.#forgetBytes(hash);
  }

  /** Removes files whose time is over. */
  async run(): Promise<'done'> {
    const { storage, clock } = this.#context;
    for (;;) {
      const hashes = await sweepApiFiles(storage.db, { expiredAt: clock.now(), limit: SWEEP_AT_ONCE });
      for (const hash of hashes) await this.#forgetBytes(hash);
      if (hashes.length < SWEEP_AT_ONCE) return 'done';
    }
  }

  async #keep({
    expiresInMs,
    ...file
  }: Omit<ApiFileRow, 'id' | 'createdAt' | 'expiresAt'> & { expiresInMs: number | null }) {
    const { storage, clock, newId, queue } = this.#context;
    const createdAt = clock.now();
    const row: ApiFileRow = {
      ...file,
      id: `file-${newId()}`,
      filename: file.filename.slice(0, NAME_LENGTH) || 'file',
      createdAt,
      expiresAt: expiresInMs === null ? null : createdAt + expiresInMs,
    };
    await storage.transaction(async (trx) => {
      await insertApiFile(trx, row);
      if (row.expiresAt === null) return;
      await queue.add(trx, { name: SWEEP_JOB, key: row.id, payload: {}, runAt: row.expiresAt });
    });
    return present(row);
  }

  async #require(ownerId: string, id: string): Promise<ApiFileRow> {
    const { storage, clock } = this.#context;
    const row = await readApiFile(storage.db, { id, ownerId, now: clock.now() });
    if (!row) throw unknownFile(id);
    return row;
  }

  async #forgetBytes(hash: string): Promise<void> {
    const { db, blobs } = this.#context.storage;
    if (!(await isFileUsed(db, hash))) await blobs.remove(hash);
  }
}

/** Seconds, as OpenAI tells times. */
export function inSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}

function present({ id, bytes, createdAt, expiresAt, filename, purpose }: ApiFileRow): OpenAiFile {
  return {
    id,
    object: 'file',
    bytes,
    created_at: inSeconds(createdAt),
    ...(expiresAt === null ? {} : { expires_at: inSeconds(expiresAt) }),
    filename,
    purpose,
    status: 'processed',
    ...(purpose === 'fine-tune' ? { status_details: NO_TUNING } : {}),
  };
}

function unknownFile(id: string): NotFoundError {
  return new NotFoundError(`There is no file “${id.slice(0, 200)}”.`, { code: 'file-unknown', field: 'file_id' });
}

function tooLargeFile(): TooLargeError {
  return new TooLargeError(`The file is larger than ${API_FILE_BYTES / 1024 / 1024} MiB.`, { field: 'file' });
}

function full(): TooLargeError {
  return new TooLargeError('Your files take all the room they may have here. Delete some of them first.', {
    code: 'files-full',
    field: 'file',
  });
}
