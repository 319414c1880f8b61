import { toMessageWords, type SearchPhrase } from './message-words.ts';

/** A range of UTF-16 units: from inclusive, to exclusive. */
export type MarkRange = [from: number, to: number];

interface Token {
  word: string;
  from: number;
  to: number;
}

/** Marks of one excerpt; more say nothing more. */
const MOST_MARKS = 40;
/** UTF-16 units of an excerpt, and how many of them stand before the first mark. */
const EXCERPT_LENGTH = 240;
const BEFORE_MARK = 60;

/** A character with the marks that belong to it; letters and digits of ASCII need no folding. */
const CLUSTER = /[a-z0-9]+\p{M}*|[\s\S]\p{M}*/gu;

/** Where each word of the index stands in the text it was made from. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let open: Token | null = null;
  for (const { 0: cluster, index } of text.matchAll(CLUSTER)) {
    const folded = toMessageWords(cluster);
    const to = index + cluster.length;
    if (folded === '') {
      open = null;
      continue;
    }
    for (const word of folded.split(' ')) {
      const alone = isAlone(word);
      if (open && !alone) {
        open.word += word;
        open.to = to;
      } else {
        const token: Token = { word, from: index, to };
        tokens.push(token);
        open = alone ? null : token;
      }
    }
  }
  return tokens;
}

function isAlone(word: string): boolean {
  return /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(word);
}

/** Where the phrases stand in a text, in order, none overlapping another. */
export function findMarks(text: string, phrases: readonly SearchPhrase[]): MarkRange[] {
  const tokens = tokensOf(text);
  const marks: MarkRange[] = [];
  for (const phrase of phrases) {
    for (let at = 0; at + phrase.words.length <= tokens.length && marks.length < MOST_MARKS * 4; at += 1) {
      const first = tokens[at];
      const last = tokens[at + phrase.words.length - 1];
      if (first && last && standsAt(tokens, { at, phrase })) marks.push([first.from, last.to]);
    }
  }
  return joinRanges(marks).slice(0, MOST_MARKS);
}

function standsAt(tokens: readonly Token[], { at, phrase }: { at: number; phrase: SearchPhrase }): boolean {
  const { words, open } = phrase;
  return words.every((word, index) => {
    const found = tokens[at + index]?.word ?? '';
    return open && index === words.length - 1 ? found.startsWith(word) : found === word;
  });
}

function joinRanges(ranges: readonly MarkRange[]): MarkRange[] {
  const joined: MarkRange[] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = joined.at(-1);
    if (last && from < last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

export interface SearchExcerpt {
  /** Plain words on one line. */
  text: string;
  marks: MarkRange[];
  /** True where the message begins earlier, or goes on. */
  cutBefore: boolean;
  cutAfter: boolean;
}

/** A line of a message around the first place where a phrase stands; its beginning where none does. */
export function excerptOf(text: string, phrases: readonly SearchPhrase[]): SearchExcerpt {
  const line = text.replaceAll('*', '').replace(/\s+/gu, ' ').trim();
  const marks = findMarks(line, phrases);
  const first = marks[0]?.[0] ?? 0;
  const from = first <= BEFORE_MARK || line.length <= EXCERPT_LENGTH ? 0 : startOfWord(line, first - BEFORE_MARK);
  const to = endOfCharacter(line, Math.min(line.length, from + EXCERPT_LENGTH));
  return {
    text: line.slice(from, to),
    marks: marks
      .filter(([start, end]) => start >= from && end <= to)
      .map(([start, end]): MarkRange => [start - from, end - from]),
    cutBefore: from > 0,
    cutAfter: to < line.length,
  };
}

/** The next place where a word begins, or at least a whole character. */
function startOfWord(line: string, at: number): number {
  const space = line.indexOf(' ', at);
  if (space >= 0 && space - at < BEFORE_MARK / 2) return space + 1;
  return endOfCharacter(line, at);
}

function endOfCharacter(line: string, at: number): number {
  return /[\uDC00-\uDFFF]/.test(line.charAt(at)) ? at + 1 : at;
}
