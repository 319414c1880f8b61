/**
 * Scripts written without spaces between words: a key of theirs is looked for as it is, or by `Intl.Segmenter` where
 * whole words are asked for.
 */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Yi}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\u30FC\u3005\u3007]/u;
const HANGUL = /\p{Script=Hangul}/u;
const WORD = /[\p{L}\p{N}\p{M}]/u;

/** How strictly a key must stand as a word: `boundary` for spaced scripts only, `segment` in every script. */
export type WordRule = 'anywhere' | 'boundary' | 'segment';

/**
 * Whether `key` stands in `text`. Both must be prepared alike (`prepareText`).
 *
 * With `boundary`, an end of the key that is a letter or digit of a spaced script must not touch another one; Korean
 * takes particles, so a Korean key may go on to the right; ends in scripts without spaces touch whatever they like.
 */
export function standsIn(text: string, key: string, rule: WordRule): boolean {
  if (key === '') return false;
  if (rule === 'anywhere') return text.includes(key);
  const first = firstLetter(key);
  const last = lastLetter(key);
  const needsLeft = isSpaced(first);
  const needsRight = isSpaced(last) && !HANGUL.test(last);
  const bySegments = rule === 'segment' && UNSPACED.test(key);
  for (let at = text.indexOf(key); at !== -1; at = text.indexOf(key, at + 1)) {
    const end = at + key.length;
    if (needsLeft && isSpaced(lastLetter(text.slice(Math.max(0, at - 2), at)))) continue;
    if (needsRight && isSpaced(firstLetter(text.slice(end, end + 2)))) continue;
    if (bySegments && !onSegmentEdges({ text, at, end })) continue;
    return true;
  }
  return false;
}

function isSpaced(letter: string): boolean {
  return letter !== '' && WORD.test(letter) && !UNSPACED.test(letter);
}

function firstLetter(text: string): string {
  const code = text.codePointAt(0);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function lastLetter(text: string): string {
  const low = text.charCodeAt(text.length - 1);
  const isPair = low >= 0xdc00 && low <= 0xdfff && text.length > 1;
  return isPair ? text.slice(-2) : text.slice(-1);
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** Letters around a hit that are given to the segmenter: enough for its dictionary, and no whole chat. */
const SEGMENT_CONTEXT = 60;

function onSegmentEdges({ text, at, end }: { text: string; at: number; end: number }): boolean {
  const from = Math.max(0, at - SEGMENT_CONTEXT);
  const around = text.slice(from, end + SEGMENT_CONTEXT);
  const edges = new Set([0, around.length]);
  for (const { index } of segmenter.segment(around)) edges.add(index);
  return edges.has(at - from) && edges.has(end - from);
}

/**
 * A text or key made ready for comparison: composed, and on demand in lower case and without accents (the marks that
 * a Latin, Greek or Cyrillic letter can carry; vowel signs of other scripts are letters and stay).
 */
export function prepareText(
  text: string,
  { caseSensitive, foldAccents }: { caseSensitive: boolean; foldAccents: boolean },
): string {
  const cased = caseSensitive ? text : text.toLowerCase();
  if (!foldAccents) return cased.normalize('NFC');
  return cased
    .normalize('NFD')
    .replace(/(?<=\p{Script=Latin}|\p{Script=Greek}|\p{Script=Cyrillic})[\u0300-\u036F]+/gu, '')
    .normalize('NFC');
}

/**
 * SillyTavern's whole-word test: an occurrence with ASCII `\W` or an end of the text on both sides. Letters outside of
 * ASCII count as no word, so that 北京 is found inside a sentence and `caf` in `café`.
 */
export function standsAsAsciiWord(text: string, key: string): boolean {
  for (let at = text.indexOf(key); at !== -1; at = text.indexOf(key, at + 1)) {
    if (isAsciiEdge(text.charCodeAt(at - 1)) && isAsciiEdge(text.charCodeAt(at + key.length))) return true;
    if (key === '') return false;
  }
  return false;
}

/** True for NaN too, which stands for the end of the text. */
function isAsciiEdge(code: number): boolean {
  const isWord =
    (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || (code >= 0x61 && code <= 0x7a);
  return !isWord;
}
