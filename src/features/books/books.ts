import type { ImportedLorebook } from '../../../contract/books.ts';
import type {
  Lorebook,
  LorebookBody,
  LorebookSummary,
  LoreEntry,
  LoreMode,
  LoreTarget,
} from '../../../contract/lore.ts';
import {
  applyLorebookChange,
  type ChangeProblem,
  type LorebookChange,
  type LoreEntryFields,
} from '../../../contract/lorebook-changes.ts';
import type { Locale } from '../../../contract/common.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../base/errors.ts';
import { isLoreTarget, linkLorebook, unlinkLorebook } from '../../character/lorebook-link-store.ts';
import {
  findLorebookByContent,
  insertLorebook,
  listLorebooks,
  lorebookHash,
  purgeLorebooks,
  readLorebook,
  readLorebookRecord,
  setLorebookDeleted,
  updateLorebook,
  type LorebookRecord,
} from '../../character/lorebook-store.ts';
import { readLorebook as readLorebookFile } from '../../lore/formats/read-lorebook.ts';
import { writeLorebook } from '../../lore/formats/write-lorebook.ts';
import type { BooksContext } from './books-context.ts';
import { presentBooks } from './present-books.ts';
import { requireDistinctEntries } from './distinct-entries.ts';

const PROBLEMS: Record<ChangeProblem, string> = {
  'entry-missing': 'An entry that this change names is not in the book.',
  'entry-exists': 'The book has an entry of this id already.',
  'too-many-entries': 'A book holds at most 20,000 entries.',
};

/** The lorebooks of a person. */
export class Books {
  readonly #context: BooksContext;

  constructor(context: BooksContext) {
    this.#context = context;
  }

  /** Newest change first. */
  async list(actor: Actor, locale: Locale): Promise<LorebookSummary[]> {
    const { db } = this.#context.storage;
    return presentBooks(db, await listLorebooks(db, actor.userId), { userId: actor.userId, locale });
  }

