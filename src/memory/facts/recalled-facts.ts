import type { MemoryParts, RecalledFact } from '../turn-memory.ts';
import type { FactMemory } from './fact-memory.ts';
import type { RankedFact } from './rank-facts.ts';

/** Facts as a reply asks for them. */
export function recalledFacts(facts: Pick<FactMemory, 'relevant' | 'overruled'>): NonNullable<MemoryParts['facts']> {
  return {
    relevant: async (asked) => (await facts.relevant(asked)).map(toRecalled),
    overruled: (pair) => facts.overruled(pair),
  };
}

function toRecalled({ fact, score, words }: RankedFact): RecalledFact {
  const { state, sources, ...rest } = fact;
  return {
    ...rest,
    pinned: state === 'pinned',
    sources: sources.map(({ conversationId, messageId }) => ({ conversationId, messageId })),
    score,
    words,
  };
}
