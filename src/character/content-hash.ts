import { createHash } from 'node:crypto';
import type { Card } from './card.ts';

/** sha256 over the card with sorted keys and its picture: equal content, equal hash. */
export function contentHash(card: Card, pictureHash: string | null): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(card)))
    .update(pictureHash ?? '')
    .digest('hex');
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
