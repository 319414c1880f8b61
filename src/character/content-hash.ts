import { createHash } from 'node:crypto';
import { viewCard, type StoredCard } from './card.ts';
import { CONTAINER } from './formats/card-source.ts';

/** A file of a card, as far as it makes the content. */
export interface HashedAsset {
  type: string;
  name: string;
  ext: string;
  hash: string;
}

/**
 * sha256 over what a card says, its picture and its files: equal content, equal hash, from whatever kind of file it
 * was read. When it was last written, where in its container a file lies and a container's other parts do not count.
 */
export function contentHash(card: StoredCard, pictureHash: string | null, assets: readonly HashedAsset[] = []): string {
  const { assets: _places, modification_date: _written, ...data } = viewCard(card).data;
  const hash = createHash('sha256')
    .update(JSON.stringify(sorted({ spec: card.spec, spec_version: card.spec_version, data })))
    .update(pictureHash ?? '');
  const files = assets
    .filter((asset) => asset.hash !== pictureHash && asset.type !== CONTAINER)
    .map(({ type, name, ext, hash: file }) => JSON.stringify([type, name, ext, file]));
  for (const file of files.toSorted()) hash.update(file);
  return hash.digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
