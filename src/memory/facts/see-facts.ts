import type { PairView } from '../pair-view.ts';
import { attributeOf } from './attribute-of.ts';
import type { FactRecord } from './fact-record.ts';
import { foldWords } from './fold-words.ts';

/** True where the fact stands on what counts: the person wrote it or lets it count everywhere, or all its sources do. */
export function countsIn(view: PairView, fact: Pick<FactRecord, 'by' | 'everywhere' | 'state' | 'sources'>): boolean {
  if (fact.state !== 'active' && fact.state !== 'pinned') return false;
  if (fact.by === 'user' || fact.everywhere) return true;
  return fact.sources.length > 0 && fact.sources.every(({ messageId, hash }) => view.counts(messageId, hash));
}

/**
 * The facts that count in a view, oldest said first. What was said twice is one fact with both sources: the joining is
 * done here and not where facts are kept, because each must be able to leave with its own branch. A later fact about
 * the same attribute supersedes the one before it; both stay, each knowing the other.
 */
export function seeFacts(facts: readonly FactRecord[], view: PairView): FactRecord[] {
  const joined = joinSame(facts.filter((fact) => countsIn(view, fact)));
  return markSuperseded(joined);
}

/** Facts with the same key say the same. */
export function sameKey({ about, subject, quote, text }: FactRecord): string {
  return `${about}\n${foldWords(subject)}\n${foldWords(quote || text)}`;
}

function joinSame(facts: readonly FactRecord[]): FactRecord[] {
  const seen = new Map<string, FactRecord>();
  for (const fact of facts) {
    const key = sameKey(fact);
    const before = seen.get(key);
    if (!before) {
      seen.set(key, fact);
      continue;
    }
    // Whoever the person touched stands for both.
    const [kept, other] = weight(fact) > weight(before) ? [fact, before] : [before, fact];
    const known = new Set(kept.sources.map(({ messageId }) => messageId));
    const sources = [...kept.sources, ...other.sources.filter(({ messageId }) => !known.has(messageId))];
    seen.set(key, { ...kept, sources });
  }
  return [...seen.values()];
}

function weight({ state, by, everywhere }: FactRecord): number {
  return Number(state === 'pinned') * 4 + Number(by === 'user') * 2 + Number(everywhere);
}

function markSuperseded(facts: readonly FactRecord[]): FactRecord[] {
  const replaces = new Map<string, string>();
  const replaced = new Map<string, string>();
  const there = new Set(facts.map(({ id }) => id));
  for (const { id, replacesId } of facts) {
    if (replacesId !== null && there.has(replacesId)) {
      replaces.set(id, replacesId);
      replaced.set(replacesId, id);
    }
  }
  const latest = new Map<string, FactRecord>();
  // By when it is true: “I moved to Lyon in 2010” changes nothing of where somebody lives now.
  const inTime = facts.toSorted((left, right) => trueFrom(left) - trueFrom(right) || left.saidAt - right.saidAt);
  for (const fact of inTime) {
    const attribute = attributeOf(fact);
    if (attribute === null) continue;
    const before = latest.get(attribute);
    latest.set(attribute, fact);
    if (!before || replaced.has(before.id) || replaces.has(fact.id)) continue;
    replaces.set(fact.id, before.id);
    replaced.set(before.id, fact.id);
  }
  return facts.map((fact) => ({
    ...fact,
    replacesId: replaces.get(fact.id) ?? fact.replacesId,
    replacedById: replaced.get(fact.id) ?? null,
  }));
}

function trueFrom({ validFrom, saidAt }: FactRecord): number {
  return Math.min(validFrom ?? saidAt, saidAt);
}