  async read(actor: Actor, id: string, locale: Locale): Promise<Lorebook> {
    const { record, body } = await this.open(actor, id);
    return { ...(await this.#present(actor, record, locale)), body };
  }

  /** A book and its body; the body is shared with other readers and must not be changed. */
  async open(actor: Actor, id: string): Promise<{ record: LorebookRecord; body: LorebookBody }> {
    const { storage, lorebookCache: cache } = this.#context;
    const book = await readLorebook(storage.db, { id, ownerId: actor.userId, cache });
    if (!book || book.record.deletedAt !== null) throw new NotFoundError('There is no such book.');
    return book;
  }

  async create(actor: Actor, body: LorebookBody, locale: Locale): Promise<LorebookSummary> {
    requireDistinctEntries(body);
    const { storage, clock, newId, events } = this.#context;
    const id = newId();
    await storage.transaction(async (trx) => {
      await insertLorebook(trx, { id, ownerId: actor.userId, body, now: clock.now() });
      await events.append(trx, {
        type: 'lorebook-create',
        actorId: actor.userId,
        subjectId: id,
        payload: { entries: body.entries.length },
      });
    });
    return this.#summary(actor, id, locale);
  }

  async duplicate(actor: Actor, id: string, { name, locale }: { name: string; locale: Locale }) {
    const { body } = await this.open(actor, id);
    return this.create(actor, { ...body, name }, locale);
  }

  /** A file of any known kind. A copy of a book that is there already stands beside it, and the answer says so. */
  async import(
    actor: Actor,
    {
      fileName,
      bytes,
      mode,
      locale,
    }: { fileName: string; bytes: Uint8Array; mode?: LoreMode | undefined; locale: Locale },
  ): Promise<ImportedLorebook> {
    const { body: read, format, warnings } = readLorebookFile(bytes, fileName, mode);
    const body = { ...read, name: read.name.trim() || fileName.replace(/\.\w{1,8}$/, '') };
    const { db } = this.#context.storage;
    const sameId = await findLorebookByContent(db, { ownerId: actor.userId, contentHash: lorebookHash(body) });
    const same = sameId === undefined ? undefined : await readLorebookRecord(db, { id: sameId, ownerId: actor.userId });
    const book = await this.create(actor, body, locale);
    return { book, format, warnings, sameAs: same ? { id: same.id, name: same.name } : null };
  }

  async export(actor: Actor, id: string, format: 'st' | 'lorebook_v3'): Promise<{ name: string; file: object }> {
    const { record, body } = await this.open(actor, id);
    return { name: record.name, file: writeLorebook(body, format) };
  }

  async save(
    actor: Actor,
    id: string,
    { body, expectedRevision, locale }: { body: LorebookBody; expectedRevision: number; locale: Locale },
  ): Promise<LorebookSummary> {
    requireDistinctEntries(body);
    const record = await this.#requireRevision(actor, id, expectedRevision);
    return this.#update(actor, { record, body, locale });
  }

  /** All of the changes or none. */
  async change(
    actor: Actor,
    id: string,
    {
      changes,
      expectedRevision,
      locale,
    }: { changes: readonly LorebookChange[]; expectedRevision: number; locale: Locale },
  ): Promise<LorebookSummary> {
    const record = await this.#requireRevision(actor, id, expectedRevision);
    let { body } = await this.open(actor, id);
    for (const change of changes) {
      const changed = applyLorebookChange(body, change);
      if (typeof changed === 'string') {
        throw new InvalidInputError(PROBLEMS[changed], { code: changed, field: 'changes' });
      }
      body = changed;
    }
    return this.#update(actor, { record, body, locale });
  }

  async saveEntry(
    actor: Actor,
    id: string,
    { uid, fields, ...options }: { uid: string; fields: LoreEntryFields; expectedRevision: number; locale: Locale },
  ): Promise<{ entry: LoreEntry; book: LorebookSummary }> {
    const { body } = await this.open(actor, id);
    const entry = body.entries.find((candidate) => candidate.uid === uid);
    if (!entry) throw new NotFoundError('There is no such entry in this book.');
    const book = await this.change(actor, id, {
      changes: [{ type: 'entry-edit', uids: [uid], fields }],
      ...options,
    });
    return { entry: { ...entry, ...fields }, book };
  }

  async delete(actor: Actor, id: string): Promise<void> {
    await this.#setDeleted(actor, id, this.#context.clock.now());
  }

  async restore(actor: Actor, id: string, locale: Locale): Promise<LorebookSummary> {
    await this.#setDeleted(actor, id, null);
    return this.#summary(actor, id, locale);
  }

  async link(actor: Actor, id: string, { target, locale }: { target: LoreTarget; locale: Locale }) {
    const { storage, clock } = this.#context;
    const { userId: ownerId } = actor;
    await this.#requireRecord(actor, id);
    await storage.transaction(async (trx) => {
      if (!(await isLoreTarget(trx, { ownerId, target }))) {
        throw new NotFoundError('What the book should be attached to is not there.', { field: 'target' });
      }
      await linkLorebook(trx, { lorebookId: id, ownerId, target, now: clock.now() });
    });
    return this.#summary(actor, id, locale);
  }

  async unlink(actor: Actor, id: string, { target, locale }: { target: LoreTarget; locale: Locale }) {
    await this.#requireRecord(actor, id);
    await this.#context.storage.transaction((trx) =>
      unlinkLorebook(trx, { lorebookId: id, ownerId: actor.userId, target }),
    );
    return this.#summary(actor, id, locale);
  }

  /** Removes all books of one person, for good. */
  async purgeAllOf(userId: string): Promise<void> {
    await this.#context.storage.transaction((trx) => purgeLorebooks(trx, userId));
  }

  async #update(
    actor: Actor,
    { record, body, locale }: { record: LorebookRecord; body: LorebookBody; locale: Locale },
  ): Promise<LorebookSummary> {
    const { storage, clock, events, lorebookCache } = this.#context;
    const updated = await storage.transaction(async (trx) => {
      const saved = await updateLorebook(trx, {
        id: record.id,
        ownerId: actor.userId,
        body,
        expectedRevision: record.revision,
        now: clock.now(),
      });
      if (!saved) throw changedElsewhere();
      await events.append(trx, {
        type: 'lorebook-update',
        actorId: actor.userId,
        subjectId: record.id,
        payload: { revision: saved.record.revision, entries: saved.record.entryCount },
      });
      return saved;
    });
    lorebookCache.put(record.id, { revision: updated.record.revision, body, size: updated.size });
    return this.#present(actor, updated.record, locale);
  }

  async #setDeleted(actor: Actor, id: string, deletedAt: number | null): Promise<void> {
    const { storage, events } = this.#context;
    await storage.transaction(async (trx) => {
      const changed = await setLorebookDeleted(trx, { id, ownerId: actor.userId, deletedAt });
      if (!changed) throw new NotFoundError('There is no such book.');
      const type = deletedAt === null ? 'lorebook-restore' : 'lorebook-delete';
      await events.append(trx, { type, actorId: actor.userId, subjectId: id, payload: {} });
    });
  }

  async #requireRecord(actor: Actor, id: string): Promise<LorebookRecord> {
    const record = await readLorebookRecord(this.#context.storage.db, { id, ownerId: actor.userId });
    if (!record || record.deletedAt !== null) throw new NotFoundError('There is no such book.');
    return record;
  }

  async #requireRevision(actor: Actor, id: string, expectedRevision: number): Promise<LorebookRecord> {
    const record = await this.#requireRecord(actor, id);
    if (record.revision !== expectedRevision) throw changedElsewhere();
    return record;
  }

  async #summary(actor: Actor, id: string, locale: Locale): Promise<LorebookSummary> {
    return this.#present(actor, await this.#requireRecord(actor, id), locale);
  }

  async #present(actor: Actor, record: LorebookRecord, locale: Locale): Promise<LorebookSummary> {
    const [summary] = await presentBooks(this.#context.storage.db, [record], { userId: actor.userId, locale });
    if (!summary) throw new NotFoundError('There is no such book.');
    return summary;
  }
}

function changedElsewhere(): ConflictError {
  return new ConflictError('The book was changed in another window: look again, then save.', {
    code: 'revision-conflict',
  });
}
