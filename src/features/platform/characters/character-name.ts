const PREFIX = 'character/';

/** `character/SLUG`, or `character/SLUG@VERSION` for one version of it; null for other names. */
export function parseCharacterName(model: string): { slug: string; versionId: string | undefined } | null {
  if (!model.startsWith(PREFIX)) return null;
  const [slug = '', versionId] = model.slice(PREFIX.length).split('@', 2);
  return { slug, versionId };
}

export function characterName(slug: string): string {
  return `${PREFIX}${slug}`;
}
