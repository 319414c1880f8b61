import { toCardinal } from 'n2words/zh-Hans-CN';

const DIGITS = '零一二三四五六七八九';
/** Digits beyond these many are read one by one. */
const MOST_DIGITS = 15;

/** `1,234.5`, `-3`, `007`: as one says them; 两 where a quantity begins with two hundreds, thousands and so on. */
export function chineseNumber(written: string): string {
  const negative = written.startsWith('-') ? '负' : '';
  const [whole = '', decimals] = written.replace(/^[-+]/u, '').replace(/,/gu, '').split('.');
  const tail = decimals === undefined || decimals === '' ? '' : `点${chineseDigits(decimals)}`;
  return `${negative}${wholeNumber(whole)}${tail}`;
}

function wholeNumber(digits: string): string {
  if (digits === '') return '零';
  if (digits.length > MOST_DIGITS || (digits.length > 1 && digits.startsWith('0'))) return chineseDigits(digits);
  return toCardinal(BigInt(digits), { formal: false })
    .replace(/^一十/u, '十')
    .replace(/^二(?=[百千万亿])/u, '两')
    .replace(/(?<=[亿万])二(?=千)/gu, '两');
}

/** One by one. */
export function chineseDigits(digits: string): string {
  return Array.from(digits, (digit) => DIGITS[Number(digit)] ?? '').join('');
}

/** One by one as numbers of telephones and rooms are read: 幺 for one. */
export function chineseCode(digits: string): string {
  return chineseDigits(digits).replace(/一/gu, '幺');
}

/** Before a measure word: 两个, but 十二个 and 二十个. */
export function chineseCount(written: string): string {
  return /^-?2$/u.test(written) ? `${written.startsWith('-') ? '负' : ''}两` : chineseNumber(written);
}
