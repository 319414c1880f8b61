import type { DistilTurn } from './distil-turn.ts';

/** Words of a turn that may say something lasting, verbatim: `turn.text.slice(start, end)`. */
export interface CandidateSentence {
  turn: DistilTurn;
  /** UTF-16 offsets, end exclusive. */
  start: number;
  end: number;
  text: string;
  /** The sentence before it in the same turn, which its pronouns may mean. */
  before: CandidateSentence | null;
}

/** Longest text that is read of one turn, in UTF-16 units. */
const READ_LENGTH = 20_000;
/** A sentence over this is cut at its commas: Latin letters and Han characters. */
const LONG_SENTENCE = { spaced: 260, unspaced: 80 } as const;
/** Pieces are not cut shorter than that. */
const SHORT_PIECE = { spaced: 60, unspaced: 18 } as const;

const ENDS = /[。！？!?…]+["”’』」)）]*|\.+(?=["”’)]*(?:\s|$))["”’)]*|\n+/gu;
const ABBREVIATION = /(?:^|[\s(“"])(?:mr|mrs|ms|dr|st|prof|sr|jr|vs|no|e\.g|i\.e|a\.m|p\.m|[A-Z])\.$/iu;
const COMMAS = /[,，;；、—–]\s*|\s(?=(?:and|but|so|because)\s)/gu;
/** What stands between asterisks or in brackets of its own is played, not said. */
const NARRATION = /\*[^*\n]{1,2000}\*|（[^（）\n]{1,500}）|^\([^()\n]{1,500}\)/gmu;

/** The sentences of a turn without narration, in reading order; very long ones in pieces. */
export function candidateSentences(turn: DistilTurn): CandidateSentence[] {
  const text = turn.text.slice(0, READ_LENGTH);
  const played = [...text.matchAll(NARRATION)].map((match) => [match.index, match.index + match[0].length] as const);
  const sentences: CandidateSentence[] = [];
  for (const [start, end] of sentenceRanges(text)) {
    if (played.some(([from, to]) => from < end && to > start)) continue;
    const before = sentences.at(-1) ?? null;
    sentences.push({ turn, start, end, text: text.slice(start, end), before });
  }
  return sentences;
}

function sentenceRanges(text: string): [number, number][] {
  const ranges: [number, number][] = [];
  let start = 0;
  const push = (end: number): void => {
    const [from, to] = trimmed(text, start, end);
    if (to > from) ranges.push(...pieces(text, from, to));
    start = end;
  };
  for (const match of text.matchAll(ENDS)) {
    const end = match.index + match[0].length;
    if (match[0].startsWith('.') && ABBREVIATION.test(text.slice(Math.max(0, end - 8), match.index + 1))) continue;
    push(end);
  }
  push(text.length);
  return ranges;
}

function pieces(text: string, start: number, end: number): [number, number][] {
  const script = isUnspaced(text.slice(start, end)) ? 'unspaced' : 'spaced';
  if (end - start <= LONG_SENTENCE[script]) return [[start, end]];
  const cuts = [...text.slice(start, end).matchAll(COMMAS)].map((match) => start + match.index + match[0].length);
  const parts: [number, number][] = [];
  let from = start;
  let last = start;
  for (const cut of [...cuts, end]) {
    if (cut - from > LONG_SENTENCE[script] && last - from >= SHORT_PIECE[script]) {
      parts.push(trimmed(text, from, last));
      from = last;
    }
    last = cut;
  }
  parts.push(trimmed(text, from, end));
  return parts.filter(([first, final]) => final > first);
}

/** True where Han, kana or Hangul make up a good part of the letters. */
export function isUnspaced(text: string): boolean {
  const unspaced = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu)?.length ?? 0;
  return unspaced * 3 > text.length;
}

function trimmed(text: string, start: number, end: number): [number, number] {
  const piece = text.slice(start, end);
  const from = start + (piece.length - piece.trimStart().length);
  return [from, start + piece.trimEnd().length];
}
