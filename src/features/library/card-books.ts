import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, ForbiddenError, NotFoundError } from '../../base/errors.ts';
import { copyVersionAssets, listVersionAssets } from '../../character/asset-store.ts';
import { addVersion, claimVersion, readCharacter, type CharacterRecord } from '../../character/character-store.ts';
import { contentHash } from '../../character/content-hash.ts';
import type { StoredCard } from '../../character/card.ts';
import type { LibraryContext } from './library.ts';

/** The book a card carries, as the card has it: `data.character_book`. */
export class CardBooks {
  readonly #context: LibraryContext;

  constructor(context: LibraryContext) {
    this.#context = context;
  }

  async read(actor: Actor, characterId: string): Promise<{ record: CharacterRecord; book: unknown }> {
    const record = await readCharacter(this.#context.storage.db, { id: characterId, userId: actor.userId });
    if (!record || record.deletedAt !== null) throw new NotFoundError('There is no such character.');
    return { record, book: record.version.stored.data['character_book'] };
  }

  /** Writes a new version whose card carries this book, or none; the rest of the card stays as it came. */
  async save(
    actor: Actor,
    characterId: string,
    { book, expectedVersionId }: { book: object | null; expectedVersionId: string },
  ): Promise<void> {
    const { storage, clock, newId, events } = this.#context;
    const { record: found } = await this.read(actor, characterId);
    if (found.ownerId === null) {
      throw new ForbiddenError('The starter characters belong to the house and cannot be changed.', {
        code: 'starter',
      });
    }
    await storage.transaction(async (trx) => {
      if (!(await claimVersion(trx, { characterId, expected: expectedVersionId }))) {
        throw new ConflictError('The character was changed in another window: look again, then save.', {
          code: 'version-conflict',
        });
      }
      const record = await readCharacter(trx, { id: characterId, userId: actor.userId });
      if (!record) throw new NotFoundError('There is no such character.');
      const card = withBook(record.version.stored, book);
      const { pictureHash } = record.version;
      const hash = contentHash(card, pictureHash, await listVersionAssets(trx, record.version.id));
      if (hash === record.version.contentHash) return;
      const id = newId();
      const number = record.version.number + 1;
      await addVersion(trx, { id, characterId, number, card, contentHash: hash, pictureHash, now: clock.now() });
      await copyVersionAssets(trx, { from: record.version.id, to: id });
      await events.append(trx, {
        type: 'character-update',
        actorId: actor.userId,
        subjectId: characterId,
        payload: { version: number, book: book !== null },
      });
    });
  }
}

function withBook(card: StoredCard, book: object | null): StoredCard {
  const { character_book: _, ...data } = card.data;
  return { ...card, data: book === null ? data : { ...data, character_book: book } };
}
