import type { Character } from '../../../contract/characters.ts';
import type { Locale } from '../../../contract/common.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import { ConflictError, ForbiddenError, NotFoundError } from '../../base/errors.ts';
import type { NewId } from '../../base/ids.ts';
import {
  copyVersionAssets,
  deleteAsset,
  listUnusedAssets,
  listVersionAssets,
  putAsset,
  readAsset,
  readVisibleAsset,
} from '../../character/asset-store.ts';
import { isFileUsed } from '../../conversation/attachment-store.ts';
import { cardLocales, viewCard, type StoredCard } from '../../character/card.ts';
import { writeCardFields, type EditedFields } from '../../character/card-fields.ts';
import {
  addVersion,
  claimVersion,
  insertCharacter,
  listSlugs,
  purgeCharacters,
  readCharacter,
  setCharacterDeleted,
  type CharacterRecord,
} from '../../character/character-store.ts';
import { contentHash } from '../../character/content-hash.ts';
import { keepUntouched } from '../../character/keep-untouched.ts';
import { decodePicture, keepPicture, type KeptPicture } from '../../character/keep-picture.ts';
import { presentCharacter } from '../../character/present-character.ts';
import { freeSlug } from '../../character/slug.ts';
import type { EventWriter } from '../../events/event-store.ts';
import type { Storage } from '../../storage/storage.ts';

export interface LibraryContext {
  storage: Storage;
  events: EventWriter;
  clock: Clock;
  newId: NewId;
}

export type CharacterFields = EditedFields & { picture: string | null };

/** The characters a person sees: the starters and their own. */
export class Library {
  readonly #context: LibraryContext;

  constructor(context: LibraryContext) {
    this.#context = context;
  }

  async read(actor: Actor, id: string, locale: Locale): Promise<Character> {
    return presentCharacter(await this.#require(actor, id), { locale, userId: actor.userId });
  }

  async create(actor: Actor, fields: CharacterFields, locale: Locale): Promise<Character> {
    const id = await keepPicture(
      this.#context.storage,
      fields.picture === null ? null : decodePicture(fields.picture),
      (picture) => this.#insert(actor, { card: writeCardFields(undefined, fields, locale), picture }),
    );
    return this.read(actor, id, locale);
  }

  /** Adds a version; conversations keep theirs until they move. A picture of null keeps the old one. */
  async update(
    actor: Actor,
    id: string,
    { fields, expectedVersionId, locale }: { fields: CharacterFields; expectedVersionId: string; locale: Locale },
  ): Promise<Character> {
    await this.#requireMine(actor, id);
    await keepPicture(
      this.#context.storage,
      fields.picture === null ? null : decodePicture(fields.picture),
      (picture) => this.#addVersion(actor, id, { fields, expectedVersionId, picture, locale }),
    );
    return this.read(actor, id, locale);
  }

  async #addVersion(
    actor: Actor,
    id: string,
    {
      fields,
      expectedVersionId,
      picture,
      locale,
    }: { fields: CharacterFields; expectedVersionId: string; picture: KeptPicture | null; locale: Locale },
  ): Promise<void> {
    const { storage, clock, newId, events } = this.#context;
    await storage.transaction(async (trx) => {
      if (!(await claimVersion(trx, { characterId: id, expected: expectedVersionId }))) {
        throw new ConflictError('The character was changed in another window: look again, then save.', {
          code: 'version-conflict',
        });
      }
      const record = await readCharacter(trx, { id, userId: actor.userId });
      if (!record) throw new NotFoundError('There is no such character.');
      const card = keepUntouched(record.version.stored, writeCardFields(record.version.card, fields, locale));
      const pictureHash = picture?.hash ?? record.version.pictureHash;
      const hash = contentHash(card, pictureHash, await listVersionAssets(trx, record.version.id));
      if (hash === record.version.contentHash) return;
      if (picture) await putAsset(trx, { ...picture, createdAt: clock.now() });
      const versionId = newId();
      await addVersion(trx, {
        id: versionId,
        characterId: id,
        number: record.version.number + 1,
        card,
        contentHash: hash,
        pictureHash,
        now: clock.now(),
      });
      await copyVersionAssets(trx, { from: record.version.id, to: versionId });
      await events.append(trx, {
        type: 'character-update',
        actorId: actor.userId,
        subjectId: id,
        payload: { version: record.version.number + 1 },
      });
    });
  }

