import type { LoreSettings } from '../../../contract/lore.ts';
import type { Candidate } from '../lore-run.ts';
import type { LoreBookInUse } from '../lore-types.ts';

/** Where a book in several places is taken from. */
const KEPT_FIRST: readonly LoreBookInUse['source'][] = ['global', 'chat', 'persona', 'character'];

/** Each book once. */
export function booksOnce(books: readonly LoreBookInUse[]): LoreBookInUse[] {
  const kept = new Map<string, LoreBookInUse>();
  for (const source of KEPT_FIRST) {
    for (const book of books) if (book.source === source && !kept.has(book.id)) kept.set(book.id, book);
  }
  return books.filter((book) => kept.get(book.id) === book);
}

/** Chat, then persona, then character and global by the strategy; each by `order` descending. */
export function stOrder(candidates: readonly Candidate[], strategy: LoreSettings['world_info_character_strategy']) {
  const groups: LoreBookInUse['source'][][] = [['chat'], ['persona']];
  if (strategy === 0) groups.push(['global', 'character']);
  else groups.push(...((strategy === 1 ? [['character'], ['global']] : [['global'], ['character']]) as typeof groups));
  return groups.flatMap((sources) =>
    sources
      .flatMap((source) => candidates.filter(({ book }) => book.source === source))
      .sort((one, other) => other.entry.order - one.entry.order),
  );
}
