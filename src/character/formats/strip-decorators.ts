import { isRecord } from './card-file.ts';

/** Leading `@@name …` lines, `@@@` fallbacks among them, with the newlines around (V3 specification, “Decorators”). */
const DECORATORS = /^(?:[^\S\n]*\r?\n)*(?:[^\S\n]*@@[^\n]*(?:\n|$)(?:[^\S\n]*\r?\n)*)+/;

/** The content of a lorebook's entry without its decorators. */
export function stripDecorators(content: string): string {
  return content.replace(DECORATORS, '');
}

/** A card's lorebook without decorators, and how many entries had some. */
export function bookWithoutDecorators(book: unknown): { book: unknown; stripped: number } {
  if (!isRecord(book) || !Array.isArray(book['entries'])) return { book, stripped: 0 };
  let stripped = 0;
  const entries = book['entries'].map((entry: unknown) => {
    if (!isRecord(entry) || typeof entry['content'] !== 'string') return entry;
    const content = stripDecorators(entry['content']);
    if (content === entry['content']) return entry;
    stripped += 1;
    return { ...entry, content };
  });
  return { book: stripped === 0 ? book : { ...book, entries }, stripped };
}
