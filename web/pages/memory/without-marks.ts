/** What was said without the stars around narration and stress: for a line or two of preview. */
export function withoutMarks(text: string): string {
  return text.replace(/\*{1,3}(?=\S)([^*\n]+?)(?<=\S)\*{1,3}/g, '$1');
}
