import { normalizeForRecall, termsOfNormalized } from './recall-terms.ts';
import type { RecallWeights } from './recall-weights.ts';

/** What is looked for. */
export interface RecallQuery {
  /** The last human turn with weight 1, what was said before it with less. */
  texts: readonly { text: string; speaker?: string; weight: number }[];
  /** Epoch milliseconds. */
  now: number;
  /** IANA name. */
  timeZone: string;
  /** Proper names: of the people present, of cards and books. */
  names: readonly string[];
}

export interface QueryTerm {
  term: string;
  /** Where it first stands: which of the texts, and UTF-16 offsets in it. */
  source: number;
  start: number;
  end: number;
  weight: number;
  /** True for pairs and single characters, which say less about what surrounds them than a word does. */
  isPiece: boolean;
}

/** A query taken apart. */
export interface ReadQuery {
  terms: QueryTerm[];
  /** The texts that the terms' offsets are of. */
  sources: string[];
  /** Speakers whose turns are meant, with a share of `weights.speaker` or `weights.pronoun` already in it. */
  speakers: Map<string, number>;
  asksWhen: boolean;
}

/** More terms than anybody asks with; a pasted page is looked for by its first ones. */
const TERM_LIMIT = 96;
/** Of each text, in UTF-16 units. */
const TEXT_LIMIT = 4000;

const FIRST_PERSON = /\b(?:i|me|my|mine|myself|we|our|us)\b|[我俺咱私僕]|나는|내가|저는|제가/u;
const SECOND_PERSON = /\b(?:you|your|yours|yourself)\b|[你您]|あなた|당신/u;
const ASKS_WHEN =
  /\b(?:when|what (?:time|date|day|month|year)|which (?:day|month|year)|how long|how many (?:days|weeks|months|years)|how old|since when)\b|什么时候|啥时候|何时|哪[一]?[天年月周]|几[号月点岁]|多久|多长时间|多大|いつ|何[日月年時]|언제|며칠/u;
const CAPITALIZED = /(?<=[\p{L}\p{N},;:'’)]\s+)\p{Lu}[\p{L}\p{M}'’-]+/gu;

/** Takes a query apart; `speakers` are the names of all who speak in what is searched. */
export function readQuery(
  query: RecallQuery,
  { speakers, weights }: { speakers: readonly string[]; weights: RecallWeights },
): ReadQuery {
  const texts = query.texts.map(({ text, ...rest }) => ({ ...rest, text: text.slice(0, TEXT_LIMIT) }));
  const speakerTerms = new Set(speakers.flatMap(termsOfName));
  const properTerms = new Set([
    ...query.names.flatMap(termsOfName),
    ...texts.flatMap(({ text }) => (text.match(CAPITALIZED) ?? []).flatMap(termsOfName)),
  ]);
  const terms = new Map<string, QueryTerm>();
  const sources: string[] = [];
  for (const [source, { text, weight }] of texts.entries()) {
    const normalized = normalizeForRecall(text);
    sources.push(normalized.length === text.length ? text : normalized);
    for (const { term, kind, start, end } of termsOfNormalized(normalized)) {
      if (kind === 'grammar') continue;
      const isSpeaker = speakerTerms.has(term);
      const kindWeight = kind === 'character' || kind === 'concept' || kind === 'number' ? weights[kind] : 1;
      const nameWeight = isSpeaker ? weights.speakerName : properTerms.has(term) ? weights.properName : 1;
      const known = terms.get(term);
      if (!known && terms.size >= TERM_LIMIT) continue;
      const total = weight * kindWeight * nameWeight;
      if (!known || known.weight < total)
        terms.set(term, {
          term,
          source,
          start,
          end,
          weight: total,
          isPiece: kind === 'bigram' || kind === 'character',
        });
    }
  }
  const first = texts[0];
  return {
    terms: [...terms.values()],
    sources,
    speakers: first ? meantSpeakers(first, { speakers, weights }) : new Map(),
    asksWhen: first !== undefined && ASKS_WHEN.test(first.text.toLowerCase()),
  };
}

function termsOfName(name: string): string[] {
  return termsOfNormalized(normalizeForRecall(name)).flatMap(({ term, kind }) =>
    kind === 'character' || kind === 'grammar' ? [] : [term],
  );
}

/** Whose turns a question asks for: of those it names, else of whom "I" and "you" mean. */
function meantSpeakers(
  { text, speaker }: { text: string; speaker?: string },
  { speakers, weights }: { speakers: readonly string[]; weights: RecallWeights },
): Map<string, number> {
  const normalized = normalizeForRecall(text);
  const terms = new Set(termsOfNormalized(normalized).map(({ term }) => term));
  const meant = new Map<string, number>();
  for (const name of speakers) {
    const parts = termsOfName(name);
    if (parts.some((part) => terms.has(part))) meant.set(name, weights.speaker);
  }
  if (speaker === undefined) return meant;
  const first = FIRST_PERSON.test(normalized);
  const second = SECOND_PERSON.test(normalized);
  for (const name of speakers) {
    if (!meant.has(name) && (name === speaker ? first : second)) meant.set(name, weights.pronoun);
  }
  return meant;
}
