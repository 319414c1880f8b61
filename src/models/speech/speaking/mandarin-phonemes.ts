/**
 * Pinyin as Kokoro was trained to hear it: the phonemes of misaki's Chinese version 1.0
 * (github.com/hexgrad/misaki, `zh.py` and `transcription.py`), checked against its output for every syllable.
 */
const initials = table({
  zh: 'ꭧ',
  ch: 'ꭧʰ',
  sh: 'ʂ',
  b: 'p',
  p: 'pʰ',
  m: 'm',
  f: 'f',
  d: 't',
  t: 'tʰ',
  n: 'n',
  l: 'l',
  g: 'k',
  k: 'kʰ',
  h: 'x',
  j: 'ʨ',
  q: 'ʨʰ',
  x: 'ɕ',
  r: 'ɻ',
  z: 'ʦ',
  c: 'ʦʰ',
  s: 's',
});

/** `·` is the place of the tone. */
const finals = table({
  a: 'a·',
  ai: 'ai·',
  an: 'a·n',
  ang: 'a·ŋ',
  ao: 'au·',
  e: 'ɤ·',
  ei: 'ei·',
  en: 'ə·n',
  eng: 'ə·ŋ',
  ou: 'ou·',
  ong: 'ʊ·ŋ',
  i: 'i·',
  ia: 'ja·',
  iao: 'jau·',
  ie: 'je·',
  iou: 'jou·',
  ian: 'jɛ·n',
  in: 'i·n',
  iang: 'ja·ŋ',
  ing: 'i·ŋ',
  iong: 'jʊ·ŋ',
  u: 'u·',
  ua: 'wa·',
  uo: 'wo·',
  o: 'wo·',
  uai: 'wai·',
  uei: 'wei·',
  uan: 'wa·n',
  uen: 'wə·n',
  uang: 'wa·ŋ',
  ueng: 'wə·ŋ',
  ü: 'y·',
  üe: 'ɥe·',
  üan: 'ɥɛ·n',
  ün: 'y·n',
});

/** Syllables that are not an initial and a final. */
const alone = table({
  er: 'ɚ·',
  o: 'ɔ·',
  ê: 'ɛ·',
  yo: 'wo·',
  m: 'm·',
  n: 'n·',
  ng: 'ŋ·',
  hm: 'hm·',
  hng: 'hŋ·',
});

const tones = table({ '1': '→', '2': '↗', '3': '↓', '4': '↘', '0': '', '5': '' });

/** The vowel of zhi, chi, shi, ri, zi, ci, si. */
const buzzedVowel = 'ɨ·';
const buzzing = /^(?:zh|ch|sh|r|z|c|s)$/u;

/** `pinyin`: one syllable with its tone as a digit, `lü4` (none is neutral); null for what is no syllable. */
export function mandarinPhonemes(pinyin: string): string | null {
  const match = /^([a-zêü]+)([0-5]?)$/u.exec(pinyin);
  if (!match) return null;
  const [, letters = '', digit = ''] = match;
  const shape = alone.get(letters) ?? combined(letters);
  return shape?.replace('·', tones.get(digit) ?? '') ?? null;
}

function combined(letters: string): string | null {
  const spelled = respell(letters);
  const initial = /^(?:[zcs]h|[bpmfdtnlgkhjqxrzcs])/u.exec(spelled)?.[0] ?? '';
  const final = spelled.slice(initial.length);
  const shape = final === 'i' && buzzing.test(initial) ? buzzedVowel : finals.get(final);
  return shape === undefined ? null : `${initials.get(initial) ?? ''}${shape}`;
}

/** Writes out what pinyin's spelling hides: y and w, the ü behind j q x, and the middle of iou, uei, uen. */
function respell(letters: string): string {
  return letters
    .replace(/^yu/u, 'ü')
    .replace(/^yi/u, 'i')
    .replace(/^you$/u, 'iou')
    .replace(/^yong$/u, 'iong')
    .replace(/^y/u, 'i')
    .replace(/^wu$/u, 'u')
    .replace(/^wei$/u, 'uei')
    .replace(/^wen$/u, 'uen')
    .replace(/^weng$/u, 'ueng')
    .replace(/^w/u, 'u')
    .replace(/^([jqx])u/u, '$1ü')
    .replace(/^([^aeiouü]+)iu$/u, '$1iou')
    .replace(/^([^aeiouü]+)ui$/u, '$1uei')
    .replace(/^([^aeiouü]+)un$/u, '$1uen');
}

function table(entries: Record<string, string>): ReadonlyMap<string, string> {
  return new Map(Object.entries(entries));
}
