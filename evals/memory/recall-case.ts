import type { RecallTurn } from '../../src/memory/recall/turn-index.ts';

/** A question about a conversation whose evidence is known. */
export interface RecallQuestion {
  id: string;
  /** The set's own name for what it asks. */
  kind: string;
  ask: string;
  /** Who asks; absent where it is neither of the two who talk. */
  speaker: string | undefined;
  /** When it is asked, in epoch milliseconds. */
  now: number;
  /** Ids of what may be seen when it is asked, oldest first. */
  path: readonly string[];
  /** Ids of the turns that hold the answer. */
  evidence: readonly string[];
  /** Sessions that hold the answer, where the set names them itself; else they follow from `evidence`. */
  evidenceSessions?: readonly string[];
  /** Ids of turns that must not be found. */
  never: readonly string[];
  /** True when the right answer is that it was never said. */
  unanswerable: boolean;
}

/** Turns that share one index, discarded ones among them, and what is asked about them. */
export interface RecallCase {
  id: string;
  /** BCP 47. */
  language: string;
  timeZone: string;
  turns: readonly RecallTurn[];
  /** Session of each turn, by id. */
  sessions: ReadonlyMap<string, string>;
  names: readonly string[];
  questions: readonly RecallQuestion[];
}
