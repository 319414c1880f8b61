import type { CharacterVersion } from '../../../contract/character-fields.ts';
import type { Locale } from '../../../contract/common.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from '../../base/errors.ts';
import {
  insertVersionAssets,
  listVersionAssets,
  putAsset,
  type StoredAsset,
  type VersionAsset,
} from '../../character/asset-store.ts';
import type { StoredCard } from '../../character/card.ts';
import { addVersion, claimVersion, readCharacter, type CharacterRecord } from '../../character/character-store.ts';
import { contentHash } from '../../character/content-hash.ts';
import { newAssetUri } from '../../character/formats/asset-uri.ts';
import { decodePicture, keepPicture, type KeptPicture } from '../../character/keep-picture.ts';
import type { Trx } from '../../storage/storage.ts';
import { isEditablePicture, type AuthoringContext, type Versions } from './versions.ts';

/** Pictures of one version; more would not be found again by anybody. */
const MOST_PICTURES = 300;
/** The main portrait is the character's picture itself. */
const MAIN = 'main';

export interface PictureEdit {
  expectedVersionId: string;
  locale: Locale;
}

interface Edited {
  card: StoredCard;
  assets: VersionAsset[];
}

/** Expressions, backgrounds and further portraits of a character. Each change is a version of its own. */
export class CardPictures {
  readonly #context: AuthoringContext;
  readonly #versions: Versions;

  constructor(context: AuthoringContext, versions: Versions) {
    this.#context = context;
    this.#versions = versions;
  }

  async add(
    actor: Actor,
    id: string,
    { type, name, data, ...edit }: PictureEdit & { type: string; name: string; data: string },
  ): Promise<CharacterVersion> {
    await keepPicture(this.#context.storage, decodePicture(data), (picture) => {
      if (!picture) throw new InvalidInputError('The picture is missing.', { field: 'data' });
      return this.#change(actor, id, {
        edit,
        picture,
        change: (before) => withPicture(before, { type, name, picture }),
      });
    });
    return this.#versions.read(actor, id, { locale: edit.locale });
  }

  async rename(
    actor: Actor,
    id: string,
    { position, name, ...edit }: PictureEdit & { position: number; name: string },
  ): Promise<CharacterVersion> {
    const change = ({ card, assets }: Before): Edited => {
      const asset = requirePicture(assets, position);
      requireFreeName(assets, { type: asset.type, name, but: position });
      const renamed = (entry: unknown) => (uriOf(entry) === asset.uri ? { ...(entry as object), name } : entry);
      return {
        card: withEntries(card, (entries) => entries.map(renamed)),
        assets: assets.map((one) => (one === asset ? { ...one, name } : one)),
      };
    };
    await this.#change(actor, id, { edit, picture: null, change });
    return this.#versions.read(actor, id, { locale: edit.locale });
  }

  async remove(
    actor: Actor,
    id: string,
    { position, ...edit }: PictureEdit & { position: number },
  ): Promise<CharacterVersion> {
    const change = ({ card, assets }: Before): Edited => {
      const asset = requirePicture(assets, position);
      return {
        card: withEntries(card, (entries) => entries.filter((entry) => uriOf(entry) !== asset.uri)),
        assets: assets.filter((one) => one !== asset),
      };
    };
    await this.#change(actor, id, { edit, picture: null, change });
    return this.#versions.read(actor, id, { locale: edit.locale });
  }

  async #change(
    actor: Actor,
    id: string,
    {
      edit: { expectedVersionId },
      picture,
      change,
    }: { edit: PictureEdit; picture: KeptPicture | null; change: (before: Before) => Edited },
  ): Promise<void> {
    const { storage, clock, newId, events } = this.#context;
    await storage.transaction(async (trx) => {
      const record = await this.#claim(trx, { actor, id, expectedVersionId });
      const before = { card: record.version.stored, assets: await listVersionAssets(trx, record.version.id), record };
      const { card, assets } = change(before);
      if (picture) await putAsset(trx, { ...picture, createdAt: clock.now() });
      const number = record.version.number + 1;
      const version = { id: newId(), characterId: id, number, card, pictureHash: record.version.pictureHash };
      const hash = contentHash(card, version.pictureHash, assets);
      await addVersion(trx, { ...version, contentHash: hash, now: clock.now() });
      await insertVersionAssets(trx, version.id, assets.map(toRow));
      await events.append(trx, {
        type: 'character-update',
        actorId: actor.userId,
        subjectId: id,
        payload: { version: number },
      });
    });
  }

  async #claim(
    trx: Trx,
    { actor, id, expectedVersionId }: { actor: Actor; id: string; expectedVersionId: string },
  ): Promise<CharacterRecord> {
    const seen = await readCharacter(trx, { id, userId: actor.userId });
    if (!seen || seen.deletedAt !== null) throw new NotFoundError('There is no such character.');
    if (seen.ownerId === null) {
      throw new ForbiddenError('The starter characters belong to the house and cannot be changed.', {
        code: 'starter',
      });
    }
    if (!(await claimVersion(trx, { characterId: id, expected: expectedVersionId }))) {
      throw new ConflictError('The character was changed in another window: look again, then change the picture.', {
        code: 'version-conflict',
      });
    }
    return seen;
  }
}

