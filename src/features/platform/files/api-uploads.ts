import { createHash } from 'node:crypto';
import type { CompleteUpload, CreateUpload, Upload, UploadPart } from '../../../../contract/openai/uploads.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import { ConflictError, InvalidInputError, NotFoundError, TooLargeError } from '../../../base/errors.ts';
import type { NewId } from '../../../base/ids.ts';
import { isFileUsed } from '../../../conversation/attachment-store.ts';
import type { JobHandler } from '../../../jobs/job-worker.ts';
import type { JobQueue } from '../../../jobs/job-queue.ts';
import type { Storage } from '../../../storage/storage.ts';
import { inSeconds, type ApiFiles } from './api-files.ts';
import {
  deleteApiUploadParts,
  deleteApiUploadsOf,
  endApiUpload,
  insertApiUpload,
  insertApiUploadPart,
  listApiUploadParts,
  listOverdueUploads,
  measurePendingUploads,
  readApiUpload,
  type ApiUploadPartRow,
  type ApiUploadRow,
} from './api-upload-store.ts';

/** As OpenAI's own limits of a part, and of the time that an upload may take. */
export const UPLOAD_PART_BYTES = 64 * 1024 * 1024;
const OPEN_FOR_MS = 3_600_000;
/** Of one file, and of all that one person has begun. */
const MOST_BYTES = 1024 ** 3;
const MOST_PENDING_BYTES = 2 * 1024 ** 3;
const MOST_PENDING = 100;
const MOST_PARTS = 10_000;
const SWEEP_JOB = 'api-uploads-sweep';
const SWEEP_AT_ONCE = 100;

interface ApiUploadsContext {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  queue: JobQueue;
  files: ApiFiles;
}

interface OwnUpload {
  actor: Actor;
  id: string;
}

/**
 * `/v1/uploads`: files that come in parts. *pending* → *completed* (a file was made of the parts), *cancelled*, or
 * *expired* an hour after it began; its parts go then.
 */
export class ApiUploads implements JobHandler {
  readonly name = SWEEP_JOB;
  readonly #context: ApiUploadsContext;

  constructor(context: ApiUploadsContext) {
    this.#context = context;
  }

  async create({ userId: ownerId }: Actor, wish: CreateUpload): Promise<Upload> {
    const { storage, clock, newId, queue, files } = this.#context;
    if (wish.bytes > MOST_BYTES) throw tooLarge();
    const pending = await measurePendingUploads(storage.db, ownerId);
    if (pending.count >= MOST_PENDING || pending.bytes + wish.bytes > MOST_PENDING_BYTES) {
      throw new TooLargeError('You have begun too many uploads: complete or cancel some of them first.', {
        code: 'uploads-full',
        field: 'bytes',
      });
    }
    await files.requireRoom(ownerId, wish.bytes);
    const createdAt = clock.now();
    const row: ApiUploadRow = {
      id: `upload_${newId().replaceAll('-', '')}`,
      ownerId,
      purpose: wish.purpose,
      filename: wish.filename,
      bytes: wish.bytes,
      status: 'pending',
      fileId: null,
      fileExpiresInMs: wish.expires_after ? wish.expires_after.seconds * 1000 : null,
      createdAt,
      expiresAt: createdAt + OPEN_FOR_MS,
    };
    await storage.transaction(async (trx) => {
      await insertApiUpload(trx, row);
      await queue.add(trx, { name: SWEEP_JOB, key: row.id, payload: {}, runAt: row.expiresAt });
    });
    return present(row);
  }

