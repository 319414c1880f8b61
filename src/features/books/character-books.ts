import type { CharacterBook } from '../../../contract/books.ts';
import type { Locale } from '../../../contract/common.ts';
import type { LorebookBody, LorebookSummary } from '../../../contract/lore.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, NotFoundError } from '../../base/errors.ts';
import { localizeCard } from '../../character/card.ts';
import type { CharacterRecord } from '../../character/character-store.ts';
import { readCharacterBook } from '../../lore/formats/read-lorebook.ts';
import { writeLorebook } from '../../lore/formats/write-lorebook.ts';
import type { Books } from './books.ts';
import { requireDistinctEntries } from './distinct-entries.ts';

/** What the library offers for the book inside a card. */
export interface CardBookShelf {
  read(actor: Actor, characterId: string): Promise<{ record: CharacterRecord; book: unknown }>;
  save(actor: Actor, characterId: string, change: { book: object | null; expectedVersionId: string }): Promise<void>;
}

export interface CharacterBooksContext {
  cardBooks: CardBookShelf;
  books: Books;
}

/** The book that travels in a character's card. */
export class CharacterBooks {
  readonly #context: CharacterBooksContext;

  constructor(context: CharacterBooksContext) {
    this.#context = context;
  }

  async read(actor: Actor, characterId: string, locale: Locale): Promise<CharacterBook> {
    const { record, book } = await this.#context.cardBooks.read(actor, characterId);
    return {
      characterId,
      characterName: localizeCard(record.version.card, locale).name,
      versionId: record.version.id,
      version: record.version.number,
      mine: record.ownerId === actor.userId,
      body: isBook(book) ? readCharacterBook(book) : null,
    };
  }

  /** Null takes the book out of the card. */
  async save(
    actor: Actor,
    characterId: string,
    { body, expectedVersionId, locale }: { body: LorebookBody | null; expectedVersionId: string; locale: Locale },
  ): Promise<CharacterBook> {
    if (body) requireDistinctEntries(body);
    const book = body && writeLorebook(body, 'card');
    await this.#context.cardBooks.save(actor, characterId, { book, expectedVersionId });
    return this.read(actor, characterId, locale);
  }

  /** A book of its own with the same words; `remove` takes it out of the card and attaches the new one instead. */
  async moveOut(
    actor: Actor,
    characterId: string,
    { remove, expectedVersionId, locale }: { remove: boolean; expectedVersionId: string; locale: Locale },
  ): Promise<LorebookSummary> {
    const { body, characterName, versionId } = await this.read(actor, characterId, locale);
    if (body === null) throw new NotFoundError('The card carries no book.');
    if (versionId !== expectedVersionId) {
      throw new ConflictError('The character was changed in another window: look again, then move the book.', {
        code: 'version-conflict',
      });
    }
    const { books } = this.#context;
    const made = await books.create(actor, { ...body, name: body.name.trim() || characterName }, locale);
    // Attached beside the one in the card, it would say everything twice.
    if (!remove) return made;
    await this.save(actor, characterId, { body: null, expectedVersionId, locale });
    return books.link(actor, made.id, { target: { kind: 'character', id: characterId }, locale });
  }

  /** Puts a copy of a stored book into a card. */
  async putIn(
    actor: Actor,
    bookId: string,
    { characterId, replace, locale }: { characterId: string; replace: boolean; locale: Locale },
  ): Promise<CharacterBook> {
    const { body } = await this.#context.books.open(actor, bookId);
    const current = await this.read(actor, characterId, locale);
    if (current.body !== null && !replace) {
      throw new ConflictError('The card carries a book already.', { code: 'book-in-card', field: 'replace' });
    }
    return this.save(actor, characterId, { body, expectedVersionId: current.versionId, locale });
  }
}

function isBook(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
