import { diffWords } from 'diff';

/** A piece of a text beside another: in both, or only in this one. */
export interface WordPiece {
  text: string;
  alone: boolean;
}

/** Milliseconds after which two texts count as wholly different: a page must not stand still. */
const PATIENCE_MS = 300;

/** Two texts cut into what they share and what each has alone, word by word in the words of their language. */
export function compareWords(left: string, right: string, locale: string): { left: WordPiece[]; right: WordPiece[] } {
  const intlSegmenter = new Intl.Segmenter(locale, { granularity: 'word' });
  const changes = diffWords(left, right, { intlSegmenter, timeout: PATIENCE_MS });
  if (changes === undefined) return { left: [{ text: left, alone: true }], right: [{ text: right, alone: true }] };
  const sides = { left: [] as WordPiece[], right: [] as WordPiece[] };
  for (const { value, added, removed } of changes) {
    if (!added) sides.left.push({ text: value, alone: removed });
    if (!removed) sides.right.push({ text: value, alone: added });
  }
  return sides;
}
