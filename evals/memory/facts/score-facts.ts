import type { DistilledFact } from '../../../src/memory/facts/distil/distil-turns.ts';
import type { OwnConversation, OwnFact, OwnTurn } from '../own-set.ts';
import { judgementKey, type Judgement } from './judged-facts.ts';

/**
 * `listed`: its source is one of a listed fact, and every word of that fact that stands in the source stands in it.
 * `right` and `wrong`: a person read the source and said so. `unjudged`: nobody has, yet.
 */
export type FactVerdict = 'listed' | 'right' | 'wrong' | 'unjudged';

export interface ScoredFact {
  fact: DistilledFact;
  verdict: FactVerdict;
}

export interface ScoredConversation {
  id: string;
  language: string;
  facts: ScoredFact[];
  /** Each listed fact, and whether machine facts from its sources hold all of its words. */
  listed: { fact: OwnFact; found: boolean }[];
}

/** Scores the facts that were distilled from a conversation's main line. */
export function scoreFacts(
  conversation: OwnConversation,
  facts: readonly DistilledFact[],
  judgements: ReadonlyMap<string, Judgement>,
): ScoredConversation {
  const turns = new Map(conversation.turns.map((turn) => [turn.id, turn]));
  return {
    id: conversation.id,
    language: conversation.language,
    facts: facts.map((fact) => ({ fact, verdict: verdictOf(fact, { conversation, turns, judgements }) })),
    listed: conversation.facts.map((fact) => ({ fact, found: isFound(fact, facts) })),
  };
}

function verdictOf(
  fact: DistilledFact,
  {
    conversation,
    turns,
    judgements,
  }: {
    conversation: OwnConversation;
    turns: ReadonlyMap<string, OwnTurn>;
    judgements: ReadonlyMap<string, Judgement>;
  },
): FactVerdict {
  const judged = judgements.get(judgementKey({ source: fact.turnId, text: fact.text }));
  if (judged) return judged.verdict;
  const turn = turns.get(fact.turnId);
  const source = folded(turn?.text ?? '');
  const said = folded(`${fact.text}\n${fact.quote}`);
  const isListed = conversation.facts.some(({ sources, words }) => {
    const here = words.map(folded).filter((word) => source.includes(word));
    return sources.includes(fact.turnId) && here.length > 0 && here.every((word) => said.includes(word));
  });
  return isListed ? 'listed' : 'unjudged';
}

/** Words that stand in several sources may be found in several facts. */
function isFound({ sources, words }: OwnFact, facts: readonly DistilledFact[]): boolean {
  const said = facts
    .filter(({ turnId }) => sources.includes(turnId))
    .map(({ text, quote }) => folded(`${text}\n${quote}`))
    .join('\n');
  return words.every((word) => said.includes(folded(word)));
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('’', "'");
}
