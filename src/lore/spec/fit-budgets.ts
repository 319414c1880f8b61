import type { Cut } from '../lore-run.ts';
import { rankOf, type SpecActivation, type SpecCandidate } from './spec-candidate.ts';

/**
 * Holds each book to its own `token_budget`, then all together to what the house gives. What leaves first: entries
 * with `@@ignore_on_max_context`; then, across books, the lower book; then the lowest `priority` (V3), and where an
 * entry has none its insertion order in its place.
 */
export function fitBudgets(
  activations: readonly SpecActivation[],
  { budget, contextIsFull }: { budget: number; contextIsFull: boolean },
): { kept: SpecActivation[]; cuts: Cut[] } {
  const cuts: Cut[] = [];
  const leaves = (activation: SpecActivation, reason: Cut['reason']) => {
    cuts.push({ candidate: activation.candidate, reason, tokens: activation.tokens });
  };
  let kept = activations.filter((activation) => {
    if (!contextIsFull || !activation.candidate.decorators.ignoreOnMaxContext) return true;
    leaves(activation, 'context');
    return false;
  });
  const books = new Map(kept.map(({ candidate: { book } }) => [book.id, book]));
  for (const [id, { body }] of books) {
    if (body.tokenBudget === null) continue;
    const own = kept.filter(({ candidate }) => candidate.book.id === id);
    const out = leavers(own, body.tokenBudget);
    for (const [activation, reason] of out) leaves(activation, reason);
    kept = kept.filter((activation) => !out.has(activation));
  }
  const out = leavers(kept, budget);
  for (const [activation, reason] of out) leaves(activation, reason);
  return { kept: kept.filter((activation) => !out.has(activation)), cuts };
}

/** What leaves so that the rest fits. */
function leavers(activations: readonly SpecActivation[], budget: number): Map<SpecActivation, Cut['reason']> {
  let total = activations.reduce((sum, { tokens }) => sum + tokens, 0);
  const out = new Map<SpecActivation, Cut['reason']>();
  if (total <= budget) return out;
  for (const activation of [...activations].sort(byLeaving)) {
    if (total <= budget) break;
    total -= activation.tokens;
    out.set(activation, leavingReason(activation));
  }
  return out;
}

function leavingReason({ candidate: { decorators, entry } }: SpecActivation): Cut['reason'] {
  if (decorators.ignoreOnMaxContext) return 'context';
  return (decorators.priority ?? entry.priority) === null ? 'budget' : 'priority';
}

function priorityOf({ decorators, entry }: SpecCandidate): number {
  return decorators.priority ?? entry.priority ?? entry.order;
}

function byLeaving({ candidate: one }: SpecActivation, { candidate: other }: SpecActivation): number {
  const firstToGo = (is: boolean | undefined) => (is ? 0 : 1);
  return (
    firstToGo(one.decorators.ignoreOnMaxContext) - firstToGo(other.decorators.ignoreOnMaxContext) ||
    rankOf(one) - rankOf(other) ||
    priorityOf(one) - priorityOf(other) ||
    one.entry.order - other.entry.order ||
    other.place - one.place
  );
}
