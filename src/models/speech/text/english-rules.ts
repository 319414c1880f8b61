import { addressReplacements } from './addresses.ts';
import { englishDates } from './english-dates.ts';
import {
  englishDigits,
  englishFraction,
  englishNumber,
  englishOrdinal,
  englishPlural,
  englishYear,
  romanValue,
} from './english-numbers.ts';
import { digitValue } from './digit-value.ts';
import { applyReplacements, type Replacement } from './replacements.ts';
import { CURRENCIES, CURRENCY_PATTERN, UNIT_PATTERN, UNITS } from './units.ts';

const NUMBER = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?`;
const SCALE = 'thousand|million|billion|trillion';
const SCALES: Readonly<Record<string, string>> = {
  k: 'thousand',
  m: 'million',
  bn: 'billion',
  b: 'billion',
  t: 'trillion',
};

/** English as it is read aloud. `numbers: 'keep'` leaves everything with digits to the engine. */
export function speakEnglish(text: string, { numbers }: { numbers: 'words' | 'keep' }): string {
  const spelled = applyReplacements(text, [...ADDRESSES, ...ABBREVIATIONS, ...ROMAN_NUMERALS]);
  const counted = numbers === 'words' ? applyReplacements(spelled, NUMBERS) : spelled;
  return applyReplacements(counted, SYMBOLS);
}

const ADDRESSES = addressReplacements({
  dot: 'dot',
  at: 'at',
  slash: 'slash',
  dash: 'dash',
  underscore: 'underscore',
  colon: 'colon',
});

/** Matched before a following name where `name` says so. */
const SHORTENED: readonly [pattern: string, spoken: string][] = [
  ['Mr', 'Mister'],
  ['Mrs', 'Missus'],
  ['Ms', 'Miz'],
  ['Mx', 'Mix'],
  ['Dr', 'Doctor'],
  ['Prof', 'Professor'],
  ['Rev', 'Reverend'],
  ['Hon', 'Honorable'],
  ['Gen', 'General'],
  ['Col', 'Colonel'],
  ['Capt', 'Captain'],
  ['Lt', 'Lieutenant'],
  ['Sgt', 'Sergeant'],
  ['Sen', 'Senator'],
  ['Gov', 'Governor'],
  ['Jr', 'Junior'],
  ['Sr', 'Senior'],
  ['vs', 'versus'],
  ['approx', 'approximately'],
  ['dept', 'department'],
  ['Ave', 'Avenue'],
  ['Blvd', 'Boulevard'],
  ['Inc', 'Incorporated'],
  ['Ltd', 'Limited'],
  ['Corp', 'Corporation'],
  ['Mt', 'Mount'],
  ['Ft', 'Fort'],
];

const ABBREVIATIONS: readonly Replacement[] = [
  { pattern: /\be\.\s?g\.(?:,)?/giu, say: () => 'for example,' },
  { pattern: /\bi\.\s?e\.(?:,)?/giu, say: () => 'that is,' },
  { pattern: /\betc\.(?=\s+\p{Lu}|\s*$)/gu, say: () => 'et cetera.' },
  { pattern: /\betc\b\.?/giu, say: () => 'et cetera' },
  { pattern: /\bSt\.(?=\s+\p{Lu})/gu, say: () => 'Saint' },
  { pattern: /(?<=\p{L} )St\.(?=\s*(?:$|[,;!?]|\p{Ll}))/gu, say: () => 'Street' },
  { pattern: /\b(?:No|Nos)\.\s?(?=\d)/gu, say: () => 'number ' },
  {
    pattern: /\b(?:nos?|pp?|vol|fig|ch|sec)\.\s?(?=\d)/giu,
    say: ([found = '']) => `${REFERENCES[found.trim().toLowerCase()] ?? ''} `,
  },
  { pattern: /\bPh\.?\s?D\b\.?/gu, say: () => 'P H D' },
  {
    pattern: /(?<=\d\s?)([AaPp])(?:\.\s?)?[Mm](?:\b\.(?=\s+\p{Lu}|\s*$)|\b\.?)/gu,
    say: ([found = '', half = ''], { text, at }) => {
      const ends = found.endsWith('.') && /^\s*(?:$|\s\p{Lu})/u.test(text.slice(at + found.length));
      return ` ${half.toUpperCase()} M${ends ? '.' : ''}`;
    },
  },
  {
    pattern: /\b((?:\p{Lu}\.){2,})(?=\s+\p{Lu}|\s*$)/gu,
    say: ([, letters = '']) => `${letters.replace(/\./gu, ' ').trim()}.`,
  },
  { pattern: /\b((?:\p{Lu}\.){2,})/gu, say: ([, letters = '']) => letters.replace(/\./gu, ' ').trim() },
  { pattern: /(?<!\S)w\/o(?!\S)/giu, say: () => 'without' },
  { pattern: /(?<!\S)w\/(?=\s)/giu, say: () => 'with' },
  ...SHORTENED.map(([written, spoken]) => ({
    pattern: new RegExp(String.raw`\b${written}\.(?=\s|$|[,;)])`, 'gu'),
    say: () => spoken,
  })),
  ...['Mr', 'Mrs', 'Dr'].map((written) => ({
    pattern: new RegExp(String.raw`\b${written}(?=\s+\p{Lu})`, 'gu'),
    say: () => SHORTENED.find(([short]) => short === written)?.[1] ?? written,
  })),
];

const REFERENCES: Readonly<Record<string, string>> = {
  'no.': 'number',
  'nos.': 'numbers',
  'p.': 'page',
  'pp.': 'pages',
  'vol.': 'volume',
  'fig.': 'figure',
  'ch.': 'chapter',
  'sec.': 'section',
};

const RULERS =
  'Henry|Louis|Elizabeth|George|Edward|Richard|Charles|James|William|Mary|Philip|Alexander|Napoleon|Pius|Benedict|Francis|Paul|John|Ivan|Peter|Catherine|Nicholas|Frederick|Leo|Gregory|Ramses|Ptolemy|Wilhelm|Karl|Gustav|Christian|Victoria|Innocent|Clement|Urban|Ferdinand|Alfonso|Felipe|Juan|Robert|Harald|Olaf|Otto|Leopold|Albert|Cleopatra|Darius|Xerxes|Mehmed|Murad|Sixtus|Boniface';

const ROMAN_NUMERALS: readonly Replacement[] = [
  {
    pattern: new RegExp(String.raw`\b(${RULERS}) ([IVX]{1,6})\b(?!')`, 'gu'),
    say: ([found = '', name = '', numeral = '']) => {
      const value = romanValue(numeral);
      return value === null ? found : `${name} the ${englishOrdinal(String(value))}`;
    },
  },
  {
    pattern:
      /\b(War|Chapter|Part|Act|Volume|Vol|Book|Phase|Type|Level|Section|Scene|Article|Title|Season|Episode|Class|Stage|Grade|Fantasy|Bowl|Apollo|Rocky|Unit|Appendix|Mark|Version) ([IVXLCDM]{1,8})\b(?!')/gu,
    say: ([found = '', noun = '', numeral = '']) => {
      const value = romanValue(numeral);
      return value === null ? found : `${noun} ${englishNumber(String(value))}`;
    },
  },
  {
    pattern: /\b(\p{Lu}\p{Ll}+) (II|III|IV|VI|VII|VIII|IX|XI|XII|XIII|XIV|XV)\b/gu,
    say: ([found = '', noun = '', numeral = '']) => {
      const value = romanValue(numeral);
      return value === null ? found : `${noun} ${englishNumber(String(value))}`;
    },
  },
];

