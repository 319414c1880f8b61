import {
  ATTACHMENTS_PER_MESSAGE,
  ATTACHMENT_BYTES,
  PASSAGES_AT_ONCE,
  type Attachment,
  type AttachmentText,
  type ConversationAbilities,
  type Passage,
} from '../../../contract/attachments.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import { ConflictError, InvalidInputError, NotFoundError, TooLargeError } from '../../base/errors.ts';
import type { NewId } from '../../base/ids.ts';
import {
  countUnsent,
  insertAttachment,
  isFileUsed,
  listAbandoned,
  listCarriers,
  presentAttachment,
  readAttachment,
  readPassages,
  removeUnsentAttachment,
  setAttachmentAlt,
  type AttachmentRecord,
} from '../../conversation/attachment-store.ts';
import { cutPassages } from '../../conversation/files/cut-passages.ts';
import { detectFile, type DetectedFile } from '../../conversation/files/detect-file.ts';
import type { FileReader } from '../../conversation/files/file-reader.ts';
import { UnreadableFileError, type FileSection } from '../../conversation/files/file-text.ts';
import { withoutMetadata, type PictureSize } from '../../conversation/files/picture-file.ts';
import { hears, type Seat } from '../../conversation/seat.ts';
import type { JobQueue } from '../../jobs/job-queue.ts';
import { EMBED_PASSAGES_JOB } from '../../memory/files/embed-passages.ts';
import type { ModelDirectory } from '../../models/routing/model-directory.ts';
import type { Storage } from '../../storage/storage.ts';
import { unknownFile, unreadableFile } from './file-problems.ts';

/** Files that wait for their message, of one person in one conversation: two messages full. */
const MOST_UNSENT = 2 * ATTACHMENTS_PER_MESSAGE;
/** A file that was not sent within a day is nobody's, milliseconds. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;
/** Pixels of a side beyond which no model looks and browsers struggle. */
const LARGEST_SIDE = 12_000;
const NAME_LENGTH = 200;
/** How long asking what a model can do waits for it, milliseconds. */
const MODEL_WAIT_MS = 1500;

/** Who may come in; the chat satisfies it. */
export interface ConversationDoor {
  requireSeat(actor: Actor, id: string): Promise<Seat>;
}

export interface AttachmentsContext {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  queue: JobQueue;
  reader: FileReader;
  door: ConversationDoor;
  models: ModelDirectory;
}

/** Files that people give to a conversation: taken in, read out, handed to those who heard the message with them. */
export class Attachments {
  readonly #context: AttachmentsContext;

  constructor(context: AttachmentsContext) {
    this.#context = context;
  }

  /** Takes a file in. It waits for a message that carries it. */
  async add(
    actor: Actor,
    {
      conversationId,
      name,
      body,
      signal,
    }: { conversationId: string; name: string; body: AsyncIterable<Buffer>; signal: AbortSignal },
  ): Promise<Attachment> {
    const { storage } = this.#context;
    await this.#context.door.requireSeat(actor, conversationId);
    const waiting = await countUnsent(storage.db, { conversationId, uploaderId: actor.userId });
    if (waiting >= MOST_UNSENT) {
      throw new ConflictError(`${MOST_UNSENT} files wait to be sent already: send or remove some of them first.`, {
        code: 'attachments-waiting',
        details: { limit: MOST_UNSENT },
      });
    }
    const bytes = await collect(body, tidyName(name));
    return this.keep(actor, { conversationId, name, alt: '', bytes, signal });
  }

  /** Takes in bytes that are here, in a conversation the caller may write to. */
  async keep(
    actor: Actor,
    {
      conversationId,
      name,
      alt,
      bytes,
      signal,
    }: { conversationId: string; name: string; alt: string; bytes: Buffer; signal: AbortSignal },
  ): Promise<Attachment> {
    const { storage, clock, newId, queue } = this.#context;
    const shown = tidyName(name);
    const detected = await detectFile(bytes, shown);
    if (detected.file === null) throw unknownFile(shown, detected.mediaType);
    const { file } = detected;
    const read = await this.#read(bytes, { file, name: shown, signal });
    const record: AttachmentRecord = {
      id: newId(),
      conversationId,
      uploaderId: actor.userId,
      name: shown,
      kind: file.kind,
      mediaType: file.mediaType,
      size: read.bytes.length,
      hash: await storage.blobs.write(read.bytes),
      width: read.size?.width ?? null,
      height: read.size?.height ?? null,
      alt,
      sections: read.sections,
      passages: read.passages.length,
      characters: read.passages.reduce((sum, { text }) => sum + text.length, 0),
      createdAt: clock.now(),
    };
    try {
      await storage.transaction(async (trx) => {
        await insertAttachment(trx, { record, passages: read.passages });
        if (read.passages.length > 0) await queue.add(trx, { name: EMBED_PASSAGES_JOB, key: record.id, payload: {} });
      });
    } catch (error) {
      await this.#forgetBytes(record.hash);
      throw error;
    }
    return presentAttachment(record);
  }

  /** Says what a picture shows: it stands for the picture where a model or a reader cannot see it. */
  async describe(actor: Actor, id: string, alt: string): Promise<Attachment> {
    const record = await this.#requireOwn(actor, id);
    await this.#context.storage.transaction((trx) => setAttachmentAlt(trx, { id, alt: alt.trim() }));
    return presentAttachment({ ...record, alt: alt.trim() });
  }

