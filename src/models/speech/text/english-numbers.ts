import { toCardinal, toOrdinal } from 'n2words/en-US';

/** Digits beyond these many are read one by one; n2words names numbers up to here safely. */
const MOST_DIGITS = 15;

/** `1,234.50`, `007`, `-3`: as one says them. */
export function englishNumber(written: string): string {
  const negative = written.startsWith('-');
  const [whole = '', decimals] = written.replace(/^[-+]/u, '').replace(/,/gu, '').split('.');
  const words = [negative ? 'minus' : '', wholeNumber(whole)];
  if (decimals !== undefined && decimals !== '') words.push('point', englishDigits(decimals));
  return words.filter((word) => word !== '').join(' ');
}

function wholeNumber(digits: string): string {
  if (digits === '') return 'zero';
  if (digits.length > MOST_DIGITS || (digits.length > 1 && digits.startsWith('0'))) return englishDigits(digits);
  return toCardinal(BigInt(digits));
}

/** One by one. */
export function englishDigits(digits: string): string {
  return Array.from(digits, (digit) => toCardinal(Number(digit))).join(' ');
}

export function englishOrdinal(digits: string): string {
  const plain = digits.replace(/,/gu, '');
  if (plain.length > MOST_DIGITS || !/[1-9]/u.test(plain)) return `${wholeNumber(plain)}th`;
  return toOrdinal(BigInt(plain));
}

/** `1984` → nineteen eighty-four, `2005` → two thousand five, `1900` → nineteen hundred. */
export function englishYear(digits: string): string {
  const year = Number(digits);
  if (digits.length !== 4 || year < 1100 || (year >= 2000 && year < 2010)) return wholeNumber(digits);
  const century = toCardinal(Math.floor(year / 100));
  const rest = year % 100;
  if (rest === 0) return year % 1000 === 0 ? toCardinal(year) : `${century} hundred`;
  return rest < 10 ? `${century} oh ${toCardinal(rest)}` : `${century} ${toCardinal(rest)}`;
}

/** `two` → `twos`, `eighty` → `eighties`, `hundred` → `hundreds`. */
export function englishPlural(words: string): string {
  return words.endsWith('y') ? `${words.slice(0, -1)}ies` : `${words}${/(?:x|s)$/u.test(words) ? 'es' : 's'}`;
}

const FRACTIONS: Readonly<Record<string, string>> = { '2': 'half', '4': 'quarter' };

/** `3/4` → three quarters. */
export function englishFraction(numerator: string, denominator: string): string {
  const one = /^0*1$/u.test(numerator);
  const part = FRACTIONS[denominator] ?? englishOrdinal(denominator);
  if (one) return `one ${part}`;
  return `${wholeNumber(numerator)} ${part === 'half' ? 'halves' : englishPlural(part)}`;
}

const ROMAN: readonly [string, number][] = [
  ['M', 1000],
  ['CM', 900],
  ['D', 500],
  ['CD', 400],
  ['C', 100],
  ['XC', 90],
  ['L', 50],
  ['XL', 40],
  ['X', 10],
  ['IX', 9],
  ['V', 5],
  ['IV', 4],
  ['I', 1],
];

/** The value of a well-formed Roman numeral, else null. */
export function romanValue(numeral: string): number | null {
  let value = 0;
  let rest = numeral;
  for (const [sign, worth] of ROMAN) {
    while (rest.startsWith(sign)) {
      value += worth;
      rest = rest.slice(sign.length);
    }
  }
  return rest === '' && value > 0 && value < 4000 && toRoman(value) === numeral ? value : null;
}

function toRoman(value: number): string {
  let rest = value;
  let numeral = '';
  for (const [sign, worth] of ROMAN) {
    while (rest >= worth) {
      numeral += sign;
      rest -= worth;
    }
  }
  return numeral;
}
