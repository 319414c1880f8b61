import type { StoredCard } from '../card.ts';
import { embeddedPath } from './asset-uri.ts';
import { isRecord } from './card-file.ts';

/** A file a character carries; `container` is the type of those no entry of the card names. */
export interface SourceFile {
  type: string;
  name: string;
  ext: string;
  /** As the card's entry names it, or the path in its container. */
  uri: string;
  /** sha256, hex. */
  hash: string;
  size: number;
  read(): Promise<Uint8Array>;
}

export interface SourcePicture {
  bytes: Uint8Array;
  mediaType: string;
  hash: string;
}

/** A character on its way out. */
export interface CardSource {
  card: StoredCard;
  picture: SourcePicture | null;
  files: readonly SourceFile[];
}

export const CONTAINER = 'container';
/** Where the file of a legacy PNG chunk (`chara-ext-asset_:path`) lies in a CHARX, and how its path begins here. */
export const LEGACY_FOLDER = 'x_chara-ext/';
export const LEGACY_PREFIX = '__asset:';
/** The picture around a card whose icon is another one. */
export const CARRIER_PATH = 'x_everwith/carrier.png';
/** Files in a PNG or JSON card grow by a third, in a PNG twice, and every reader takes them whole into memory. */
export const MAX_EMBEDDED_BYTES = 32 * 1024 * 1024;

export type AssetEntry = Record<string, unknown>;

export function assetEntries(card: StoredCard): unknown[] {
  return Array.isArray(card.data['assets']) ? card.data['assets'] : [];
}

/** The entry that stands for the portrait: the icon named `main`, or the only icon. */
export function portraitEntry(entries: readonly unknown[]): AssetEntry | undefined {
  const icons = entries.filter((entry): entry is AssetEntry => isRecord(entry) && entry['type'] === 'icon');
  return icons.find((icon) => icon['name'] === 'main') ?? (icons.length === 1 ? icons[0] : undefined);
}

/** The file an entry names. */
export function fileOf(entry: unknown, files: readonly SourceFile[]): SourceFile | undefined {
  if (!isRecord(entry) || typeof entry['uri'] !== 'string') return undefined;
  const { uri } = entry;
  const found = files.filter((file) => file.type !== CONTAINER && file.uri === uri);
  return found.find((file) => file.name === entry['name']) ?? found[0];
}

/** Files of the card's list that no entry names; they get one. */
export function unlistedFiles(card: StoredCard, files: readonly SourceFile[]): SourceFile[] {
  const named = new Set(assetEntries(card).map((entry) => fileOf(entry, files)?.uri));
  return files.filter((file) => file.type !== CONTAINER && !named.has(file.uri));
}

/** Parts of the container that a PNG or JSON file has no place for. */
export function containerOnly(files: readonly SourceFile[]): SourceFile[] {
  return files.filter((file) => file.type === CONTAINER && file.uri !== CARRIER_PATH);
}

/** Whether an address points into the container or the card itself, where only that kind of file has the bytes. */
export function isInside(uri: unknown): boolean {
  return typeof uri === 'string' && (embeddedPath(uri) !== null || /^data:/i.test(uri));
}
