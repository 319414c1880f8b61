import { pinyin } from 'pinyin-pro';
import { normalizeForSpeech } from '../models/speech/text/normalize-for-speech.ts';

/** Letters of either text that are looked at, from the end: an echo is of what has just sounded. */
const LONGEST_HEARD = 300;
const LONGEST_PLAYING = 1600;
/** Share of letters a recogniser may get wrong of a long echo; loudspeaker, room and microphone make many errors. */
const MOST_ERRORS = 0.36;
/** The same of two or three words, where two texts are easily alike by chance. */
const MOST_ERRORS_IN_FEW_WORDS = 0.2;
/** Fewer letters than these are compared whole. */
const FEW_LETTERS = 5;
/** Words at the end that were not played: somebody began to speak over the echo. */
const OWN_WORDS_LETTERS = 9;
const OWN_WORDS_ERRORS = 0.75;

const QUESTIONS = /^(?:who|what|when|where|why|how|which|whose|can|could|would|should|do|does|did|are)$/u;
const CHINESE_QUESTIONS = /为什么|什么|怎么|多少|[几谁哪吗]/gu;
/** Said to interrupt: never taken for an echo when they stand alone or come after one. */
const INTERRUPTIONS = new Set(
  'stop wait no hold hey hello listen sorry excuse pause enough quiet what 停 停下 等 等等 等一下 等下 别 别说了 不 不对 不是 喂 打住 够了 慢着 什么'.split(
    ' ',
  ),
);

/**
 * Whether a transcript is what was just being played, come back through the microphone. `playing`: the words whose
 * sound has been played in the last seconds, whole clauses. Compares letters (Chinese as pinyin without tones, since
 * recognisers confuse homophones) with the best part of `playing` by edit distance; few words must match closely.
 */
export function isEcho({ heard, playing }: { heard: string; playing: string }): boolean {
  const words = toWords(heard.slice(-LONGEST_HEARD));
  const played = toWords(playing);
  if (words.length === 0 || played.length === 0) return false;
  if (words.length <= 3 && INTERRUPTIONS.has(fold(heard).replace(/\s/gu, ''))) return false;
  const letters = words.join('');
  if (words.length === 1 || letters.length < FEW_LETTERS) return words.length <= 2 && standsIn(words, played);
  const errors = alignmentCosts(letters, played.join('').slice(-LONGEST_PLAYING)).at(-1) ?? letters.length;
  const allowed = words.length <= 3 ? MOST_ERRORS_IN_FEW_WORDS : MOST_ERRORS;
  return errors <= letters.length * allowed && !speaksUp(heard, fold(playing)) && !hasOwnWords(words, played);
}

/** Whole words, one after the other. */
function standsIn(words: readonly string[], played: readonly string[]): boolean {
  return played.some((_, at) => words.every((word, index) => played[at + index] === word));
}

/** At its beginning or end stand words that were not played: a person's own, said before or over the echo. */
function hasOwnWords(words: readonly string[], played: readonly string[]): boolean {
  const text = played.join('').slice(-LONGEST_PLAYING);
  const backwards = (parts: readonly string[]): string[] => parts.map((part) => reverse(part)).toReversed();
  return endsInOwnWords(words, text) || endsInOwnWords(backwards(words), reverse(text));
}

function endsInOwnWords(words: readonly string[], text: string): boolean {
  const letters = words.join('');
  const costs = alignmentCosts(letters, text);
  const total = costs.at(-1) ?? 0;
  let length = 0;
  for (const word of words.toReversed()) {
    length += word.length;
    if (length >= letters.length) return false;
    if (length >= OWN_WORDS_LETTERS && total - (costs[letters.length - length] ?? 0) >= length * OWN_WORDS_ERRORS)
      return true;
  }
  return false;
}

/** Begins with a question, or begins or ends with a command, that was not played. */
function speaksUp(heard: string, playing: string): boolean {
  const text = fold(heard);
  const words = text.split(' ');
  const played = new Set(playing.split(' '));
  const isNew = (word: string): boolean => !played.has(word);
  const first = words[0] ?? '';
  const last = words.at(-1) ?? '';
  if ([first, last].some((word) => INTERRUPTIONS.has(word) && isNew(word))) return true;
  if (QUESTIONS.test(first) && isNew(first)) return true;
  const joined = playing.replace(/ /gu, '');
  if ((text.match(CHINESE_QUESTIONS) ?? []).some((part) => !joined.includes(part))) return true;
  return [2, 3, 4].some((length) =>
    [text.slice(0, length), text.slice(-length)].some(
      (part) => INTERRUPTIONS.has(part) && /\p{Script=Han}/u.test(part) && !joined.includes(part),
    ),
  );
}

function reverse(text: string): string {
  return Array.from(text).toReversed().join('');
}

/**
 * For each beginning of `letters`, the fewest edits that turn it into some part of `text` (Sellers' algorithm, 1980):
 * `costs[i]` for the first i letters.
 */
function alignmentCosts(letters: string, text: string): number[] {
  let row = new Uint16Array(text.length + 1);
  const costs = [0];
  for (let index = 0; index < letters.length; index += 1) {
    const next = new Uint16Array(text.length + 1);
    next[0] = index + 1;
    let least = index + 1;
    for (let at = 1; at <= text.length; at += 1) {
      const change = (row[at - 1] ?? 0) + (letters[index] === text[at - 1] ? 0 : 1);
      const cost = Math.min(change, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1);
      next[at] = cost;
      if (cost < least) least = cost;
    }
    costs.push(least);
    row = next;
  }
  return costs;
}

/** Words of letters; each 汉字 is a word, its syllable without tone. */
function toWords(text: string): string[] {
  const folded = fold(inWords(text.slice(-LONGEST_PLAYING)));
  return (folded.match(/\p{Script=Han}+|[^\s\p{Script=Han}]+/gu) ?? []).flatMap((run) =>
    /\p{Script=Han}/u.test(run) ? syllables(run) : [run],
  );
}

/** Recognisers write `2,000` where `two thousand` was said. */
function inWords(text: string): string {
  if (!/\p{N}/u.test(text)) return text;
  const language = /\p{Script=Han}/u.test(text) ? 'zh' : 'en';
  return normalizeForSpeech(text, { language, pronunciations: [], numbers: 'words' });
}

function syllables(run: string): string[] {
  return pinyin(run, { toneType: 'none', type: 'array', v: true }).map(blurSyllable);
}

/** What recognisers and southern speakers confuse: zh/z, ch/c, sh/s, -ng/-n. */
function blurSyllable(syllable: string): string {
  return syllable.replace(/^([zcs])h/u, '$1').replace(/([aei])ng$/u, '$1n');
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/['’]/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
