import { pinyin } from 'pinyin-pro';

/** Words or Han characters of a text, and what each sounds like. */
export interface SoundedWord {
  /** UTF-16 units into the text. */
  start: number;
  end: number;
  /** One letter for each sound: `a e i o u`, consonants, and `S` (sh, x), `C` (ch, q, c), `J` (zh, j, soft g). */
  sounds: string;
  isHan: boolean;
}

const WORDS = /\p{Script=Han}+|\p{Script=Latin}[\p{Script=Latin}'’]*/gu;
const HAN = /^\p{Script=Han}/u;

/** English spelling to sounds, the first rule that fits; a coarse Metaphone that keeps vowels. */
const SPELLING: readonly (readonly [RegExp, string])[] = [
  [/^(?:kn|gn|pn)/, 'n'],
  [/^wr/, 'r'],
  [/^wh/, 'u'],
  [/^(?:tch|ch)/, 'C'],
  [/^sch/, 'S'],
  [/^(?:sh|ssi)/, 'S'],
  [/^ph/, 'f'],
  [/^th/, 't'],
  [/^igh/, 'ai'],
  [/^gh/, ''],
  [/^dge?/, 'd'],
  [/^ck/, 'k'],
  [/^qu/, 'ku'],
  [/^c(?=[eiy])/, 's'],
  [/^g(?=[eiy])/, 'J'],
  [/^[cq]/, 'k'],
  [/^j/, 'J'],
  [/^x/, 'ks'],
  [/^(?:ee|ea|ie)/, 'i'],
  [/^oo/, 'u'],
  [/^(?:ai|ay|ei|ey)/, 'ei'],
  [/^y/, 'i'],
  [/^w/, 'u'],
];

/** Initials of Mandarin that English ears and spellings hear as others. */
const INITIALS: readonly (readonly [RegExp, string])[] = [
  [/^zh|^j|^z/, 'J'],
  [/^ch|^q|^c/, 'C'],
  [/^sh|^x/, 'S'],
  [/^y/, 'i'],
  [/^w/, 'u'],
];

/** A text as it sounds, word by word; scripts other than Latin and Han are passed over. */
export function soundWords(text: string): SoundedWord[] {
  return [...text.matchAll(WORDS)].flatMap(({ 0: word, index }) =>
    HAN.test(word)
      ? soundHan(word, index)
      : [{ start: index, end: index + word.length, sounds: soundOfLatin(word), isHan: false }],
  );
}

/** How unlike two pronunciations are: 0 the same, 1 nothing in common. */
export function unlikeness(one: string, other: string): number {
  if (one === other) return 0;
  let row = costsOf(other);
  for (const sound of one) {
    const next = [(row[0] ?? 0) + dropCost(sound)];
    for (const [index, against] of Array.from(other).entries()) {
      const swapped = (row[index] ?? 0) + swapCost(sound, against);
      const dropped = (row[index + 1] ?? 0) + dropCost(sound);
      const added = (next[index] ?? 0) + dropCost(against);
      next.push(Math.min(swapped, dropped, added));
    }
    row = next;
  }
  return (row.at(-1) ?? 0) / Math.max(one.length, other.length, 1);
}

function costsOf(sounds: string): number[] {
  const costs = [0];
  for (const sound of sounds) costs.push((costs.at(-1) ?? 0) + dropCost(sound));
  return costs;
}

function soundHan(run: string, index: number): SoundedWord[] {
  let start = index;
  const characters = Array.from(run);
  const syllables = pinyin(run, { toneType: 'none', type: 'array', v: true });
  return characters.map((character, at) => {
    const word = { start, end: start + character.length, sounds: soundOfSyllable(syllables[at] ?? ''), isHan: true };
    start = word.end;
    return word;
  });
}

/** Toneless, and without what regional ears do not tell apart: -n and -ng, flat and curled tongues (by `swapCost`). */
function soundOfSyllable(syllable: string): string {
  const [pattern, sound] = INITIALS.find(([initial]) => initial.test(syllable)) ?? [/^/, ''];
  const rest = syllable.replace(pattern, sound);
  return collapse(rest.replace(/ng$/, 'n').replace(/v/g, 'u'));
}

function soundOfLatin(word: string): string {
  const spelled = word
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
    .replace(/([^aeiou])e$/, (ending, before: string) => (word.length > 3 ? before : ending))
    .replace(/([aeiou])h(?![aeiou])/g, '$1');
  let rest = spelled;
  let sounds = '';
  while (rest !== '') {
    const [pattern, sound] = SPELLING.find(([rule]) => rule.test(rest)) ?? [/^./, rest.slice(0, 1)];
    sounds += sound;
    rest = rest.replace(pattern, '');
  }
  return collapse(sounds.replace(/n[gk]$/, 'n'));
}

function collapse(sounds: string): string {
  return sounds.replaceAll(/(.)\1+/g, '$1');
}

const VOWELS = /[aeiou]/;
/** Sounds that recognisers and regional ears take for one another. */
const CLOSE: ReadonlySet<string> = new Set(
  'bp dt gk fv sz sS zJ sC JC CS lr ln mn uv Jg Ck dJ tC'
    .split(' ')
    .flatMap((pair) => [pair, Array.from(pair).toReversed().join('')]),
);

function swapCost(one: string, other: string): number {
  if (one === other) return 0;
  if (VOWELS.test(one) && VOWELS.test(other)) return 0.35;
  return CLOSE.has(one + other) ? 0.35 : 1;
}

/** Vowels, breath and a final r or n come and go; other consonants carry a name. */
function dropCost(sound: string): number {
  return /[aeiouhrn]/.test(sound) ? 0.5 : 1;
}
