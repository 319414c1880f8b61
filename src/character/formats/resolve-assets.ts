import type { StoredCard } from '../card.ts';
import { embeddedPath, newAssetUri, plainExtension } from './asset-uri.ts';
import { isRecord, MAX_FILES, type CardAsset, type CardWarnings } from './card-file.ts';
import { readDataUri } from './data-uri.ts';

type Entry = Record<string, unknown>;

export interface ResolveOptions {
  /** What the container holds below a path. */
  find: (path: string) => (() => Promise<Uint8Array>) | undefined;
  /** True where the container's paths are the card's own addresses, as in CHARX. */
  keepsPaths: boolean;
  warnings: CardWarnings;
}

export interface ResolvedAssets {
  /** With the addresses of files that lay in the card's own text pointing to the files beside it. */
  card: StoredCard;
  assets: CardAsset[];
  /** Paths in the container that an entry names. */
  named: Set<string>;
}

/** Finds the files that `data.assets` names: in the address itself or in the container. Nothing is fetched. */
export function resolveAssets(card: StoredCard, options: ResolveOptions): ResolvedAssets {
  const entries = card.data['assets'];
  const named = new Set<string>();
  if (!Array.isArray(entries)) {
    if (entries !== undefined && entries !== null) options.warnings.add('field-unusable', 'assets');
    return { card, assets: [], named };
  }
  const taken = new Set(entries.map((entry) => (isRecord(entry) ? String(entry['uri']) : '')));
  const assets: CardAsset[] = [];
  const kept = entries.map((entry: unknown) => {
    const found =
      isRecord(entry) && assets.length < MAX_FILES ? resolveEntry(entry, { ...options, named, taken }) : null;
    if (!found) {
      if (!isRecord(entry)) options.warnings.add('asset-unsupported');
      return entry;
    }
    assets.push(found);
    taken.add(found.uri);
    return (entry as Entry)['uri'] === found.uri ? entry : { ...(entry as Entry), uri: found.uri };
  });
  return { card: { ...card, data: { ...card.data, assets: kept } }, assets, named };
}

function resolveEntry(
  entry: Entry,
  { find, keepsPaths, warnings, named, taken }: ResolveOptions & { named: Set<string>; taken: Set<string> },
): CardAsset | null {
  const uri = typeof entry['uri'] === 'string' ? entry['uri'] : '';
  const fields = {
    type: columnText(entry['type']) || 'other',
    name: columnText(entry['name']),
    ext: plainExtension(entry['ext']),
  };
  const data = readDataUri(uri);
  if (data) {
    const ext = fields.ext === 'unknown' ? data.ext : fields.ext;
    const { bytes } = data;
    return { ...fields, ext, uri: newAssetUri({ ...fields, ext }, taken), read: async () => bytes };
  }
  const path = embeddedPath(uri);
  if (path === null) {
    tellAddress(uri, { name: fields.name, warnings });
    return null;
  }
  const read = find(path);
  if (!read) {
    warnings.add('asset-missing', fields.name || path);
    return null;
  }
  named.add(path);
  const ext = fields.ext === 'unknown' ? plainExtension(/\.([^./]+)$/.exec(path)?.[1]) : fields.ext;
  const keeps = keepsPaths && columnText(uri) === uri;
  return { ...fields, ext, uri: keeps ? uri : newAssetUri({ ...fields, ext }, taken), read };
}

function tellAddress(uri: string, { name, warnings }: { name: string; warnings: CardWarnings }): void {
  if (uri === '' || uri.startsWith('ccdefault:')) return;
  warnings.add(/^https?:\/\//i.test(uri) ? 'asset-linked' : 'asset-unsupported', name);
}

/** Text as a column of the database can hold it. */
export function columnText(value: unknown): string {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '').slice(0, 1000) : '';
}
