import type { TurnOrder } from '../../../../contract/rooms.ts';

/** A character that may speak now. */
export interface TurnCandidate {
  participantId: string;
  /** What it is called, in every script; the first one is its name. */
  names: readonly string[];
  /** Percent. */
  talkativeness: number;
}

/** A message of the path, as far as it matters for whose turn it is. Events of the story are none. */
export interface SaidMessage {
  id: string;
  /** Null where whoever said it is no participant. */
  participantId: string | null;
  byHuman: boolean;
  text: string;
  /** True for a human's words that a recogniser heard: their names may be misspelt. */
  heard?: boolean;
}

export interface TurnQuestion {
  order: TurnOrder;
  /** Every character of the room by its place in the list, those who may not speak now too. */
  roster: readonly string[];
  candidates: readonly TurnCandidate[];
  /** The end of the path, oldest first. */
  said: readonly SaidMessage[];
  allowSelfReplies: boolean;
  /** Somebody has to go on, also where everybody has answered; false = only who has something to say. */
  mustSpeak: boolean;
  /** Numbers in [0, 1). */
  random: () => number;
}

/** What the orders ask of a question. */
export interface TurnView extends TurnQuestion {
  /** Candidates without whoever spoke last, where nobody may answer themselves. */
  free: readonly TurnCandidate[];
  /** True for who has spoken since a human did; since the beginning where none has. */
  hasSpoken: (candidate: TurnCandidate) => boolean;
  /** The last character who spoke, still a candidate or not; null where none has. */
  lastCharacterId: string | null;
}

/** What is known of the path's end, worked out once. */
export function viewQuestion(question: TurnQuestion): TurnView {
  const { said, candidates, allowSelfReplies } = question;
  const last = said.at(-1);
  const blockedId = last && !last.byHuman && !allowSelfReplies ? last.participantId : null;
  const since = said.slice(said.findLastIndex(({ byHuman }) => byHuman) + 1);
  const spoken = new Set(since.map(({ participantId }) => participantId));
  return {
    ...question,
    free: candidates.filter(({ participantId }) => participantId !== blockedId),
    hasSpoken: ({ participantId }) => spoken.has(participantId),
    lastCharacterId: said.findLast(({ byHuman }) => !byHuman)?.participantId ?? null,
  };
}

/** Those who were silent longest first; who has never spoken comes before all, in the order given. */
export function bySilence(
  candidates: readonly TurnCandidate[],
  said: readonly Pick<SaidMessage, 'participantId'>[],
): TurnCandidate[] {
  const lastAt = new Map(said.map(({ participantId }, index) => [participantId, index]));
  const spokeAt = ({ participantId }: TurnCandidate): number => lastAt.get(participantId) ?? -1;
  return candidates.toSorted((left, right) => spokeAt(left) - spokeAt(right));
}
