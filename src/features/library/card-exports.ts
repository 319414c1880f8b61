import { exportFormatSchema, type ExportChoices, type ExportFormat } from '../../../contract/cards.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import { InvalidInputError, NotFoundError } from '../../base/errors.ts';
import { listVersionAssets, readVisibleAsset } from '../../character/asset-store.ts';
import { readCharacter, type CharacterRecord } from '../../character/character-store.ts';
import type { SourceFile } from '../../character/formats/card-source.ts';
import { describeLosses } from '../../character/formats/describe-losses.ts';
import { isPng } from '../../base/png-chunks.ts';
import { writeCardFile, type WrittenCard } from '../../character/formats/write-card-file.ts';
import type { Storage } from '../../storage/storage.ts';

export interface ExportedCard extends WrittenCard {
  fileName: string;
}

interface Loaded {
  record: CharacterRecord;
  files: SourceFile[];
  picture: { hash: string; mediaType: string } | null;
}

/** Hands characters out as the kinds of files people share. */
export class CardExports {
  readonly #context: { storage: Storage; clock: Clock };

  constructor(context: { storage: Storage; clock: Clock }) {
    this.#context = context;
  }

  /** What each kind of file would lose. */
  async choices(actor: Actor, id: string): Promise<ExportChoices> {
    const { record, files, picture } = await this.#load(actor, id);
    const source = { card: record.version.stored, picture, files };
    const isPngPicture = picture?.mediaType === 'image/png';
    return {
      picture: picture === null ? 'none' : isPngPicture ? 'png' : 'other',
      pictureUrl: picture && `/api/assets/${picture.hash}`,
      formats: exportFormatSchema.options.map((format) => ({
        format,
        losses: describeLosses(source, format, { converted: true }),
      })),
    };
  }

  /** `pngPicture` is the picture as a browser converted it; it is used where the picture itself is no PNG. */
  async export(
    actor: Actor,
    id: string,
    { format, pngPicture }: { format: ExportFormat; pngPicture: Uint8Array | null },
  ): Promise<ExportedCard> {
    if (pngPicture && !isPng(pngPicture)) {
      throw new InvalidInputError('The converted picture is not a PNG.', { code: 'picture-type', field: 'picture' });
    }
    const { storage, clock } = this.#context;
    const { record, files, picture } = await this.#load(actor, id);
    const written = await writeCardFile(
      {
        card: record.version.stored,
        picture: picture && { ...picture, bytes: await storage.blobs.read(picture.hash) },
        files,
      },
      { format, now: clock.now(), pngPicture },
    );
    return { ...written, fileName: `${safeName(record.version.card.data.name)}.${written.extension}` };
  }

  /** File names, without their ends, of those characters that are there. */
  async names(actor: Actor, ids: readonly string[]): Promise<{ id: string; name: string }[]> {
    const found: { id: string; name: string }[] = [];
    for (const id of ids) {
      const record = await readCharacter(this.#context.storage.db, { id, userId: actor.userId });
      if (record && record.deletedAt === null) found.push({ id, name: safeName(record.version.card.data.name) });
    }
    return found;
  }

  async #load(actor: Actor, id: string): Promise<Loaded> {
    const { db, blobs } = this.#context.storage;
    const record = await readCharacter(db, { id, userId: actor.userId });
    if (!record || record.deletedAt !== null) throw new NotFoundError('There is no such character.');
    const assets = await listVersionAssets(db, record.version.id);
    const files = assets.map(({ type, name, ext, uri, hash, size }) => ({
      type,
      name,
      ext,
      uri,
      hash,
      size,
      read: () => blobs.read(hash),
    }));
    const { pictureHash: hash } = record.version;
    const asset = hash === null ? undefined : await readVisibleAsset(db, { hash, userId: actor.userId });
    return { record, files, picture: hash !== null && asset ? { hash, mediaType: asset.mediaType } : null };
  }
}

/** A name that every system takes for a file, in any script. */
export function safeName(name: string): string {
  const safe = name
    .replace(/[\p{Cc}\p{Cf}\\/:*?"<>|]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '')
    .slice(0, 80)
    .toWellFormed()
    .trim();
  return safe === '' || /^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(safe) ? `character ${safe}`.trim() : safe;
}
