/** Longest run of letters behind an `@` that may still become a name. */
const MOST_LETTERS = 60;

export interface OpenMention {
  /** Where the `@` stands. */
  from: number;
  query: string;
}

/** The mention being written before the caret; an `@` inside a word, as in an address, is none. */
export function openMention(text: string, caret: number): OpenMention | null {
  const before = text.slice(Math.max(0, caret - MOST_LETTERS), caret);
  const at = Math.max(before.lastIndexOf('@'), before.lastIndexOf('＠'));
  if (at === -1) return null;
  const query = before.slice(at + 1);
  if (query.includes('\n') || /[\p{Script=Latin}\p{N}._-]$/u.test(before.slice(0, at))) return null;
  return { from: caret - query.length - 1, query };
}

/** Names that begin with the query, then those of which a later word does, then those that hold it. */
export function matchNames(query: string, names: readonly string[]): string[] {
  const low = query.toLowerCase();
  const rank = (name: string) => {
    const lowName = name.toLowerCase();
    if (lowName.startsWith(low)) return 0;
    if (lowName.split(/\s+/u).some((word) => word.startsWith(low))) return 1;
    return lowName.includes(low) ? 2 : 3;
  };
  return names
    .map((name) => ({ name, rank: rank(name) }))
    .filter((one) => one.rank < 3)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ name }) => name);
}

/** The text with the whole name in the place of what was begun, and where the caret then stands. */
export function insertName(
  text: string,
  { mention, name }: { mention: OpenMention; name: string },
): { text: string; caret: number } {
  const words = `@${name} `;
  const rest = text.slice(mention.from + 1 + mention.query.length);
  const caret = mention.from + words.length;
  return { text: text.slice(0, mention.from) + words + rest.replace(/^ /u, ''), caret };
}

/** Takes a name from the beginning, with or without `@`; the longest one wins. Null where none stands there. */
export function takeName<Named extends { name: string }>(
  text: string,
  named: readonly Named[],
): { who: Named; rest: string } | null {
  const words = text.replace(/^[@＠]/u, '');
  const low = words.toLowerCase();
  const who = named
    .filter(({ name }) => name !== '' && low.startsWith(name.toLowerCase()))
    .filter(({ name }) => /^(?:$|[\s,:，：、]|\P{Script=Latin})/u.test(words.slice(name.length)))
    .toSorted((a, b) => b.name.length - a.name.length)[0];
  if (who === undefined) return null;
  return { who, rest: words.slice(who.name.length).replace(/^[\s,:，：、]+/u, '') };
}
