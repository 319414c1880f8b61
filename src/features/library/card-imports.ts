import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MAX_CARD_FILE_BYTES, type CardImport } from '../../../contract/cards.ts';
import type { Locale } from '../../../contract/common.ts';
import type { Actor } from '../../accounts/actor.ts';
import { fetchPublic } from '../../base/fetch-public.ts';
import { AbortedError } from '../../base/errors.ts';
import { isAssetUsed, putAsset, type StoredAsset, insertVersionAssets } from '../../character/asset-store.ts';
import { assetMediaType } from '../../character/asset-media.ts';
import { cardLocales, viewCard } from '../../character/card.ts';
import { findOwnByContent, insertCharacter, listSlugs, readCharacter } from '../../character/character-store.ts';
import { contentHash } from '../../character/content-hash.ts';
import { cardTooLarge, CardWarnings, type CardFile } from '../../character/formats/card-file.ts';
import { CONTAINER } from '../../character/formats/card-source.ts';
import { readCardFile } from '../../character/formats/read-card-file.ts';
import { columnText } from '../../character/formats/resolve-assets.ts';
import { containerNames } from '../../character/formats/source-of-file.ts';
import { presentCharacter } from '../../character/present-character.ts';
import { freeSlug } from '../../character/slug.ts';
import { fileFailure } from '../../storage/blob-store.ts';
import type { LibraryContext } from './library.ts';

export interface CardImportsContext extends Omit<LibraryContext, 'starters'> {
  /** Where uploads wait while they arrive; inside the data folder. */
  uploadsDirectory: string;
  /** Whether the server may speak to this address when a person gives a link. */
  isAllowedAddress: (address: string) => boolean;
}

export interface ImportOptions {
  fileName: string;
  /** True adds the character even if the same one is here already. */
  keepBoth: boolean;
  locale: Locale;
  signal: AbortSignal;
}

/** Time for a file behind a link, in ms; 200 MB on a slow line take as long. */
const LINK_TIMEOUT_MS = 5 * 60_000;

/** Brings card files into the library, one at a time: a large card stands whole in memory. */
export class CardImports {
  readonly #context: CardImportsContext;
  #last: Promise<unknown> = Promise.resolve();

  constructor(context: CardImportsContext) {
    this.#context = context;
  }

  /** A file that is in memory already. */
  fromBytes(actor: Actor, bytes: Uint8Array, options: ImportOptions): Promise<CardImport> {
    return this.#inTurn(options.signal, () => this.#import(actor, bytes, options));
  }

  /** A file that is still arriving; it waits on disk until it is whole. */
  async fromStream(actor: Actor, body: AsyncIterable<Buffer>, options: ImportOptions): Promise<CardImport> {
    const { uploadsDirectory, newId } = this.#context;
    const path = join(uploadsDirectory, `${newId()}.part`);
    try {
      await mkdir(uploadsDirectory, { recursive: true, mode: 0o700 });
      const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
      await pipeline(bounded(body, options.fileName), file, { signal: options.signal });
      return await this.#inTurn(options.signal, async () => this.#import(actor, await readFile(path), options));
    } catch (error) {
      throw fileFailure(error);
    } finally {
      await rm(path, { force: true });
    }
  }

  /** A file behind a link. */
  async fromLink(actor: Actor, url: string, options: Omit<ImportOptions, 'fileName'>): Promise<CardImport> {
    const { body, fileName } = await fetchPublic({
      url,
      isAllowed: this.#context.isAllowedAddress,
      limitBytes: MAX_CARD_FILE_BYTES,
      timeoutMs: LINK_TIMEOUT_MS,
      signal: options.signal,
    });
    return this.fromStream(actor, body, { ...options, fileName });
  }

