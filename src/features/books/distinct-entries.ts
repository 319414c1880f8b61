import type { LorebookBody } from '../../../contract/lore.ts';
import { InvalidInputError } from '../../base/errors.ts';

/** Entries are edited, moved and remembered by their uid, so no two may share one. */
export function requireDistinctEntries({ entries }: LorebookBody): void {
  const seen = new Set<string>();
  for (const [index, { uid }] of entries.entries()) {
    if (seen.has(uid)) {
      throw new InvalidInputError(`Two entries of the book have the id “${uid.slice(0, 60)}”.`, {
        code: 'entry-exists',
        field: `body.entries.${index}.uid`,
      });
    }
    seen.add(uid);
  }
}
