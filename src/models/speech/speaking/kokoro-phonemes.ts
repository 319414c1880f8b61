import { mandarinPhonemes } from './mandarin-phonemes.ts';

/** `b` for British voices; `a` for all others. */
export type EnglishAccent = 'a' | 'b';

export interface PhonemeSource {
  /** espeak-ng's phonemes of English without punctuation, one string for each of its lines. */
  english(text: string, voice: string): Promise<string[]>;
  /** Pinyin with tone digits, one for each character; what has none comes back as it is. */
  pinyin(characters: string): string[];
}

/** Wide forms outside of U+FF01–FF5E, which lie 0xFEE0 above ASCII. The model knows both quotes, dashes and ellipses. */
const punctuation: Readonly<Record<string, string>> = {
  '、': ', ',
  '。': '. ',
  '·': ' ',
  '～': '…',
  '~': '…',
  '《': ' “',
  '》': '” ',
  '〈': ' “',
  '〉': '” ',
  '「': ' “',
  '」': '” ',
  '『': ' “',
  '』': '” ',
  '【': ' “',
  '】': '” ',
  '«': '“',
  '»': '”',
  '–': '—',
  '‘': "'",
  '’': "'",
};
const wideOffset = 0xfee0;
const chineseDigits = '零一二三四五六七八九';

/** Han, English with its inner marks (numbers too: espeak-ng reads them), or one other character. */
const runs =
  /(?<han>\p{Script=Han}+)|(?<latin>[\p{Script=Latin}\p{M}\p{N}][\p{Script=Latin}\p{M}\p{N}' -]*)|(?<other>.)/gsu;
const words = new Intl.Segmenter('zh', { granularity: 'word' });

/**
 * The phonemes of a text for Kokoro, its punctuation among them: Chinese by pinyin, English by espeak-ng, each by its
 * script, so that both may stand in one clause. Numbers should be written out; a digit that is left among Chinese is read
 * alone.
 */
export async function kokoroPhonemes(
  text: string,
  options: { language: string; accent: EnglishAccent; source: PhonemeSource },
): Promise<string> {
  const { accent, source } = options;
  const plain = narrow(text.normalize('NFC'));
  const prepared = options.language === 'zh' ? readDigits(plain) : plain;
  const parts: string[] = [];
  for (const { groups = {} } of prepared.matchAll(runs)) {
    const { han, latin, other = '' } = groups;
    if (han !== undefined) parts.push(spaced(parts, chinese(han, source)));
    else if (latin !== undefined) parts.push(spaced(parts, await english(latin, accent, source)));
    else parts.push(other);
  }
  return parts.join('').replaceAll(/\s+/gu, ' ').trim();
}

function narrow(text: string): string {
  let narrowed = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const mapped = punctuation[character];
    if (mapped !== undefined) narrowed += mapped;
    else if (code >= 0xff01 && code <= 0xff5e) {
      const ascii = String.fromCodePoint(code - wideOffset);
      narrowed += /[\p{L}\p{N}]/u.test(ascii) ? ascii : ascii === '(' ? ` ${ascii}` : `${ascii} `;
    } else narrowed += character;
  }
  return narrowed;
}

function readDigits(text: string): string {
  return text.replaceAll(/[0-9]/g, (digit) => chineseDigits[Number(digit)] ?? digit);
}

/** One space between words, none inside. */
function chinese(run: string, source: PhonemeSource): string {
  const syllables = source.pinyin(run);
  const characters = Array.from(run);
  let next = 0;
  const spoken: string[] = [];
  for (const { segment } of words.segment(run)) {
    let word = '';
    for (const _ of segment) {
      const syllable = syllables[next] ?? characters[next] ?? '';
      word += mandarinPhonemes(syllable) ?? '';
      next += 1;
    }
    if (word !== '') spoken.push(word);
  }
  return spoken.join(' ');
}

async function english(run: string, accent: EnglishAccent, source: PhonemeSource): Promise<string> {
  const lines = await source.english(run.trim(), accent === 'a' ? 'en-us' : 'en');
  // Sounds of espeak-ng's English that the model was not taught, by the nearest that it was (hexgrad/kokoro, phonemize.js).
  const spoken = lines.join(' ').replaceAll('ʲ', 'j').replaceAll('r', 'ɹ').replaceAll('x', 'k').replaceAll('ɬ', 'l');
  return run.endsWith(' ') ? `${spoken} ` : spoken;
}

/** A word is not glued to the one of the other script before it. */
function spaced(before: readonly string[], run: string): string {
  const last = before.at(-1)?.at(-1) ?? ' ';
  return /[\p{L}\p{M}→↗↓↘ʰː]/u.test(last) ? ` ${run}` : run;
}
