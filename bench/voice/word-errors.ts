import { toCardinal, toOrdinal } from 'n2words/en-US';
import { toCardinal as toChinese } from 'n2words/zh-Hans-CN';
import { pinyin } from 'pinyin-pro';

/** How many edits turn what was heard into what was said, of how many units. */
export interface ErrorCount {
  edits: number;
  units: number;
}

const contractions: readonly [RegExp, string][] = [
  [/\bwon't\b/g, 'will not'],
  [/\bcan't\b/g, 'can not'],
  [/\bcannot\b/g, 'can not'],
  [/\blet's\b/g, 'let us'],
  [/n't\b/g, ' not'],
  [/'ll\b/g, ' will'],
  [/'re\b/g, ' are'],
  [/'ve\b/g, ' have'],
  [/'m\b/g, ' am'],
  [/\b(it|that|what|who|he|she|there|where)'s\b/g, '$1 is'],
];
const spellings: readonly [RegExp, string][] = [
  [/\b(col|fav|neighb|harb|hon)our/g, '$1or'],
  [/\bto-(morrow|night|day)\b/g, 'to$1'],
  [/\bgrey\b/g, 'gray'],
  [/\bmr\b/g, 'mister'],
  [/\bdr\b/g, 'doctor'],
  [/\bokay\b/g, 'ok'],
];
/** Words as spoken: lower case, digits as words, contractions in full, American spelling, no punctuation. */
export function englishWords(text: string): string[] {
  let plain = text.toLowerCase().replaceAll(/[\u2018\u2019]/g, "'");
  plain = plain
    .replaceAll(/\$(\d+)/g, '$1 dollars')
    .replaceAll('%', ' percent')
    .replaceAll(/(\d),(\d{3})/g, '$1$2')
    .replaceAll(/(\d+):(\d\d)/g, (_, hours: string, minutes: string) =>
      minutes === '00' ? `${hours} o'clock` : `${hours} ${minutes}`,
    )
    .replaceAll(/(\d+)(st|nd|rd|th)\b/g, (_, digits: string) => toOrdinal(digits))
    .replaceAll(/\d+/g, (digits) => ` ${toCardinal(digits)} `);
  for (const [pattern, replacement] of [...contractions, ...spellings]) plain = plain.replaceAll(pattern, replacement);
  return plain
    .replaceAll(/[^a-z']+/g, ' ')
    .replaceAll(/(^|\s)'+|'+(?=\s|$)/g, ' ')
    .split(' ')
    .filter(Boolean);
}

/** 汉字 as spoken: digits as numerals, no punctuation or spaces. */
export function chineseCharacters(text: string): string[] {
  const numerals = text
    .replaceAll(/(\d+)[:：](\d\d)/g, '$1点$2分')
    .replaceAll(/\d+/g, (digits) => toChinese(digits, { formal: false }).replace(/^一十/, '十'));
  return Array.from(numerals.normalize('NFKC').replaceAll(/[^\p{L}\p{N}]/gu, ''));
}

/** Syllables without tones: what is left of a character error when the ear chose another character of the same sound. */
export function chineseSyllables(text: string): string[] {
  return pinyin(chineseCharacters(text).join(''), { toneType: 'none', type: 'array' });
}

/** Levenshtein distance over units. */
export function countErrors(said: readonly string[], heard: readonly string[]): ErrorCount {
  let row = Array.from({ length: heard.length + 1 }, (_, index) => index);
  for (const [index, unit] of said.entries()) {
    const next = [index + 1];
    for (const [other, heardUnit] of heard.entries()) {
      const substituted = (row[other] ?? 0) + (unit === heardUnit ? 0 : 1);
      next.push(Math.min(substituted, (row[other + 1] ?? 0) + 1, (next[other] ?? 0) + 1));
    }
    row = next;
  }
  return { edits: row.at(-1) ?? 0, units: said.length };
}

/** Edits per unit over all pairs. */
export function errorRate(counts: readonly ErrorCount[]): number {
  const edits = counts.reduce((sum, count) => sum + count.edits, 0);
  return (
    edits /
    Math.max(
      1,
      counts.reduce((sum, count) => sum + count.units, 0),
    )
  );
}
