import { recallTerms } from '../recall/recall-terms.ts';
import type { FactRecord } from './fact-record.ts';

export interface RankedFact {
  fact: FactRecord;
  /** About 0 to 1 for what was found by words; pinned ones stand first whatever theirs is. */
  score: number;
  /** Words of the texts that were found, as the index knows them. */
  words: string[];
}

/** What was said before the newest words counts half as much each time. */
const OLDER_TEXT = 0.5;
/** What single characters and grammar of unspaced scripts weigh beside words and pairs. */
const LIGHT_TERM = 0.25;
/** A fact that was superseded, or of which no more is known than that somebody says so. */
const SUPERSEDED = 0.6;
const CERTAINTY = { certain: 1, likely: 0.9, claimed: 0.7 } as const;
/** The newest fact is worth that much more than one from long ago. */
const RECENCY = 0.15;
/** After so long, milliseconds, half of it is gone. */
const RECENCY_HALF_LIFE = 60 * 24 * 60 * 60 * 1000;
/** Below that share of what was asked, a fact is only like it by chance. */
const LEAST_SHARE = 0.12;
/** Terms of so many facts are kept. */
const KEPT_TERMS = 20_000;

/** Ranks facts by the words they share with what is being said. */
export class FactRanker {
  readonly #terms = new Map<string, ReadonlyMap<string, number>>();

  /** The best `limit` facts, pinned ones first; `texts` newest first. Facts that share nothing are left out. */
  rank(
    facts: readonly FactRecord[],
    { texts, now, limit }: { texts: readonly string[]; now: number; limit: number },
  ): RankedFact[] {
    const query = queryOf(texts);
    const terms = new Map(facts.map((fact) => [fact.id, this.#termsOf(fact)]));
    const frequency = new Map<string, number>();
    for (const own of terms.values()) {
      for (const term of own.keys()) if (query.has(term)) frequency.set(term, (frequency.get(term) ?? 0) + 1);
    }
    const rarity = (term: string): number => Math.log(1 + (facts.length + 1) / (1 + (frequency.get(term) ?? 0)));
    const whole = query.entries().reduce((sum, [term, weight]) => sum + weight * rarity(term), 0);
    const ranked = facts.map((fact): RankedFact => {
      const found = [...(terms.get(fact.id)?.keys() ?? [])].filter((term) => query.has(term));
      const shared = found.reduce((sum, term) => sum + (query.get(term) ?? 0) * rarity(term), 0);
      const share = whole === 0 ? 0 : shared / whole;
      const words = found.filter((term) => (query.get(term) ?? 0) > LIGHT_TERM);
      return { fact, score: share < LEAST_SHARE ? 0 : share * worthOf(fact, now), words };
    });
    const isPinned = ({ fact }: RankedFact): number => Number(fact.state === 'pinned');
    return ranked
      .filter((one) => one.score > 0 || isPinned(one))
      .toSorted(
        (left, right) =>
          isPinned(right) - isPinned(left) || right.score - left.score || right.fact.saidAt - left.fact.saidAt,
      )
      .slice(0, limit);
  }

  #termsOf({ id, updatedAt, subject, text, quote }: FactRecord): ReadonlyMap<string, number> {
    const key = `${id} ${updatedAt}`;
    const known = this.#terms.get(key);
    if (known) return known;
    const terms = weighTerms(`${subject}\n${text}\n${quote}`);
    if (this.#terms.size >= KEPT_TERMS) this.#terms.clear();
    this.#terms.set(key, terms);
    return terms;
  }
}

function worthOf({ certainty, replacedById, saidAt }: FactRecord, now: number): number {
  const age = Math.max(0, now - saidAt);
  const recency = 1 + RECENCY * 2 ** (-age / RECENCY_HALF_LIFE);
  return CERTAINTY[certainty] * (replacedById === null ? 1 : SUPERSEDED) * recency;
}

function queryOf(texts: readonly string[]): Map<string, number> {
  const query = new Map<string, number>();
  for (const [index, text] of texts.entries()) {
    for (const [term, weight] of weighTerms(text)) {
      query.set(term, Math.max(query.get(term) ?? 0, weight * OLDER_TEXT ** index));
    }
  }
  return query;
}

function weighTerms(text: string): Map<string, number> {
  const terms = recallTerms(text);
  return new Map(
    terms
      .filter(({ kind }) => kind !== 'grammar')
      .map(({ term, kind }) => [term, kind === 'character' ? LIGHT_TERM : 1]),
  );
}
