export interface MarkedPiece {
  text: string;
  found: boolean;
}

const HAN_LIKE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/**
 * A text in pieces, those where a word was found marked. Words may be stems: in scripts with spaces a mark begins at
 * a word's beginning and goes to its end; in the others it is as long as what was found.
 */
export function markWords(text: string, words: readonly string[]): MarkedPiece[] {
  const pieces: MarkedPiece[] = [];
  let end = 0;
  for (const span of joinSpans(words.flatMap((word) => spansOf(text, word.trim())))) {
    if (span.start > end) pieces.push({ text: text.slice(end, span.start), found: false });
    pieces.push({ text: text.slice(span.start, span.end), found: true });
    end = span.end;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), found: false });
  return pieces;
}

interface Span {
  start: number;
  end: number;
}

function spansOf(text: string, word: string): Span[] {
  if (word === '') return [];
  return [...text.matchAll(new RegExp(patternOf(word), 'giu'))].map(({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
  }));
}

/** Pairs of characters overlap and stand beside each other; one mark covers the run. */
function joinSpans(spans: Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans.toSorted((left, right) => left.start - right.start)) {
    const last = joined.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else joined.push(span);
  }
  return joined;
}

function patternOf(word: string): string {
  const escaped = word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return HAN_LIKE.test(word) ? escaped : `(?<![\\p{L}\\p{N}])${escaped}[\\p{L}\\p{N}]*`;
}