function amount(written: string, scale: string): string {
  const word = SCALES[scale.toLowerCase()] ?? scale.toLowerCase();
  return [englishNumber(written), word].filter((part) => part !== '').join(' ');
}

function money(sign: string, written: string, scale: string): string {
  const currency = CURRENCIES[sign] ?? CURRENCIES[sign.toUpperCase()];
  if (!currency) return `${sign} ${amount(written, scale)}`;
  if (scale !== '') return `${amount(written, scale)} ${currency.many}`;
  const [whole = '0', cents = ''] = written.replace(/,/gu, '').split('.');
  if (currency.cent && /^\d{2}$/u.test(cents)) {
    const parts: string[] = [];
    if (Number(whole) > 0 || cents === '00')
      parts.push(`${englishNumber(whole)} ${whole === '1' ? currency.one : currency.many}`);
    if (cents !== '00') {
      const count = String(Number(cents));
      parts.push(`${englishNumber(count)} ${count === '1' ? currency.cent.one : currency.cent.many}`);
    }
    return parts.join(' and ');
  }
  return `${englishNumber(written)} ${written === '1' ? currency.one : currency.many}`;
}

function measure(written: string, unit: string): string {
  const words = UNITS[unit];
  return `${englishNumber(written)} ${written === '1' || written === '-1' ? (words?.one ?? unit) : (words?.many ?? unit)}`;
}