  /** Removes a file that was not sent. */
  async remove(actor: Actor, id: string): Promise<void> {
    const { storage } = this.#context;
    const record = await this.#requireOwn(actor, id);
    if (!(await storage.transaction((trx) => removeUnsentAttachment(trx, id)))) throw sent();
    await this.#forgetBytes(record.hash);
  }

  async bytes(actor: Actor, id: string): Promise<{ record: AttachmentRecord; bytes: Buffer }> {
    const record = await this.#require(actor, id);
    return { record, bytes: await this.#context.storage.blobs.read(record.hash) };
  }

  /** A part of a file's text, with the passage at `position` in it; from the beginning where none is named. */
  async text(
    actor: Actor,
    id: string,
    { position, from }: { position?: number | undefined; from?: number | undefined },
  ): Promise<AttachmentText> {
    const record = await this.#require(actor, id);
    const start = from ?? Math.max(0, (position ?? 0) - Math.floor(PASSAGES_AT_ONCE / 3));
    const passages = await readPassages(this.#context.storage.db, {
      attachmentId: id,
      from: start,
      limit: PASSAGES_AT_ONCE,
    });
    const end = start + passages.length;
    return {
      attachment: presentAttachment(record),
      passages,
      more: { before: start > 0, after: end < record.passages },
    };
  }

  /** What the model that would answer next can do. */
  async abilities(actor: Actor, conversationId: string, signal: AbortSignal): Promise<ConversationAbilities> {
    const { conversation } = await this.#context.door.requireSeat(actor, conversationId);
    const waiting = AbortSignal.any([signal, AbortSignal.timeout(MODEL_WAIT_MS)]);
    const model = await this.#context.models.resolve(conversation.model, waiting).catch(() => null);
    return { model: model?.label ?? null, seesPictures: model?.seesPictures ?? false };
  }

  /** Removes what was uploaded and never sent; at every start. */
  async sweep(): Promise<number> {
    const { storage, clock } = this.#context;
    const abandoned = await listAbandoned(storage.db, clock.now() - ABANDONED_AFTER_MS);
    for (const { id, hash } of abandoned) {
      await storage.transaction((trx) => removeUnsentAttachment(trx, id));
      await this.#forgetBytes(hash);
    }
    return abandoned.length;
  }

  async #read(
    bytes: Buffer,
    { file, name, signal }: { file: DetectedFile; name: string; signal: AbortSignal },
  ): Promise<{ bytes: Buffer; size: PictureSize | null; sections: number; passages: Passage[] }> {
    const { kind, mediaType, isMarkdown } = file;
    if (kind === 'image') {
      const picture = withoutMetadata(bytes, mediaType);
      if (!picture) throw unreadableFile(name, 'damaged');
      if (Math.max(picture.size.width, picture.size.height) > LARGEST_SIDE) {
        throw new TooLargeError(`“${name}” is larger than ${LARGEST_SIDE} pixels on a side: make it smaller first.`, {
          code: 'picture-too-large',
          field: 'body',
        });
      }
      return { ...picture, sections: 0, passages: [] };
    }
    let sections: FileSection[];
    try {
      sections = await this.#context.reader.read({ bytes, kind, isMarkdown, signal });
    } catch (error) {
      if (error instanceof UnreadableFileError) throw unreadableFile(name, error.fault, error);
      throw error;
    }
    const passages = cutPassages(sections);
    return { bytes, size: null, sections: sections.length, passages };
  }

  /** A file that the actor may read: their own that waits, or one of a message they heard. */
  async #require(actor: Actor, id: string): Promise<AttachmentRecord> {
    const { db } = this.#context.storage;
    const record = await readAttachment(db, id);
    if (!record) throw noFile();
    const { seat } = await this.#context.door.requireSeat(actor, record.conversationId).catch(() => {
      throw noFile();
    });
    const carriers = await listCarriers(db, id);
    const mayRead = carriers.some((message) => hears(seat, message)) || record.uploaderId === actor.userId;
    if (!mayRead) throw noFile();
    return record;
  }

  async #requireOwn(actor: Actor, id: string): Promise<AttachmentRecord> {
    const record = await this.#require(actor, id);
    if (record.uploaderId !== actor.userId) throw noFile();
    if ((await listCarriers(this.#context.storage.db, id)).length > 0) throw sent();
    return record;
  }

  async #forgetBytes(hash: string): Promise<void> {
    const { db, blobs } = this.#context.storage;
    if (!(await isFileUsed(db, hash))) await blobs.remove(hash);
  }
}

async function collect(body: AsyncIterable<Buffer>, name: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > ATTACHMENT_BYTES) {
      throw new TooLargeError(`“${name}” is larger than 50 MiB: split it, or send the part that matters.`, {
        code: 'attachment-too-large',
        field: 'body',
        details: { name },
      });
    }
    parts.push(part);
  }
  if (size === 0) throw new InvalidInputError(`“${name}” is empty.`, { code: 'attachment-empty', details: { name } });
  return Buffer.concat(parts);
}

/** The last part of a path, without what no file system takes. */
function tidyName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const clean = last.toWellFormed().replace(/\p{C}/gu, '').trim();
  if (clean.length <= NAME_LENGTH) return clean || 'file';
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(clean)?.[0] ?? '';
  return `${clean.slice(0, NAME_LENGTH - extension.length - 1).toWellFormed()}…${extension}`;
}

function noFile(): NotFoundError {
  return new NotFoundError('There is no such file.');
}

function sent(): ConflictError {
  return new ConflictError('This file was sent: it stays with its message.', { code: 'attachment-sent' });
}
