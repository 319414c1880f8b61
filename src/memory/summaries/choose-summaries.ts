import type { HeldSummary } from './cover.ts';
import type { SummarySentence } from './summary-store.ts';

/** A summary with as many of its sentences as are told. */
export interface ToldSummary {
  summary: HeldSummary;
  sentences: readonly SummarySentence[];
}

/** Share of the room that the relationship and what was said elsewhere may take. */
const SHARES = { relationship: 0.35, elsewhere: 0.35 } as const;
/** Scenes and sessions just before the window that are told whole; of older ones one sentence. */
const WHOLE = 3;
/** Other conversations that are told of. */
const MOST_ELSEWHERE = 2;

export interface Choosing {
  /** What holds in the conversation and ends before the window, in any order. */
  own: readonly HeldSummary[];
  /** What holds in each other conversation, the one that matters most first. */
  others: readonly (readonly HeldSummary[])[];
  budgetTokens: number;
  /** Tokens that a summary takes with these sentences. */
  cost: (told: ToldSummary) => number;
}

/**
 * What is told of the time before the window, in the order it is told: how things stand, what was said elsewhere, then
 * the past in the order of time, older sessions shortest. The same for the same summaries.
 */
export function chooseSummaries({ own, others, budgetTokens, cost }: Choosing): ToldSummary[] {
  let room = budgetTokens;
  const take = (summary: HeldSummary, { share, most }: { share: number; most?: number }): ToldSummary[] => {
    const told = fitSentences(summary, { room: Math.min(room, Math.floor(budgetTokens * share)), most, cost });
    if (!told) return [];
    room -= cost(told);
    return [told];
  };
  const relationship = latest(own, 'relationship');
  const stands = relationship ? take(relationship, { share: SHARES.relationship }) : [];
  const elsewhere = others
    .flatMap((held) => latest(held, 'relationship') ?? latest(held, 'session') ?? [])
    .slice(0, MOST_ELSEWHERE)
    .flatMap((summary) => take(summary, { share: SHARES.elsewhere / MOST_ELSEWHERE }));
  const past = [...outlineOf(own).toReversed().entries()].flatMap(([age, summary]) =>
    take(summary, age < WHOLE ? { share: 1 } : { share: 1, most: 1 }),
  );
  return [...stands, ...elsewhere, ...past.toReversed()];
}

/** Sessions, and the scenes that no session tells of yet, in the order of time and without overlaps. */
export function outlineOf(held: readonly HeldSummary[]): HeldSummary[] {
  const sessions = withoutOverlaps(held.filter(({ record }) => record.layer === 'session'));
  const scenes = withoutOverlaps(held.filter(({ record }) => record.layer === 'scene'));
  const isTold = (scene: HeldSummary): boolean => sessions.some(({ from, to }) => from <= scene.to && to >= scene.from);
  return [...sessions, ...scenes.filter((scene) => !isTold(scene))].toSorted((left, right) => left.from - right.from);
}

/** In the order of the path; of two that overlap the one written later stays. */
export function withoutOverlaps(held: readonly HeldSummary[]): HeldSummary[] {
  const newest = held.toSorted(
    (left, right) => right.record.createdAt - left.record.createdAt || (left.record.id < right.record.id ? 1 : -1),
  );
  const kept: HeldSummary[] = [];
  for (const summary of newest) {
    if (!kept.some(({ from, to }) => from <= summary.to && to >= summary.from)) kept.push(summary);
  }
  return kept.toSorted((left, right) => left.from - right.from);
}

function latest(held: readonly HeldSummary[], layer: string): HeldSummary | undefined {
  return held
    .filter(({ record }) => record.layer === layer)
    .toSorted((left, right) => right.to - left.to || right.record.createdAt - left.record.createdAt)[0];
}

function fitSentences(
  summary: HeldSummary,
  { room, most, cost }: { room: number; most: number | undefined; cost: Choosing['cost'] },
): ToldSummary | undefined {
  const { sentences } = summary.record;
  for (let count = Math.min(most ?? sentences.length, sentences.length); count > 0; count -= 1) {
    const told = { summary, sentences: sentences.slice(0, count) };
    if (cost(told) <= room) return told;
  }
  return undefined;
}