const MINUS = String.raw`(?<![\p{L}\p{N}.)])-`;

const NUMBERS: readonly Replacement[] = [
  ...englishDates,
  {
    pattern: new RegExp(
      String.raw`(?<![\p{L}\p{N}])(${CURRENCY_PATTERN})\s?(${NUMBER})(?:\s?(${SCALE}|k|m|bn|b|t)\b)?`,
      'giu',
    ),
    say: ([, sign = '', written = '', scale = '']) => money(sign, written, scale),
  },
  {
    pattern: new RegExp(
      String.raw`(?<![\p{L}\p{N}.])(${NUMBER})\s?(€|£|¥|USD|EUR|GBP|RMB|CNY|JPY|HKD)(?![\p{L}\p{N}])`,
      'gu',
    ),
    say: ([, written = '', sign = '']) => money(sign, written, ''),
  },
  {
    pattern: /(?<![\d.])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)/gu,
    say: ([found = '']) => points(found),
  },
  { pattern: /\bv(?=\d)/gu, say: () => 'version ' },
  { pattern: /(?<![\d.])\d+(?:\.\d+){2,6}(?![.]?\d)/gu, say: ([found = '']) => points(found) },
  {
    pattern: /(?<![\p{L}\p{N}.,])(\+?\d{1,3}[ -])?(\(\d{3}\) ?|\d{3}[ -])?(\d{3})-(\d{4})(?![\p{L}\p{N}]|[.,]\d)/gu,
    say: ([found = '']) => phone(found),
  },
  { pattern: /(?<![\p{L}\p{N}.,])\+\d[\d -]{6,18}\d(?![\p{L}\p{N}])/gu, say: ([found = '']) => phone(found) },
  { pattern: /(?<![\p{L}\p{N}.,])\d{10,}(?![\p{L}\p{N}]|[.,]\d)/gu, say: ([found = '']) => englishDigits(found) },
  { pattern: /\b24\/7\b/gu, say: () => 'twenty-four seven' },
  {
    pattern: new RegExp(String.raw`(${NUMBER})\s?(?:-|–|—|~)\s?(${NUMBER})(?=\s?%)`, 'gu'),
    say: ([, from = '', to = '']) => `${englishNumber(from)} to ${to}`,
  },
  {
    pattern: /(?<![\p{L}\p{N}.,/-])(1[1-9]\d\d|20\d\d)(?:-|–|—)(1[1-9]\d\d|20\d\d|\d\d)(?![\p{L}\p{N}-]|[.,]\d)/gu,
    say: ([, from = '', to = '']) => `${englishYear(from)} to ${to.length === 2 ? englishNumber(to) : englishYear(to)}`,
  },
  {
    pattern: new RegExp(
      String.raw`(?<![\p{L}\p{N}.,/-])(${NUMBER})(?:-|–|—|\s–\s|~)(${NUMBER})(?![\p{N}-]|[.,]\d)`,
      'gu',
    ),
    say: ([, from = '', to = '']) => `${englishNumber(from)} to ${to}`,
  },
  {
    pattern: new RegExp(String.raw`(${MINUS})?(?<![\p{L}\p{N}.])(${NUMBER})\s?(?:%|percent\b)`, 'gu'),
    say: ([, minus = '', written = '']) => `${englishNumber(minus + written)} percent`,
  },
  {
    pattern: /(?<![\p{L}\p{N}.,])(?:(1[1-9]|20)(\d)0|'?([2-9])0)['’]?s\b/gu,
    say: ([, century = '', decade = '', short = '']) => decades(century, decade, short),
  },
  {
    pattern: new RegExp(
      String.raw`(${MINUS})?(?<![\p{L}\p{N}.])(${NUMBER})(?:\s?|-)(${UNIT_PATTERN})(?![\p{L}\p{N}'/²³])(?:\.(?=\s+\p{Ll}))?`,
      'gu',
    ),
    say: ([, minus = '', written = '', unit = '']) => measure(minus + written, unit),
  },
  {
    pattern: /\b(\d{1,2})'(\d{1,2})"/gu,
    say: ([, feet = '', inches = '']) => `${englishNumber(feet)} foot ${englishNumber(inches)}`,
  },
  { pattern: /(?<![\p{L}\p{N}.])(\d[\d,]*)(?:st|nd|rd|th)\b/giu, say: ([, digits = '']) => englishOrdinal(digits) },
  {
    pattern: /(?<![\p{L}\p{N}.,/])(?:(\d{1,4}) )?(\d{1,3})\/(\d{1,3})(?![\p{L}\p{N}/]|[.,]\d)/gu,
    say: ([found = '', whole = '', numerator = '', denominator = '']) => {
      if (!/[1-9]/u.test(denominator) || denominator === '1') return found.replace('/', ' over ');
      const fraction = englishFraction(numerator, denominator);
      return whole === '' ? fraction : `${englishNumber(whole)} and ${fraction.replace(/^one /u, 'a ')}`;
    },
  },
  { pattern: /(?<=\p{L})-(?=\d)/gu, say: () => ' ' },
  { pattern: /#(?=\d)/gu, say: () => 'number ' },
  { pattern: /(?<=\d)\s?[×✕*]\s?(?=\d)/gu, say: () => ' times ' },
  { pattern: /(?<=\d)\s?÷\s?(?=\d)/gu, say: () => ' divided by ' },
  { pattern: /(?<=\d)\s?\+\s?(?=\d)/gu, say: () => ' plus ' },
  { pattern: /(?<=\d)\s-\s(?=\d)/gu, say: () => ' minus ' },
  { pattern: /(?<=\d)\s?\/\s?(?=\d)/gu, say: () => ' over ' },
  { pattern: /(?<![\p{L}\p{N}])~\s?(?=\d)/gu, say: () => 'about ' },
  { pattern: /(?<=\d)\+(?![\d+])/gu, say: () => ' plus' },
  { pattern: /(?<=[\p{L}\p{N}.)]\s?)\^(?=\d)/gu, say: () => ' to the power of ' },
  { pattern: /(?<=\d)[xX](?=\d)/gu, say: () => ' by ' },
  { pattern: /(?<=\d)[xX](?![\p{L}\p{N}])/gu, say: () => ' times' },
  {
    pattern: /(?<![\p{L}\p{N}.,$€£¥-])(1[1-9]\d\d|20[1-9]\d)(?![\p{L}\p{N}]|[.,]\d)/gu,
    say: ([, digits = '']) => englishYear(digits),
  },
  {
    pattern: new RegExp(String.raw`${MINUS}(${NUMBER})`, 'gu'),
    say: ([, written = '']) => englishNumber(`-${written}`),
  },
  { pattern: /(?<![\p{N}.])\.(\d+)/gu, say: ([, digits = '']) => ` point ${englishDigits(digits)}` },
  {
    pattern: new RegExp(NUMBER, 'gu'),
    say: ([written = ''], { text, at }) => {
      const before = /[\p{L}_-]/u.test(text[at - 1] ?? '') ? ' ' : '';
      const after = /[\p{L}_]/u.test(text[at + written.length] ?? '') ? ' ' : '';
      return `${before}${englishNumber(written)}${after}`;
    },
  },
  { pattern: /²/gu, say: () => ' squared' },
  { pattern: /³/gu, say: () => ' cubed' },
  { pattern: /\p{N}/gu, say: ([digit = '']) => foreignDigit(digit) },
];

