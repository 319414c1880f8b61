import { matchAt, type ChineseInput } from './chinese-input.ts';

const digitCharacters = '〇一二三四五六七八九';
const digitOf = new Map([
  ...Array.from(digitCharacters, (character, at): [string, number] => [character, at]),
  ['零', 0],
  ['两', 2],
  ['俩', 2],
  ['○', 0],
]);
const unitOf = new Map([
  ['十', 10],
  ['百', 100],
  ['千', 1_000],
]);

/** Characters with which a numeral begins. */
export const numeralHeads = '0123456789〇零○一二两三四五六七八九十百千廿卅';

/** A numeral of up to four digits, in either writing. */
export const numeral = '(?:\\d{1,4}|[〇零一二两三四五六七八九十百千廿卅]{1,7})';

/** 12, 十二, 二十一, 廿三, 一百零五, 二〇二三; null for what is no number. */
export function chineseNumber(text: string): number | null {
  if (/^\d+$/u.test(text)) return Number(text);
  const plain = text.replace(/廿/gu, '二十').replace(/卅/gu, '三十');
  if (plain === '') return null;
  return /[十百千]/u.test(plain) ? positionalNumber(plain) : digitwiseNumber(plain);
}

function digitwiseNumber(text: string): number | null {
  let value = 0;
  for (const character of text) {
    const digit = digitOf.get(character);
    if (digit === undefined) return null;
    value = value * 10 + digit;
  }
  return value;
}

function positionalNumber(text: string): number | null {
  let total = 0;
  let digit: number | null = null;
  let lastUnit = 10_000;
  for (const character of text) {
    const unit = unitOf.get(character);
    if (unit === undefined) {
      const next = digitOf.get(character);
      if (next === undefined || (digit !== null && digit !== 0)) return null;
      digit = next;
      continue;
    }
    if (unit >= lastUnit) return null;
    total += (digit === null || digit === 0 ? 1 : digit) * unit;
    digit = null;
    lastUnit = unit;
  }
  return total + (digit ?? 0);
}

/** An amount; exact where `low` is `high` and it is not vague. */
export interface Amount {
  low: number;
  high: number;
  vague: boolean;
  next: number;
}

const vagueAmount = /(好几|十几|[二三四五六七八九]十几|几十|几|数)/uy;
const twoNumerals = /([一二两三四五六七八九])([二两三四五六七八九])(?=个|天|年|周|星期|礼拜|月|日|小时|分钟)/uy;
const plainAmount = new RegExp(`(${numeral})(多|来)?`, 'uy');

/** 三, 12, 几, 好几, 十几, 两三, 三十多. */
export function amountAt(input: ChineseInput, at: number): Amount | null {
  const vague = matchAt(input, at, vagueAmount);
  if (vague) {
    const [low, high] = vagueBounds(vague[0]);
    return { low, high, vague: true, next: at + vague[0].length };
  }
  const two = matchAt(input, at, twoNumerals);
  if (two) {
    const low = chineseNumber(two[1] ?? '');
    const high = chineseNumber(two[2] ?? '');
    if (low !== null && high !== null && high > low) return { low, high, vague: true, next: at + 2 };
  }
  const plain = matchAt(input, at, plainAmount);
  const value = plain && chineseNumber(plain[1] ?? '');
  if (!plain || value === null || value < 1 || value > 999) return null;
  const more = plain[2] !== undefined;
  return {
    low: value,
    high: more ? value + Math.max(1, Math.round(value / 3)) : value,
    vague: more,
    next: at + plain[0].length,
  };
}

function vagueBounds(words: string): [number, number] {
  if (words === '几十') return [20, 90];
  if (words.endsWith('十几')) {
    const tens = (words.length === 3 ? (chineseNumber(words.charAt(0)) ?? 1) : 1) * 10;
    return [tens + 1, tens + 9];
  }
  return words === '好几' ? [3, 9] : [2, 7];
}
