import { embeddedPath, newAssetUri } from './asset-uri.ts';
import { isRecord } from './card-file.ts';
import {
  assetEntries,
  fileOf,
  MAX_EMBEDDED_BYTES,
  portraitEntry,
  unlistedFiles,
  type AssetEntry,
  type CardSource,
  type SourceFile,
  type SourcePicture,
} from './card-source.ts';
import { writeDataUri } from './data-uri.ts';
import { extension, mediaTypeOf } from './media-extension.ts';

/** A file on its way into an archive. */
export interface PackedFile {
  path: string;
  hash: string;
  size: number;
  read(): Promise<Uint8Array>;
}

/** The list as PNG and JSON cards hold it: files inside the addresses, the picture of a PNG as `ccdefault:`. */
export async function inlineAssets(
  { card, picture, files }: CardSource,
  { pictureOutside }: { pictureOutside: boolean },
): Promise<unknown[] | undefined> {
  const entries = withUnlisted(card, files);
  const portrait = picture ? portraitEntry(entries) : undefined;
  const written: unknown[] = [];
  let room = MAX_EMBEDDED_BYTES;
  for (const entry of entries) {
    if (picture && entry === portrait) {
      written.push(portraitOf(entry as AssetEntry, { picture, pictureOutside }));
      continue;
    }
    const file = fileOf(entry, files);
    if (!file) written.push(entry);
    else if (file.size <= room) {
      room -= file.size;
      written.push({ ...(entry as AssetEntry), uri: writeDataUri(mediaTypeOf(file.ext), await file.read()) });
    }
  }
  if (picture && !portrait && !pictureOutside)
    written.push(portraitOf(newPortrait(picture), { picture, pictureOutside }));
  return written.length === 0 && !Array.isArray(card.data['assets']) ? undefined : written;
}

function portraitOf(
  entry: AssetEntry,
  { picture, pictureOutside }: { picture: SourcePicture; pictureOutside: boolean },
): AssetEntry {
  if (pictureOutside) return { ...entry, uri: 'ccdefault:' };
  return { ...entry, uri: writeDataUri(picture.mediaType, picture.bytes), ext: portraitExt(entry, picture) };
}

/** As the card spells it, where that is true. */
function portraitExt(entry: AssetEntry, { mediaType }: SourcePicture): unknown {
  return mediaTypeOf(String(entry['ext'])) === mediaType ? entry['ext'] : extension(mediaType);
}

function newPortrait(picture: SourcePicture): AssetEntry {
  return { type: 'icon', uri: '', name: 'main', ext: extension(picture.mediaType) };
}

/** The list as a CHARX holds it, and the files that go with it. */
export function packedAssets({ card, picture, files }: CardSource): {
  assets: unknown[] | undefined;
  packed: PackedFile[];
} {
  const entries = withUnlisted(card, files);
  const known = picture ? portraitEntry(entries) : undefined;
  const portrait = known ?? (picture ? newPortrait(picture) : undefined);
  const listed = portrait && !known ? [portrait, ...entries] : entries;
  const packing = new Packing(listed);
  const assets = listed.map((entry) => {
    if (picture && portrait && entry === portrait) {
      const { bytes, hash } = picture;
      const placed = { ...portrait, ext: portraitExt(portrait, picture) };
      return packing.place(placed, { hash, size: bytes.length, read: async () => bytes });
    }
    const file = fileOf(entry, files);
    return file
      ? packing.place(entry as AssetEntry, { hash: file.hash, size: file.size, read: () => file.read() })
      : entry;
  });
  return {
    assets: assets.length === 0 && !Array.isArray(card.data['assets']) ? undefined : assets,
    packed: packing.files(),
  };
}

/** Finds each file its place in the archive: where its address says, or a free one. */
class Packing {
  readonly #packed = new Map<string, PackedFile>();
  readonly #taken: Set<string>;

  constructor(entries: readonly unknown[]) {
    this.#taken = new Set(entries.map((entry) => (isRecord(entry) ? String(entry['uri']) : '')));
  }

  place(entry: AssetEntry, content: Omit<PackedFile, 'path'>): AssetEntry {
    const uri = String(entry['uri']);
    const path = usablePath(uri);
    const there = path === null ? undefined : this.#packed.get(path);
    if (there?.hash === content.hash) return entry;
    if (path !== null && !there) {
      this.#packed.set(path, { path, ...content });
      return entry;
    }
    const fields = { type: String(entry['type']), name: String(entry['name']), ext: String(entry['ext']) };
    const free = newAssetUri(fields, this.#taken);
    this.#taken.add(free);
    const freePath = embeddedPath(free) ?? free;
    this.#packed.set(freePath, { path: freePath, ...content });
    return { ...entry, uri: free };
  }

  files(): PackedFile[] {
    return [...this.#packed.values()];
  }
}

function withUnlisted(card: CardSource['card'], files: readonly SourceFile[]): unknown[] {
  const added = unlistedFiles(card, files).map(({ type, uri, name, ext }): AssetEntry => ({ type, uri, name, ext }));
  return [...assetEntries(card), ...added];
}

/** A path that an archive may hold: inside, and not the card's own. */
function usablePath(uri: string): string | null {
  const path = embeddedPath(uri);
  const parts = path?.split('/') ?? [];
  const isUsable =
    path !== null &&
    path !== 'card.json' &&
    !/[\p{Cc}\\]|^[a-z]:/iu.test(path) &&
    !parts.some((part) => part === '' || part === '.' || part === '..');
  return isUsable ? path : null;
}