/** `1.2.3` → one point two point three. */
function points(written: string): string {
  return written
    .split('.')
    .map((part) => englishNumber(part))
    .join(' point ');
}

/** Digits one by one, a breath between groups. */
function phone(written: string): string {
  const groups = written.match(/\d+/gu) ?? [];
  const plus = written.startsWith('+') ? 'plus ' : '';
  return plus + groups.map((group) => englishDigits(group)).join(', ');
}

function decades(century: string, decade: string, short: string): string {
  const tens = englishNumber(`${decade || short}0`);
  if (century === '') return englishPlural(tens);
  if (decade === '0') return century === '20' ? 'two thousands' : `${englishNumber(century)} hundreds`;
  return `${englishNumber(century)} ${decade === '1' ? 'tens' : englishPlural(tens)}`;
}

/** Digits of other scripts (٣, ७) by their value; other number signs (Ⅷ, ㉑) by their plain form. */
function foreignDigit(sign: string): string {
  const value = digitValue(sign);
  if (value !== null) return ` ${englishNumber(String(value))} `;
  const plain = sign.normalize('NFKC');
  if (/^\d+$/u.test(plain)) return ` ${englishNumber(plain)} `;
  return /\p{N}/u.test(plain) ? ' ' : ` ${plain} `;
}

