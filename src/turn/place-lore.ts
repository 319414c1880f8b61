import type { LoreEntry } from '../../contract/lore.ts';
import type { LoreBookInUse, LoreResult } from '../lore/lore-types.ts';
import { hasVolatileMacros } from '../lore/macros/has-volatile-macros.ts';
import type { PlacedLoreResult } from './prompt-material.ts';

/** Names the owner of each piece of lore, and finds those that stand there in every turn. */
export function placeLore(result: LoreResult, books: readonly LoreBookInUse[]): PlacedLoreResult {
  const bookOf = new Map(books.map((book) => [book.id, book]));
  const wanted = new Set(result.placements.map(({ bookId, uid }) => `${bookId} ${uid}`));
  const entries = new Map<string, LoreEntry>();
  for (const { id, body } of books) {
    for (const entry of body.entries) if (wanted.has(`${id} ${entry.uid}`)) entries.set(`${id} ${entry.uid}`, entry);
  }
  return {
    fired: result.fired,
    cut: result.cut,
    disableUiPrompts: result.disableUiPrompts,
    placements: result.placements.map((placement) => {
      const entry = entries.get(`${placement.bookId} ${placement.uid}`);
      const book = bookOf.get(placement.bookId)?.name ?? '';
      const name = entry?.name || entry?.comment.split('\n')[0] || entry?.keys[0] || '';
      return {
        ...placement,
        owner: [book, name].filter((part) => part !== '').join(' · '),
        steady: entry !== undefined && isSteady(entry),
      };
    }),
  };
}

/** True when an entry fires in every turn with the same words, so that it need not stand at the tail. */
function isSteady(entry: LoreEntry): boolean {
  return (
    entry.constant &&
    (!entry.useProbability || entry.probability >= 100) &&
    entry.group === '' &&
    (entry.delay ?? 0) === 0 &&
    (entry.cooldown ?? 0) === 0 &&
    entry.delayUntilRecursion === 0 &&
    entry.triggers.length === 0 &&
    !entry.content.trimStart().startsWith('@@') &&
    !hasVolatileMacros(entry.content)
  );
}
