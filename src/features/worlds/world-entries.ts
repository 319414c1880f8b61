import { loreEntrySchema, lorebookBodySchema, type LoreEntry } from '../../../contract/lore.ts';
import type { LorebookChange } from '../../../contract/lorebook-changes.ts';
import type { Locale } from '../../../contract/common.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import type { WorldFactRecord } from '../../world/world-fact-store.ts';
import type { WorldRecord } from '../../world/world-store.ts';
import type { WorldsContext } from './worlds-context.ts';

/** Which entry tells a fact. */
export interface FactEntry {
  bookId: string;
  uid: string;
}

/** Facts that are told by an entry of a world's lorebook instead of by the list of facts. */
export class WorldEntries {
  readonly #context: Pick<WorldsContext, 'books' | 'localeOf'>;

  constructor(context: Pick<WorldsContext, 'books' | 'localeOf'>) {
    this.#context = context;
  }

  /** Makes the entry of a fact be as the fact is, or be gone; idempotent. Null where there is none afterwards. */
  async follow(
    actor: Actor,
    world: WorldRecord,
    { fact, becomesEntry }: { fact: WorldFactRecord; becomesEntry: boolean },
  ): Promise<FactEntry | null> {
    const { entryBookId } = fact;
    if (!becomesEntry) {
      if (entryBookId !== null) await this.#remove(actor, { bookId: entryBookId, uid: uidOf(fact) });
      return null;
    }
    const locale = await this.#context.localeOf(actor);
    const bookId =
      entryBookId !== null && (await this.#open(actor, entryBookId))
        ? entryBookId
        : await this.#bookOf(actor, world, locale);
    const { entries } = (await this.#context.books.open(actor, bookId)).body;
    const entry = entryOf(fact, world);
    const { uid, content, keys, constant } = entry;
    await this.#change(actor, bookId, {
      change: entries.some((one) => one.uid === uid)
        ? { type: 'entry-edit', uids: [uid], fields: { content, keys, constant } }
        : { type: 'entry-insert', entries: [{ index: entries.length, entry }] },
      locale,
    });
    return { bookId, uid };
  }

  async #remove(actor: Actor, { bookId, uid }: FactEntry): Promise<void> {
    const book = await this.#open(actor, bookId);
    if (!book?.body.entries.some((entry) => entry.uid === uid)) return;
    const locale = await this.#context.localeOf(actor);
    await this.#change(actor, bookId, { change: { type: 'entry-remove', uids: [uid] }, locale });
  }

  async #change(
    actor: Actor,
    bookId: string,
    { change, locale }: { change: LorebookChange; locale: Locale },
  ): Promise<void> {
    const { record } = await this.#context.books.open(actor, bookId);
    await this.#context.books.change(actor, bookId, { changes: [change], expectedRevision: record.revision, locale });
  }

  /** The first book that hangs on the world; one of its own where there is none. */
  async #bookOf(actor: Actor, { id, name }: WorldRecord, locale: Locale): Promise<string> {
    const { books } = this.#context;
    const target = { kind: 'world', id } as const;
    const there = (await books.list(actor, locale)).find(({ targets }) =>
      targets.some((one) => one.kind === 'world' && one.id === id),
    );
    if (there) return there.id;
    const made = await books.create(actor, lorebookBodySchema.parse({ name, mode: 'spec' }), locale);
    await books.link(actor, made.id, { target, locale });
    return made.id;
  }

  /** Undefined where the book was deleted. */
  async #open(actor: Actor, bookId: string) {
    try {
      return await this.#context.books.open(actor, bookId);
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }
}

function uidOf({ id }: Pick<WorldFactRecord, 'id'>): string {
  return `fact-${id}`;
}

/** Its names are the keys; without any it stands there always. */
function entryOf(fact: WorldFactRecord, { places }: WorldRecord): LoreEntry {
  const place = places.find(({ id }) => id === fact.placeId)?.name;
  const keys = fact.about.length > 0 ? fact.about : place === undefined ? [] : [place];
  return loreEntrySchema.parse({
    uid: uidOf(fact),
    name: fact.statement.slice(0, 60),
    content: fact.statement,
    keys,
    constant: keys.length === 0,
  });
}
