import type { LoreEntry } from '../../../contract/lore.ts';

/** What an entry is called in lists: its title, else its memo, else its first key; empty when it has none of them. */
export function entryName({ name, comment, keys }: Pick<LoreEntry, 'name' | 'comment' | 'keys'>): string {
  return name.trim() || comment.trim().split('\n', 1)[0] || keys[0] || '';
}
