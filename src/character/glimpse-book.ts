import { z } from 'zod';
import type { LoreGlimpse } from '../../contract/library.ts';
import type { Card } from './card.ts';

/** Entries shown on a character's page; the editor of books shows all. */
const ENTRIES_SHOWN = 200;
const KEYS_SHOWN = 20;
const CONTENT_SHOWN = 240;

const text = z.union([z.string(), z.number()]).transform(String).catch('');
const entrySchema = z.looseObject({
  name: text,
  comment: text,
  keys: z.array(text).catch([]),
  enabled: z.boolean().catch(true),
  constant: z.boolean().catch(false),
  content: text,
});
const bookSchema = z.looseObject({ name: text, entries: z.array(z.unknown()).catch([]) });

export interface BookGlimpse {
  name: string;
  entryCount: number;
  entries: LoreGlimpse[];
}

/** What a card's own book holds, at a glance; null when it carries none. Damaged entries are shown as far as they go. */
export function glimpseBook(card: Card): BookGlimpse | null {
  const book = bookSchema.safeParse(card.data['character_book']);
  if (!book.success || book.data.entries.length === 0) return null;
  return {
    name: book.data.name,
    entryCount: book.data.entries.length,
    entries: book.data.entries.slice(0, ENTRIES_SHOWN).map((value) => {
      const entry = entrySchema.safeParse(value).data;
      const keys = (entry?.keys ?? []).filter(Boolean).slice(0, KEYS_SHOWN);
      return {
        name: (entry?.name || entry?.comment || '').slice(0, 200).toWellFormed(),
        keys: keys.map((key) => key.slice(0, 100).toWellFormed()),
        enabled: entry?.enabled ?? false,
        constant: entry?.constant ?? false,
        content: (entry?.content ?? '').slice(0, CONTENT_SHOWN).toWellFormed(),
      };
    }),
  };
}