  async addPart({ actor, id }: OwnUpload, bytes: AsyncIterable<Uint8Array>): Promise<UploadPart> {
    const { storage, clock, newId } = this.#context;
    const upload = await this.#pending({ actor, id });
    const parts = await listApiUploadParts(storage.db, id);
    const room = upload.bytes - sizeOf(parts);
    if (parts.length >= MOST_PARTS || room <= 0) throw moreThanSaid(upload);
    const maxBytes = Math.min(UPLOAD_PART_BYTES, room);
    const over = () => (room < UPLOAD_PART_BYTES ? moreThanSaid(upload) : tooLargePart());
    const { hash, size } = await storage.blobs.writeStream(bytes, { maxBytes, tooLarge: over });
    const part: ApiUploadPartRow = {
      id: `part_${newId().replaceAll('-', '')}`,
      uploadId: id,
      hash,
      bytes: size,
      createdAt: clock.now(),
    };
    try {
      // It may have ended while the bytes came, and another part may have taken the room.
      await storage.transaction(async (trx) => {
        const now = await readApiUpload(trx, { id, ownerId: actor.userId });
        if (!now || !this.#isPending(now)) throw ended(now ?? upload);
        if (sizeOf(await listApiUploadParts(trx, id)) + size > upload.bytes) throw moreThanSaid(upload);
        await insertApiUploadPart(trx, part);
      });
    } catch (error) {
      await this.#forget([hash]);
      throw error;
    }
    return { id: part.id, object: 'upload.part', created_at: inSeconds(part.createdAt), upload_id: id };
  }

  /** Makes a file of the parts, in the order in which they are named. */
  async complete({ actor, id }: OwnUpload, { part_ids: ids, md5 }: CompleteUpload): Promise<Upload> {
    const { storage, files } = this.#context;
    const upload = await this.#pending({ actor, id });
    const known = new Map((await listApiUploadParts(storage.db, id)).map((part) => [part.id, part]));
    const parts = ids.map((partId) => known.get(partId) ?? unknownPart(partId));
    if (new Set(ids).size < ids.length) {
      throw new InvalidInputError('A part can stand in the file only once.', { field: 'part_ids' });
    }
    const size = sizeOf(parts);
    if (size !== upload.bytes) {
      throw new InvalidInputError(
        `These parts have ${size} bytes, and the upload was begun for ${upload.bytes}: add what is missing, or name other parts.`,
        { code: 'upload-size-wrong', field: 'part_ids' },
      );
    }
    await this.#requireDigest(parts, md5 ?? null);
    const { filename, purpose, fileExpiresInMs: expiresInMs } = upload;
    const file = await files.keep(actor.userId, { filename, purpose, content: this.#bytesOf(parts), expiresInMs });
    if (!(await endApiUpload(storage.db, { id, status: 'completed', fileId: file.id }))) {
      await files.remove(actor, file.id);
      throw ended(await this.#require({ actor, id }));
    }
    await this.#forget(await deleteApiUploadParts(storage.db, id));
    return { ...present({ ...upload, status: 'completed' }), file };
  }

  async cancel({ actor, id }: OwnUpload): Promise<Upload> {
    const { storage } = this.#context;
    const upload = await this.#pending({ actor, id });
    if (!(await endApiUpload(storage.db, { id, status: 'cancelled' }))) throw ended(await this.#require({ actor, id }));
    await this.#forget(await deleteApiUploadParts(storage.db, id));
    return present({ ...upload, status: 'cancelled' });
  }

  async purgeAllOf(ownerId: string): Promise<void> {
    await this.#forget(await deleteApiUploadsOf(this.#context.storage.db, ownerId));
  }

  /** Ends uploads whose time is over, and lets their parts go. */
  async run(): Promise<'done'> {
    const { storage, clock } = this.#context;
    for (;;) {
      const ids = await listOverdueUploads(storage.db, { now: clock.now(), limit: SWEEP_AT_ONCE });
      for (const id of ids) {
        await endApiUpload(storage.db, { id, status: 'expired' });
        await this.#forget(await deleteApiUploadParts(storage.db, id));
      }
      if (ids.length < SWEEP_AT_ONCE) return 'done';
    }
  }

  async *#bytesOf(parts: readonly ApiUploadPartRow[]): AsyncGenerator<Uint8Array> {
    for (const { hash } of parts) yield* await this.#context.storage.blobs.readStream(hash);
  }

  async #requireDigest(parts: readonly ApiUploadPartRow[], md5: string | null): Promise<void> {
    if (md5 === null) return;
    // As the interface asks for it: against mishaps on the way, not against people.
    const digest = createHash('md5');
    for await (const bytes of this.#bytesOf(parts)) digest.update(bytes);
    if (digest.digest('hex') === md5.toLowerCase()) return;
    throw new InvalidInputError('The bytes that came do not have this MD5 sum: check the order of the parts.', {
      code: 'upload-digest-wrong',
      field: 'md5',
    });
  }

  async #pending(own: OwnUpload): Promise<ApiUploadRow> {
    const upload = await this.#require(own);
    if (this.#isPending(upload)) return upload;
    throw ended(upload);
  }

  #isPending({ status, expiresAt }: ApiUploadRow): boolean {
    return status === 'pending' && expiresAt > this.#context.clock.now();
  }

  async #require({ actor, id }: OwnUpload): Promise<ApiUploadRow> {
    const found = await readApiUpload(this.#context.storage.db, { id, ownerId: actor.userId });
    if (found) return found;
    throw new NotFoundError(`There is no upload “${id.slice(0, 100)}”.`, {
      code: 'upload-unknown',
      field: 'upload_id',
    });
  }

  async #forget(hashes: readonly string[]): Promise<void> {
    const { db, blobs } = this.#context.storage;
    for (const hash of hashes) if (!(await isFileUsed(db, hash))) await blobs.remove(hash);
  }
}

function present({ id, bytes, createdAt, expiresAt, filename, purpose, status }: ApiUploadRow): Upload {
  return {
    id,
    object: 'upload',
    bytes,
    created_at: inSeconds(createdAt),
    expires_at: inSeconds(expiresAt),
    filename,
    purpose,
    status: status as Upload['status'],
  };
}

function sizeOf(parts: readonly ApiUploadPartRow[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

function unknownPart(id: string): never {
  throw new NotFoundError(`There is no part “${id.slice(0, 100)}” in this upload.`, {
    code: 'upload-part-unknown',
    field: 'part_ids',
  });
}

function ended({ status }: ApiUploadRow): ConflictError {
  const how = status === 'pending' ? 'expired' : status;
  return new ConflictError(`This upload is ${how}: begin another.`, { code: 'upload-ended', field: 'upload_id' });
}

function moreThanSaid({ bytes }: ApiUploadRow): InvalidInputError {
  return new InvalidInputError(`This upload was begun for ${bytes} bytes, and this part goes beyond them.`, {
    code: 'upload-size-wrong',
    field: 'data',
  });
}

function tooLarge(): TooLargeError {
  return new TooLargeError(`A file may have ${MOST_BYTES / 1024 ** 2} MiB here.`, { field: 'bytes' });
}

function tooLargePart(): TooLargeError {
  return new TooLargeError(`A part may have ${UPLOAD_PART_BYTES / 1024 ** 2} MiB.`, { field: 'data' });
}
