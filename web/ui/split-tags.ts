/** The server's limits for a tag and for tags at once. */
const TAG_LENGTH = 60;
const TAGS_AT_ONCE = 50;

/** Tags as people type them: with commas of either script between them. */
export function splitTags(text: string): string[] {
  const tags = text.split(/[,，、;；\n]/).map((tag) => tag.trim().slice(0, TAG_LENGTH));
  return [...new Set(tags)].filter(Boolean).slice(0, TAGS_AT_ONCE);
}