  async #inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const turn = Promise.withResolvers<void>();
    this.#last = turn.promise;
    try {
      await before;
      if (signal.aborted) throw new AbortedError();
      return await work();
    } finally {
      turn.resolve();
    }
  }

  async #import(actor: Actor, bytes: Uint8Array, options: ImportOptions): Promise<CardImport> {
    const file = await readCardFile(bytes, options.fileName);
    const { storage } = this.#context;
    const written = new Set<string>();
    try {
      const warnings = new CardWarnings();
      const files = await this.#keepFiles(file, { written, warnings });
      const picture = file.picture && (await this.#keepFile(file.picture, written));
      const hash = contentHash(
        file.card,
        picture?.hash ?? null,
        files.filter(({ type }) => type !== CONTAINER),
      );
      const present = options.keepBoth
        ? undefined
        : await findOwnByContent(storage.db, { ownerId: actor.userId, contentHash: hash });
      const id = present ?? (await this.#insert(actor, { file, files, picture, hash }));
      if (present !== undefined) await this.#forget(written);
      return {
        status: present === undefined ? 'imported' : 'present',
        character: await this.#present(actor, id, options.locale),
        format: file.format,
        warnings: [...file.warnings, ...warnings.list],
      };
    } catch (error) {
      await this.#forget(written);
      throw error;
    }
  }

  /** Stores the card's files one after another; what cannot be unpacked is told and left out. */
  async #keepFiles(
    { assets, containerFiles }: CardFile,
    { written, warnings }: { written: Set<string>; warnings: CardWarnings },
  ): Promise<StoredAsset[]> {
    const parts = [
      ...assets,
      ...containerFiles.map(({ path, read }) => ({ ...containerNames(columnText(path)), uri: columnText(path), read })),
    ];
    const kept: StoredAsset[] = [];
    for (const { read, ...part } of parts) {
      const bytes = await read().catch(() => null);
      if (bytes) kept.push({ ...part, position: kept.length, ...(await this.#keepFile(bytes, written)) });
      else warnings.add('file-skipped', part.name);
    }
    return kept;
  }

  async #keepFile(bytes: Uint8Array, written: Set<string>): Promise<{ hash: string; mediaType: string; size: number }> {
    const mediaType = await assetMediaType(bytes);
    written.add(createHash('sha256').update(bytes).digest('hex'));
    return { hash: await this.#context.storage.blobs.write(bytes), mediaType, size: bytes.length };
  }

  async #forget(written: ReadonlySet<string>): Promise<void> {
    const { db, blobs } = this.#context.storage;
    for (const hash of written) if (!(await isAssetUsed(db, hash))) await blobs.remove(hash);
  }

  async #insert(
    actor: Actor,
    {
      file,
      files,
      picture,
      hash,
    }: {
      file: CardFile;
      files: readonly StoredAsset[];
      picture: { hash: string; mediaType: string; size: number } | null;
      hash: string;
    },
  ): Promise<string> {
    const { storage, clock, newId, events } = this.#context;
    const id = newId();
    const now = clock.now();
    const view = viewCard(file.card);
    await storage.transaction(async (trx) => {
      for (const { hash: bytes, mediaType, size } of picture ? [picture, ...files] : files) {
        await putAsset(trx, { hash: bytes, mediaType, size, createdAt: now });
      }
      const slug = freeSlug(view.data.name, await listSlugs(trx, actor.userId));
      const version = { id: newId(), card: file.card, contentHash: hash, pictureHash: picture?.hash ?? null, now };
      await insertCharacter(trx, { id, ownerId: actor.userId, slug, now }, version);
      const rows = files.map(({ mediaType: _type, size: _size, ...row }) => row);
      await insertVersionAssets(trx, version.id, rows);
      await events.append(trx, {
        type: 'character-create',
        actorId: actor.userId,
        subjectId: id,
        payload: { languages: cardLocales(view).length },
      });
    });
    return id;
  }

  async #present(actor: Actor, id: string, locale: Locale) {
    const record = await readCharacter(this.#context.storage.db, { id, userId: actor.userId });
    if (!record) throw new Error('The character that was imported is not there.');
    return presentCharacter(record, { locale, userId: actor.userId });
  }
}

async function* bounded(body: AsyncIterable<Buffer>, fileName: string): AsyncIterable<Buffer> {
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > MAX_CARD_FILE_BYTES) throw cardTooLarge(`“${fileName}” is larger than 256 MiB.`);
    yield part;
  }
}
