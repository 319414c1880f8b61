/** A text on one line. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** At most `length` UTF-16 units; an ellipsis stands for what was cut off. */
export function clip(text: string, length: number): string {
  return text.length <= length
    ? text
    : `${text
        .slice(0, length - 1)
        .toWellFormed()
        .trimEnd()}…`;
}

/** The piece of a text in which the first of the words stands, on one line. */
export function excerptAround(text: string, words: readonly string[], length: number): string {
  const line = oneLine(text);
  if (line.length <= length) return line;
  const lower = line.toLowerCase();
  const places = words.map((word) => lower.indexOf(word.toLowerCase())).filter((place) => place >= 0);
  const first = places.length === 0 ? 0 : Math.min(...places);
  const start = Math.max(0, Math.min(first - Math.floor(length / 3), line.length - length));
  const piece = clip(line.slice(start), length);
  return start === 0 ? piece : `…${piece.slice(1).toWellFormed()}`;
}
