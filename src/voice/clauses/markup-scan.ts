import type { Emotion } from '../../../contract/voice.ts';

/** One character that is said, and where it stands in the reply. */
export interface SpokenUnit {
  character: string;
  start: number;
  end: number;
}

/** A stage direction between two spoken units. */
export interface Direction {
  /** Index of the unit it stands before. */
  at: number;
  start: number;
  end: number;
  emotion: Emotion | null;
}

/** Marked words that are said; a cut between the two leaves the closing mark behind. */
export interface MarkedSpan {
  mark: string;
  start: number;
  end: number;
}

export interface MarkupScan {
  units: SpokenUnit[];
  directions: Direction[];
  /** Emoji and emoticons: they colour the clause they stand in. */
  signs: { start: number; emotion: Emotion }[];
  spans: MarkedSpan[];
  /** What stands before this position is understood for certain. */
  settled: number;
}

/** What a construct at the present position turned out to be; `wait` where its end has not been written yet. */
export type Found =
  | { is: 'wait' }
  | { is: 'nothing' }
  | { is: 'silent'; end: number; emotion?: Emotion | null }
  | { is: 'direction'; end: number; inner: [number, number]; emotion: Emotion | null }
  /** The words between are said; the marks around them are not. */
  | { is: 'words'; end: number; inner: [number, number]; mark: string | null }
  | { is: 'said'; end: number; as: string };

export const WAIT: Found = { is: 'wait' };
export const NOTHING: Found = { is: 'nothing' };

/** Where a construct is looked for. */
export interface MarkupPlace {
  text: string;
  at: number;
  /** The last character said before it in its line; empty at the line's start. */
  before: string;
  /** Nothing more will be written. */
  ending: boolean;
}

/** The first character after a position that is no space; null where it has not been written yet. */
export function characterAfter({ text, ending }: MarkupPlace, end: number): string | null {
  const found = /[^ \t]/u.exec(text.slice(end, end + 40));
  if (found) return found[0] === '\n' ? '' : found[0];
  return ending || text.length >= end + 40 ? '' : null;
}