interface Before {
  card: StoredCard;
  assets: StoredAsset[];
  record: CharacterRecord;
}

function withPicture(
  { card, assets, record }: Before,
  { type, name, picture }: { type: string; name: string; picture: KeptPicture },
): Edited {
  if (assets.length >= MOST_PICTURES) {
    throw new InvalidInputError(`A character can carry ${MOST_PICTURES} files.`, { code: 'too-many-pictures' });
  }
  requireFreeName(assets, { type, name, but: null });
  const ext = picture.mediaType.slice('image/'.length);
  const uri = newAssetUri({ type, name, ext }, new Set(assets.map((asset) => asset.uri)));
  const mayHaveIcon = record.version.pictureHash !== null && !Array.isArray(card.data['assets']);
  // A card without a list means its own picture; one with a list must say so.
  const own = mayHaveIcon ? [{ type: 'icon', uri: 'ccdefault:', name: MAIN, ext: 'png' }] : [];
  const listed = assets.filter((asset) => asset.type !== 'container');
  const parts = assets.filter((asset) => asset.type === 'container');
  const added: VersionAsset = { position: 0, type, name, ext, uri, hash: picture.hash };
  return {
    card: withEntries(card, (entries) => [...own, ...entries, { type, uri, name, ext }]),
    assets: [...listed, added, ...parts],
  };
}

function requirePicture(assets: readonly StoredAsset[], position: number): StoredAsset {
  const asset = assets.find((one) => one.position === position);
  if (!asset || !isEditablePicture(asset)) throw new NotFoundError('There is no such picture.');
  return asset;
}

function requireFreeName(
  assets: readonly StoredAsset[],
  { type, name, but }: { type: string; name: string; but: number | null },
): void {
  const taken = assets.some((asset) => asset.type === type && asset.name === name && asset.position !== but);
  if (!taken && !(type === 'icon' && name === MAIN)) return;
  throw new ConflictError(`There is a picture of this kind called “${name}” already: choose another name.`, {
    code: 'picture-name-taken',
    field: 'name',
  });
}

function withEntries(card: StoredCard, change: (entries: unknown[]) => unknown[]): StoredCard {
  const before = card.data['assets'];
  const entries = change(Array.isArray(before) ? (before as unknown[]) : []);
  return { ...card, data: { ...card.data, assets: entries } };
}

function uriOf(entry: unknown): unknown {
  return typeof entry === 'object' && entry !== null ? (entry as { uri?: unknown }).uri : undefined;
}

function toRow({ type, name, ext, uri, hash }: VersionAsset, position: number): VersionAsset {
  return { position, type, name, ext, uri, hash };
}
