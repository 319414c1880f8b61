import type { MemoryFact } from '../../../contract/memory.ts';

/** Facts about the same thing, one after the other in time; most stand alone. The last one holds. */
export type FactChain = readonly [MemoryFact, ...MemoryFact[]];

/** Puts a fact and the earlier ones it followed into one chain; chains stand where their newest fact stood. */
export function chainFacts(facts: readonly MemoryFact[]): FactChain[] {
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  const earlier = new Map<string, MemoryFact[]>();
  const followed = new Set<string>();
  for (const fact of facts) {
    if (fact.replacedById === null || !byId.has(fact.replacedById) || fact.replacedById === fact.id) continue;
    earlier.set(fact.replacedById, [...(earlier.get(fact.replacedById) ?? []), fact]);
    followed.add(fact.id);
  }
  const chains = facts.filter(({ id }) => !followed.has(id)).map((fact) => chainTo(fact, earlier));
  const placed = new Set(chains.flat().map(({ id }) => id));
  // Facts that follow each other in a circle have no newest one: each stands alone.
  return [...chains, ...facts.filter(({ id }) => !placed.has(id)).map((fact): FactChain => [fact])];
}

function chainTo(newest: MemoryFact, earlier: ReadonlyMap<string, readonly MemoryFact[]>): FactChain {
  const chain: [MemoryFact, ...MemoryFact[]] = [newest];
  const seen = new Set([newest.id]);
  for (let next: readonly MemoryFact[] = [newest]; next.length > 0;) {
    next = next.flatMap(({ id }) => earlier.get(id) ?? []).filter(({ id }) => !seen.has(id));
    for (const { id } of next) seen.add(id);
    chain.unshift(...[...next].sort((left, right) => left.saidAt - right.saidAt));
  }
  return chain;
}
