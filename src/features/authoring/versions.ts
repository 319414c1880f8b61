import {
  pictureTypeSchema,
  type CardPicture,
  type CharacterVersion,
  type VersionSummary,
} from '../../../contract/character-fields.ts';
import type { Character } from '../../../contract/characters.ts';
import type { Locale } from '../../../contract/common.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import { ConflictError, ForbiddenError, NotFoundError } from '../../base/errors.ts';
import type { NewId } from '../../base/ids.ts';
import { copyVersionAssets, listVersionAssets, type StoredAsset } from '../../character/asset-store.ts';
import { cardLocales, localizeCard } from '../../character/card.ts';
import { fieldsLocale, forkedCard, readCardFields, readForkOrigin } from '../../character/card-fields.ts';
import {
  addVersion,
  claimVersion,
  insertCharacter,
  listSlugs,
  readCharacter,
  readCharacterVersion,
  type CharacterRecord,
} from '../../character/character-store.ts';
import { contentHash } from '../../character/content-hash.ts';
import { keepUntouched } from '../../character/keep-untouched.ts';
import { presentCharacter } from '../../character/present-character.ts';
import { freeSlug } from '../../character/slug.ts';
import { listVersions, readVersionTime } from '../../character/version-store.ts';
import type { EventWriter } from '../../events/event-store.ts';
import type { Storage } from '../../storage/storage.ts';

export interface AuthoringContext {
  storage: Storage;
  events: EventWriter;
  clock: Clock;
  newId: NewId;
}

/** What a character was, is, and was copied to. */
export class Versions {
  readonly #context: AuthoringContext;

  constructor(context: AuthoringContext) {
    this.#context = context;
  }

  /** Newest first. */
  async list(actor: Actor, characterId: string): Promise<VersionSummary[]> {
    const record = await this.#require(actor, characterId);
    const versions = await listVersions(this.#context.storage.db, characterId);
    return versions.map((version) => ({
      versionId: version.id,
      version: version.number,
      createdAt: version.createdAt,
      newest: version.id === record.currentVersionId,
      pictureUrl: pictureUrl(version.pictureHash),
    }));
  }

  /** One version with every field an editor knows; the newest by default. */
  async read(
    actor: Actor,
    characterId: string,
    { versionId, locale }: { versionId?: string | undefined; locale: Locale },
  ): Promise<CharacterVersion> {
    const record = await this.#version(actor, characterId, versionId);
    const { card, id, number, pictureHash } = record.version;
    return {
      characterId,
      versionId: id,
      version: number,
      createdAt: (await readVersionTime(this.#context.storage.db, id)) ?? record.createdAt,
      newest: id === record.currentVersionId,
      mine: record.ownerId === actor.userId,
      locale: fieldsLocale(card, locale),
      fields: readCardFields(card, locale),
      pictureUrl: pictureUrl(pictureHash),
      pictures: await this.#pictures(id),
      forkOf: readForkOrigin(card),
      hasBook: typeof card.data['character_book'] === 'object' && card.data['character_book'] !== null,
    };
  }

  /** Adds a version equal to an older one; nothing is taken back. */
  async restore(
    actor: Actor,
    characterId: string,
    { versionId, expectedVersionId, locale }: { versionId: string; expectedVersionId: string; locale: Locale },
  ): Promise<Character> {
    const { storage, clock, newId, events } = this.#context;
    const old = await this.#version(actor, characterId, versionId);
    if (old.ownerId === null) {
      throw new ForbiddenError('The starter characters belong to the house and cannot be changed.', {
        code: 'starter',
      });
    }
    await storage.transaction(async (trx) => {
      if (!(await claimVersion(trx, { characterId, expected: expectedVersionId }))) {
        throw new ConflictError('The character was changed in another window: look again, then restore.', {
          code: 'version-conflict',
        });
      }
      const current = await readCharacter(trx, { id: characterId, userId: actor.userId });
      if (!current) throw new NotFoundError('There is no such character.');
      if (current.version.contentHash === old.version.contentHash) return;
      const { stored: card, contentHash: hash, pictureHash } = old.version;
      const number = current.version.number + 1;
      const id = newId();
      await addVersion(trx, { id, characterId, number, card, contentHash: hash, pictureHash, now: clock.now() });
      await copyVersionAssets(trx, { from: old.version.id, to: id });
      await events.append(trx, {
        type: 'character-update',
        actorId: actor.userId,
        subjectId: characterId,
        payload: { version: number, restored: old.version.number },
      });
    });
    return this.#present(actor, characterId, locale);
  }

  /** A new character of one's own that begins as a copy and remembers its source. Starters can be copied, too. */
  async fork(
    actor: Actor,
    characterId: string,
    { versionId, locale }: { versionId?: string | undefined; locale: Locale },
  ): Promise<Character> {
    const { storage, clock, newId, events } = this.#context;
    const source = await this.#version(actor, characterId, versionId);
    const { name } = localizeCard(source.version.card, locale);
    const card = forkedCard(source.version.card, { characterId, version: source.version.number, name });
    const stored = keepUntouched(source.version.stored, card);
    const { pictureHash } = source.version;
    const id = newId();
    const now = clock.now();
    await storage.transaction(async (trx) => {
      const slug = freeSlug(card.data.name, await listSlugs(trx, actor.userId));
      const hash = contentHash(stored, pictureHash, await listVersionAssets(trx, source.version.id));
      const version = { id: newId(), card: stored, contentHash: hash, pictureHash, now };
      await insertCharacter(trx, { id, ownerId: actor.userId, slug, now }, version);
      await copyVersionAssets(trx, { from: source.version.id, to: version.id });
      await events.append(trx, {
        type: 'character-create',
        actorId: actor.userId,
        subjectId: id,
        payload: { languages: cardLocales(card).length, forkOf: characterId },
      });
    });
    return this.#present(actor, id, locale);
  }

  async #pictures(versionId: string): Promise<CardPicture[]> {
    const assets = await listVersionAssets(this.#context.storage.db, versionId);
    return assets.flatMap((asset) => {
      const type = pictureTypeSchema.safeParse(asset.type);
      if (!type.success || !isEditablePicture(asset)) return [];
      return [{ position: asset.position, type: type.data, name: asset.name, url: `/api/assets/${asset.hash}` }];
    });
  }

  async #present(actor: Actor, id: string, locale: Locale): Promise<Character> {
    return presentCharacter(await this.#require(actor, id), { locale, userId: actor.userId });
  }

  async #require(actor: Actor, id: string): Promise<CharacterRecord> {
    const record = await readCharacter(this.#context.storage.db, { id, userId: actor.userId });
    if (!record || record.deletedAt !== null) throw new NotFoundError('There is no such character.');
    return record;
  }

  async #version(actor: Actor, id: string, versionId: string | undefined): Promise<CharacterRecord> {
    const newest = await this.#require(actor, id);
    if (versionId === undefined || versionId === newest.version.id) return newest;
    const record = await readCharacterVersion(this.#context.storage.db, versionId);
    if (!record || record.id !== id) throw new NotFoundError('There is no such version.');
    return record;
  }
}

/** Pictures an editor shows; sounds, models and a container's other parts stay as they are. */
export function isEditablePicture({ type, mediaType }: StoredAsset): boolean {
  return pictureTypeSchema.safeParse(type).success && mediaType.startsWith('image/');
}

function pictureUrl(hash: string | null): string | null {
  return hash === null ? null : `/api/assets/${hash}`;
}
