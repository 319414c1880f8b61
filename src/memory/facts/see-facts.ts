import type { PairView } from '../pair-view.ts';
import { attributeOf } from './attribute-of.ts';
import type { FactRecord } from './fact-record.ts';
import { foldWords } from './fold-words.ts';

/** True where the fact stands on what counts: the person wrote it or lets it count everywhere, or all its sources do. */
export function countsIn(view: PairView, fact: Pick<FactRecord, 'by' | 'everywhere' | 'state' | 'sources'>): boolean {
  if (fact.state !== 'active' && fact.state !== 'pinned') return false;
  if (view.alone !== true && (fact.by === 'user' || fact.everywhere)) return true;
  return fact.sources.length > 0 && fact.sources.every(({ messageId, hash }) => view.counts(messageId, hash));
}

/** What of a fact does not change with the view. */
interface FactKeys {
  /** Equal where two facts say the same of the same. */
  same: string;
  attribute: string | null;
}

/** Sees facts from a place. What it works out of a fact is kept as long as the fact is, for replies ask every turn. */
export class FactViewer {
  readonly #keys = new WeakMap<FactRecord, FactKeys>();

  /**
   * The facts that count in a view, oldest said first. What was said twice is one fact with both sources: the joining is
   * done here and not where facts are kept, because each must be able to leave with its own branch. A later fact about
   * the same attribute supersedes the one before it; both stay, each knowing the other.
   */
  see(facts: readonly FactRecord[], view: PairView): FactRecord[] {
    return this.#markSuperseded(this.#joinSame(facts.filter((fact) => countsIn(view, fact))));
  }

  #keysOf(fact: FactRecord): FactKeys {
    const known = this.#keys.get(fact);
    if (known) return known;
    const keys = { same: sameKey(fact), attribute: attributeOf(fact) };
    this.#keys.set(fact, keys);
    return keys;
  }

  #joinSame(facts: readonly FactRecord[]): FactRecord[] {
    const seen = new Map<string, FactRecord>();
    for (const fact of facts) {
      const { same } = this.#keysOf(fact);
      const before = seen.get(same);
      seen.set(same, before ? join(before, fact) : fact);
    }
    return [...seen.values()];
  }

  #markSuperseded(facts: readonly FactRecord[]): FactRecord[] {
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
    const attributed = facts.filter((fact) => this.#keysOf(fact).attribute !== null);
    for (const fact of attributed.toSorted(byTruth)) {
      const attribute = this.#keysOf(fact).attribute ?? '';
      const before = latest.get(attribute);
      latest.set(attribute, fact);
      if (!before || replaced.has(before.id) || replaces.has(fact.id)) continue;
      replaces.set(fact.id, before.id);
      replaced.set(before.id, fact.id);
    }
    return facts.map((fact) => {
      const replacesId = replaces.get(fact.id) ?? fact.replacesId;
      const replacedById = replaced.get(fact.id) ?? null;
      return replacesId === fact.replacesId && replacedById === null ? fact : { ...fact, replacesId, replacedById };
    });
  }
}

/** Facts with the same key say the same. */
export function sameKey({ about, subject, quote, text }: FactRecord): string {
  return `${about}\n${foldWords(subject)}\n${foldWords(quote || text)}`;
}

/** Whichever the person touched stands for both. */
function join(before: FactRecord, fact: FactRecord): FactRecord {
  const [kept, other] = weight(fact) > weight(before) ? [fact, before] : [before, fact];
  const known = new Set(kept.sources.map(({ messageId }) => messageId));
  return { ...kept, sources: [...kept.sources, ...other.sources.filter(({ messageId }) => !known.has(messageId))] };
}

function weight({ state, by, everywhere }: FactRecord): number {
  return Number(state === 'pinned') * 4 + Number(by === 'user') * 2 + Number(everywhere);
}

function byTruth(left: FactRecord, right: FactRecord): number {
  return trueFrom(left) - trueFrom(right) || left.saidAt - right.saidAt;
}

function trueFrom({ validFrom, saidAt }: FactRecord): number {
  return Math.min(validFrom ?? saidAt, saidAt);
}
