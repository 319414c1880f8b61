const PREFIX = 'character/';
const UNREADABLE = /[\p{Cc}\p{Cs}]/u;

/** `character/SLUG`, or `character/SLUG@VERSION` for one version of it, by its number or its id; null for other names. */
export function parseCharacterName(model: string): { slug: string; version: string | undefined } | null {
  if (!model.startsWith(PREFIX)) return null;
  // No store can look for such a name, and no character has it.
  if (UNREADABLE.test(model)) return { slug: '', version: undefined };
  const [slug = '', version] = model.slice(PREFIX.length).split('@', 2);
  return { slug, version };
}

export function characterName(slug: string): string {
  return `${PREFIX}${slug}`;
}
