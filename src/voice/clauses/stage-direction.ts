import { directionEmotion } from './direction-emotion.ts';

/** Words between marks, and what stands around them. */
export interface MarkedWords {
  words: string;
  /** The last character said before them in the same line; empty at its start. */
  before: string;
  /** The first character after them that is no space; a line break or empty at the end. */
  after: string;
}

const HAN = /\p{Script=Han}/gu;
const SENTENCE_BEFORE = /^$|[.!?…。！？~～"”’」』—:：)\]）】]$/u;
const CAPITAL = /^["“'‘]?\p{Lu}/u;
const PERSON = /^(?:she|he|they|her|his|their|i|my)\b/iu;
/** `smiles`, `laughing softly`, `softly`: how directions begin. */
const ACTION = /^\p{L}+(?:s|ing|ly|ed)\b/iu;
const NO_ACTION =
  /^(?:this|is|was|as|has|its|his|plus|unless|yes|perhaps|always|sometimes|thus|only|early|family|reply|during|nothing|something|anything|everything|morning|evening|thing|things|us|does|really|definitely|absolutely|exactly|actually|especially|needed|less)\b/iu;

/** `*words*` and `_words_`: true for narration, false for words that are stressed and said. */
export function isNarration({ words, before, after }: MarkedWords): boolean {
  const starts = SENTENCE_BEFORE.test(before);
  const cued = directionEmotion(words) !== null;
  const characters = (words.match(HAN) ?? []).length;
  if (characters > 0) return cued || /^[他她它我]/u.test(words) || characters >= (starts ? 2 : 6);
  const count = words.trim().split(/\s+/u).length;
  const acts = beginsAsAction(words);
  if (cued && (count >= 2 || starts || acts)) return true;
  if (!starts) return (count >= 2 && PERSON.test(words)) || count >= 5;
  const goesOn = /^\p{Ll}|^[,;]/u.test(after);
  if (count >= 3) return !(CAPITAL.test(words) && goesOn) || PERSON.test(words);
  if (CAPITAL.test(words)) return acts && !goesOn;
  return acts || !goesOn;
}

/** `(words)` and `（words）`: true for a stage direction, false for an aside that is said. */
export function isParenthesisedDirection({ words, before, after }: MarkedWords): boolean {
  const cued = directionEmotion(words) !== null;
  const starts = SENTENCE_BEFORE.test(before);
  if (/\p{Script=Han}/u.test(words)) {
    if (cued || /^[他她它]/u.test(words)) return true;
    return starts || /[，、,]$/u.test(before) || (/^\n?$/u.test(after) && /[，。！？…]$/u.test(before));
  }
  const acts = beginsAsAction(words) || /^(?:she|he|they)\b/iu.test(words);
  if (words.trim().split(/\s+/u).length > 20) return false;
  return starts ? (cued && !/^(?:i|we|you|it)\b/iu.test(words)) || (acts && !CAPITAL.test(words)) : cued && acts;
}

/** `[words]`: true for a tag or direction, false for words that are said. */
export function isBracketedDirection(words: string): boolean {
  if (/\p{Script=Han}/u.test(words) || directionEmotion(words) !== null) return true;
  return !CAPITAL.test(words) && words.trim().split(/\s+/u).length <= 6;
}

function beginsAsAction(words: string): boolean {
  return ACTION.test(words) && !NO_ACTION.test(words);
}