const SYMBOLS: readonly Replacement[] = [
  { pattern: /\s?&\s?/gu, say: () => ' and ' },
  { pattern: /(?<=\p{L})\+\+/gu, say: () => ' plus plus' },
  { pattern: /\s?(?:→|⇒|=>|->|⟶)\s?/gu, say: () => ' to ' },
  { pattern: /\s?(?:≠|!=)\s?/gu, say: () => ' is not ' },
  { pattern: /\s?≈\s?/gu, say: () => ' is about ' },
  { pattern: /\s?≤\s?/gu, say: () => ' is at most ' },
  { pattern: /\s?≥\s?/gu, say: () => ' is at least ' },
  { pattern: /\s?={1,3}\s?/gu, say: () => ' equals ' },
  { pattern: /\s?±\s?/gu, say: () => ' plus or minus ' },
  { pattern: /(?<=\s)<(?=\s)/gu, say: () => 'is less than' },
  { pattern: /(?<=\s)>(?=\s)/gu, say: () => 'is greater than' },
  { pattern: /\s?\+\s?(?=[\p{L}\p{N}])/gu, say: () => ' plus ' },
  { pattern: /\s?%/gu, say: () => ' percent' },
  { pattern: /°/gu, say: () => ' degrees ' },
  { pattern: /\s@\s/gu, say: () => ' at ' },
  { pattern: /@(?=\p{L})/gu, say: () => ' at ' },
  { pattern: /#(?=\p{L})/gu, say: () => 'hashtag ' },
  { pattern: /\band\/or\b/giu, say: () => 'and or' },
  { pattern: /(?<=\p{L})\s?\/\s?(?=\p{L})/gu, say: () => ' or ' },
  { pattern: /\s?\|\s?/gu, say: () => ', ' },
];
