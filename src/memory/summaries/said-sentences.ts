/** Longest text that is read of one message, in UTF-16 units. */
const READ_LENGTH = 8000;
const ENDS = /(?<=[。！？…!?][”’」』"')）]*)(?![。！？…!?”’」』"')）])|(?<=\.["”’)]*)(?=\s+["“‘(]?[\p{Lu}\p{N}])|\n+/u;
/** What stands between asterisks is played, not said. */
const MARKS = /[*_`#>]+/g;

/** Sentences of a message in reading order, on one line each. */
export function saidSentences(text: string): string[] {
  return text
    .slice(0, READ_LENGTH)
    .toWellFormed()
    .replace(MARKS, ' ')
    .split(ENDS)
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

/** Cut at the end of a word where there is one near, with a mark. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1).toWellFormed();
  const space = cut.lastIndexOf(' ');
  return `${(space > length * 0.5 ? cut.slice(0, space) : cut).replace(/[\s,，、;；:：]+$/u, '')}…`;
}
