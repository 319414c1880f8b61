import { languageOf } from '../facts/language-of.ts';
import { recallTerms, type RecallTerm } from '../recall/recall-terms.ts';
import { shareOfTerms } from '../share-of-terms.ts';
import { saidSentences } from './said-sentences.ts';
import type { Evidence } from './summary-line.ts';

/** Words that whoever tells what was said may add, stemmed as the index stems them. */
const TELLING_WORDS = new Set(
  recallTerms(
    'says said tells told talk talked talks ask asked asks answer answered mention mentioned share shared explain explained discuss discussed feel felt feels think thinks thought want wants wanted plan plans planned agree agreed promise promised remember conversation together today day time name named called lives live has made make makes person',
  ).map(({ term }) => term),
);
const TELLING_CHARACTERS = new Set(
  '说问答告诉讲聊谈提觉得想要让和与及并还也都已曾将会能可以把被给对向为因所以后前时候天里中上下个一些两人互相一起他她它们的了着过在是有',
);

const NEGATION =
  /\b(?:no|not|never|nobody|nothing|none|neither|nor|without|cannot|hardly)\b|n['’]t\b|不|没|无|未|别|莫/iu;
const QUESTION = /[?？]["”’」』)）]*$|[吗呢么][。.]?$/u;
const ASKING = /\b(?:ask|asks|asked|wonder|wonders|wondered|question|whether|if)\b|问|想知道|是否|好奇/iu;
const QUOTED = /“[^”]*”|"[^"]*"|「[^」]*」|『[^』]*』/gu;
const OWN_PERSON = /\b(?:i|i['’]m|i['’]ve|i['’]d|i['’]ll|me|my|mine|myself|we|we['’]re|our|ours|us)\b|[我咱]/iu;
const OTHER_PERSON = /\b(?:you|you['’]re|your|yours)\b|[你您]/iu;

/** Somebody who is named nowhere in the sentence. */
const DANGLING = /^(?:he|she|they|it|his|her|their|its|this|that)\b|^[他她它]/iu;

/** Least share of content words that the cited lines have to hold. */
const LEAST_WORDS = 0.75;
const LEAST_PAIRS = 0.5;
const LEAST_CHARACTERS = 0.85;
/** Shorter and longer is no sentence. */
const LENGTHS = { spaced: { least: 14, most: 320 }, unspaced: { least: 6, most: 140 } } as const;

/** True where a text can stand as a sentence: neither too short nor too long, and not going round in circles. */
export function isSentence(text: string): boolean {
  const isSpaced = languageOf(text) === 'en' || languageOf(text) === 'ko';
  const { least, most } = isSpaced ? LENGTHS.spaced : LENGTHS.unspaced;
  if (text.length < least || text.length > most || /[{}[\]<>|\\]|```|^\d+[.)]/u.test(text)) return false;
  return !loops(text);
}

/** True where a run of words comes three times, or half of the words are repetitions. */
export function loops(text: string): boolean {
  const isSpaced = /\s/.test(text.trim());
  const words = isSpaced
    ? text.toLowerCase().split(/[^\p{L}\p{N}]+/u)
    : Array.from(text.replace(/[^\p{L}\p{N}]/gu, ''));
  const length = isSpaced ? 3 : 4;
  const seen = new Map<string, number>();
  for (let start = 0; start + length <= words.length; start += 1) {
    const run = words.slice(start, start + length).join(' ');
    const count = (seen.get(run) ?? 0) + 1;
    if (count >= 3) return true;
    seen.set(run, count);
  }
  return words.length >= 12 && new Set(words).size * (isSpaced ? 2 : 3) < words.length;
}

/** True where every number and name of a text stands in the words given or is one of the names. */
export function namesAndNumbersStand(text: string, known: string): boolean {
  const words = known.toLowerCase();
  const terms = new Set(recallTerms(known).map(({ term }) => term));
  if (recallTerms(text).some(({ term, kind }) => kind === 'number' && !terms.has(term))) return false;
  if (chineseNumbers(text).some((number) => !known.includes(number))) return false;
  return namesIn(text).every((name) => words.includes(name.toLowerCase()));
}

/**
 * True where a sentence about what was said is held up by the messages it cites: nearly all its content words, and every
 * name and number, stand there; it denies what they deny, takes no question for an answer, and gives nobody's words to
 * somebody else.
 */
export function isHeldUp(
  text: string,
  { evidence, told, names }: { evidence: readonly Evidence[]; told: string; names: readonly string[] },
): boolean {
  const unquoted = text.replace(QUOTED, ' ');
  if (OWN_PERSON.test(unquoted) || OTHER_PERSON.test(unquoted) || DANGLING.test(text)) return false;
  const said = evidence.map(({ text: words }) => words).join('\n');
  const speakers = evidence.map(({ speaker }) => speaker);
  const known = [said, told, ...speakers].join('\n');
  if (!namesAndNumbersStand(text, known) || !wordsStand(text, [known, ...names].join('\n'))) return false;
  const closest = closestSentence(text, evidence);
  if (!closest) return false;
  if (NEGATION.test(unquoted) !== NEGATION.test(closest.sentence)) return false;
  if (QUESTION.test(closest.sentence) && !ASKING.test(text)) return false;
  return !isOfSomebodyElse(text, { closest, names });
}

/** The sentence said that shares most with a text. */
export function closestSentence(
  text: string,
  evidence: readonly Evidence[],
): { sentence: string; speaker: string; share: number } | undefined {
  return evidence
    .flatMap(({ text: words, speaker }) =>
      saidSentences(words).map((sentence) => ({ sentence, speaker, share: shareOfTerms(text, sentence) })),
    )
    .toSorted((left, right) => right.share - left.share)[0];
}

/** What somebody says of themselves is told as theirs. */
function isOfSomebodyElse(
  text: string,
  { closest, names }: { closest: { sentence: string; speaker: string }; names: readonly string[] },
): boolean {
  if (!OWN_PERSON.test(closest.sentence) || text.includes(closest.speaker)) return false;
  return names.some((name) => name !== closest.speaker && name !== '' && text.includes(name));
}

function wordsStand(text: string, known: string): boolean {
  const there = new Set(recallTerms(known).map(({ term }) => term));
  const terms = recallTerms(text);
  const share = (kind: RecallTerm['kind'], free: (term: string) => boolean): number => {
    const asked = terms.filter((one) => one.kind === kind && !free(one.term));
    return asked.length === 0 ? 1 : asked.filter(({ term }) => there.has(term)).length / asked.length;
  };
  const isNew = (character: string): boolean => !there.has(character) && !TELLING_CHARACTERS.has(character);
  return (
    share('word', (term) => TELLING_WORDS.has(term)) >= LEAST_WORDS &&
    share('character', (term) => TELLING_CHARACTERS.has(term)) >= LEAST_CHARACTERS &&
    // Two unknown characters in a row are a word, often a name, that nobody said.
    !terms.some(({ term, kind }) => kind === 'bigram' && Array.from(term).every(isNew)) &&
    share('bigram', (term) => Array.from(term).some((character) => TELLING_CHARACTERS.has(character))) >= LEAST_PAIRS
  );
}

/** Words with a capital inside a sentence; one at its beginning may be any word. */
export function namesIn(text: string): string[] {
  return saidSentences(text).flatMap((sentence) => {
    const words = [...sentence.matchAll(/\p{L}[\p{L}\p{M}'’-]*/gu)];
    return words
      .filter(([word], index) => index > 0 && /^\p{Lu}\p{Ll}/u.test(word))
      .map(([word]) => word.replace(/['’]s?$/u, ''))
      .filter((word) => !/^I['’]/u.test(word));
  });
}

/** Two characters and more: 三十二, 五月; a single 一 or 两 is grammar. */
function chineseNumbers(text: string): string[] {
  return text.match(/[〇零一二三四五六七八九十百千万两]{2,}|[一二三四五六七八九十]+(?=[月号日点岁年])/gu) ?? [];
}
