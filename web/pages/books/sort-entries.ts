import type { LoreEntry } from '../../../contract/lore.ts';
import { entryName } from './entry-name.ts';

export const ENTRY_SORTS = ['list', 'order', 'name', 'size'] as const;
export type EntrySort = (typeof ENTRY_SORTS)[number];

/** The entries that have the text in their title, keys or content, sorted; ties keep the order of the list. */
export function arrangeEntries(
  entries: readonly LoreEntry[],
  { search, sort, locale }: { search: string; sort: EntrySort; locale: string },
): readonly LoreEntry[] {
  const wanted = search.trim().toLocaleLowerCase();
  const found = wanted === '' ? entries : entries.filter((entry) => hasText(entry, wanted));
  switch (sort) {
    case 'list':
      return found;
    case 'order':
      return found.toSorted((a, b) => a.order - b.order);
    case 'size':
      return found.toSorted((a, b) => b.content.length - a.content.length);
    case 'name': {
      const collator = new Intl.Collator(locale, { numeric: true });
      return found.toSorted((a, b) => collator.compare(entryName(a), entryName(b)));
    }
    default:
      return sort satisfies never;
  }
}

function hasText({ name, comment, keys, secondaryKeys, content }: LoreEntry, wanted: string): boolean {
  const holds = (text: string) => text.toLocaleLowerCase().includes(wanted);
  return [name, comment, ...keys, ...secondaryKeys].some(holds) || holds(content);
}