  async #insert(actor: Actor, { card, picture }: { card: StoredCard; picture: KeptPicture | null }): Promise<string> {
    const { storage, clock, newId, events } = this.#context;
    const id = newId();
    const now = clock.now();
    const pictureHash = picture?.hash ?? null;
    await storage.transaction(async (trx) => {
      if (picture) await putAsset(trx, { ...picture, createdAt: now });
      const view = viewCard(card);
      const slug = freeSlug(view.data.name, await listSlugs(trx, actor.userId));
      await insertCharacter(
        trx,
        { id, ownerId: actor.userId, slug, now },
        { id: newId(), card, contentHash: contentHash(card, pictureHash), pictureHash, now },
      );
      await events.append(trx, {
        type: 'character-create',
        actorId: actor.userId,
        subjectId: id,
        payload: { languages: cardLocales(view).length },
      });
    });
    return id;
  }

  async delete(actor: Actor, id: string): Promise<void> {
    await this.#requireMine(actor, id);
    await this.#setDeleted(actor, { id, deletedAt: this.#context.clock.now(), type: 'character-delete' });
  }

  async restore(actor: Actor, id: string, locale: Locale): Promise<Character> {
    await this.#setDeleted(actor, { id, deletedAt: null, type: 'character-restore' });
    return this.read(actor, id, locale);
  }

  async #setDeleted(
    actor: Actor,
    { id, deletedAt, type }: { id: string; deletedAt: number | null; type: 'character-delete' | 'character-restore' },
  ): Promise<void> {
    const { storage, events } = this.#context;
    await storage.transaction(async (trx) => {
      const changed = await setCharacterDeleted(trx, { id, ownerId: actor.userId, deletedAt });
      if (!changed) throw new NotFoundError('There is no such character.');
      await events.append(trx, { type, actorId: actor.userId, subjectId: id, payload: {} });
    });
  }

  /** A picture's bytes, for those who can see a character that carries it. */
  async asset(actor: Actor, hash: string): Promise<{ mediaType: string; bytes: Buffer }> {
    const { storage } = this.#context;
    const asset = await readVisibleAsset(storage.db, { hash, userId: actor.userId });
    if (!asset) throw new NotFoundError('There is no such picture.');
    return { mediaType: asset.mediaType, bytes: await storage.blobs.read(hash) };
  }

  /** A picture's bytes for somebody who was shown the way to it by one who can see it. */
  async anyAsset(hash: string): Promise<{ mediaType: string; bytes: Buffer }> {
    const { storage } = this.#context;
    const asset = await readAsset(storage.db, hash);
    if (!asset) throw new NotFoundError('There is no such picture.');
    return { mediaType: asset.mediaType, bytes: await storage.blobs.read(hash) };
  }

  /** Removes all characters of one person and the pictures only they used. Conversations must be gone before. */
  async purgeAllOf(userId: string): Promise<void> {
    const { storage } = this.#context;
    await storage.transaction((trx) => purgeCharacters(trx, userId));
    for (const hash of await listUnusedAssets(storage.db)) {
      await storage.transaction((trx) => deleteAsset(trx, hash));
      if (!(await isFileUsed(storage.db, hash))) await storage.blobs.remove(hash);
    }
  }

  async #require(actor: Actor, id: string): Promise<CharacterRecord> {
    const record = await readCharacter(this.#context.storage.db, { id, userId: actor.userId });
    if (!record || record.deletedAt !== null) throw new NotFoundError('There is no such character.');
    return record;
  }

  async #requireMine(actor: Actor, id: string): Promise<CharacterRecord> {
    const record = await this.#require(actor, id);
    if (record.ownerId === null) {
      throw new ForbiddenError('The starter characters belong to the house and cannot be changed.', {
        code: 'starter',
      });
    }
    return record;
  }
}
