import { recallTerms, type RecallTerm } from '../recall/recall-terms.ts';
import { saidSentences } from '../summaries/said-sentences.ts';

/** Terms that say what is spoken of; single characters of unspaced scripts and groups of meanings say too little. */
const TELLING: ReadonlySet<RecallTerm['kind']> = new Set(['word', 'number', 'bigram']);
/** Share of what a sentence says beyond its question, by rarity, that a passage must hold. */
const LEAST_NEW = 0.5;
/** The same of the whole sentence. */
const LEAST_WHOLE = 0.6;
/** Terms that a passage shares with a sentence and its question: one word alone is chance. */
const LEAST_SHARED = 2;
/** A term that stands in more of the passages than this tells none of them apart. */
const COMMON = 0.5;
const MOST_SENTENCES = 40;
const DENIALS = /\b(?:no|not|never|nobody|nothing|none|without|cannot)\b|n't\b|不|没|无|未/iu;

/**
 * Which passages hold what a text says, one at most for each of its sentences; indices, ascending. A sentence is held
 * where a passage has most of its words, weighed by how rare they are among the passages (idf: Spärck Jones 1972), and
 * among them one that the question did not bring: repeating a question says nothing. What denies is held by what denies.
 */
export function supportingPassages(
  said: string,
  { asked, passages }: { asked: string; passages: readonly string[] },
): number[] {
  const known = passages.map((text) => ({ terms: tellingTerms(text), denies: DENIALS.test(text) }));
  const question = tellingTerms(asked);
  const among = new Map<string, number>();
  for (const { terms } of known) for (const term of terms) among.set(term, (among.get(term) ?? 0) + 1);
  const weight = (term: string) => Math.log(1 + known.length / (among.get(term) ?? 1));
  const isTelling = (term: string) => known.length < 3 || (among.get(term) ?? 0) <= known.length * COMMON;
  const found = new Set<number>();
  for (const sentence of saidSentences(said).slice(0, MOST_SENTENCES)) {
    const terms = tellingTerms(sentence);
    const fresh = new Set([...terms].filter((term) => !question.has(term)));
    const denies = DENIALS.test(sentence);
    let best = { index: -1, share: 0 };
    for (const [index, passage] of known.entries()) {
      if (denies && !passage.denies) continue;
      if (![...fresh].some((term) => passage.terms.has(term) && isTelling(term))) continue;
      if ([...new Set([...terms, ...question])].filter((term) => passage.terms.has(term)).length < LEAST_SHARED)
        continue;
      const share = shareOf(terms, passage.terms, weight);
      if (share < LEAST_WHOLE || shareOf(fresh, passage.terms, weight) < LEAST_NEW) continue;
      if (share > best.share) best = { index, share };
    }
    if (best.index !== -1) found.add(best.index);
  }
  return [...found].toSorted((one, other) => one - other);
}

function tellingTerms(text: string): Set<string> {
  return new Set(recallTerms(text).flatMap(({ term, kind }) => (TELLING.has(kind) ? [term] : [])));
}

function shareOf(terms: ReadonlySet<string>, there: ReadonlySet<string>, weight: (term: string) => number): number {
  let whole = 0;
  let shared = 0;
  for (const term of terms) {
    whole += weight(term);
    if (there.has(term)) shared += weight(term);
  }
  return whole === 0 ? 0 : shared / whole;
}
