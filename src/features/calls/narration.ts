/** Tags by which cards say that a character tells a story and is not somebody in it. */
const NARRATOR_TAGS: ReadonlySet<string> = new Set(['narrator', '旁白']);

/** Whether what stands between asterisks is read aloud: a narrator's is the story, anybody else's is a gesture. */
export function narrationOf({ tags }: { tags: readonly string[] }): 'skip' | 'read' {
  return tags.some((tag) => NARRATOR_TAGS.has(tag.trim().toLowerCase())) ? 'read' : 'skip';
}
