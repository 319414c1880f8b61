import { digitsAt, isJoined, isWord, wordAt, type EnglishInput } from './english-input.ts';

/** An amount: exact where `low` is `high` and it is not vague. */
export interface Count {
  low: number;
  high: number;
  vague: boolean;
  next: number;
}

const ones =
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const ordinalOnes =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth'.split(
    ' ',
  );

const countHeads = new Set(['a', 'an', 'half', 'few', 'several', ...ones, ...tens]);

/** Whether an amount can begin here. */
export function isCountHead(input: EnglishInput, at: number): boolean {
  const token = input.tokens[at];
  return token?.kind === 'number' || (token !== undefined && countHeads.has(token.text));
}

/** The largest amount that is a distance in time and not a figure of something else. */
const largestCount = 999;

/** "3", "three", "twenty-five", "a", "a couple of", "a few", "several", "two or three", "2-3". */
export function countAt(input: EnglishInput, at: number): Count | null {
  const vague = vagueCountAt(input, at);
  if (vague) return vague;
  const low = exactCountAt(input, at);
  if (!low) return null;
  const joins = isWord(input, low.next, 'or', 'to', '-', '–', '~');
  const high = joins ? exactCountAt(input, low.next + 1) : null;
  if (high && high.value > low.value && high.value <= low.value + 20)
    return { low: low.value, high: high.value, vague: true, next: high.next };
  return { low: low.value, high: low.value, vague: false, next: low.next };
}

function vagueCountAt(input: EnglishInput, at: number): Count | null {
  const start = isWord(input, at, 'a') ? at + 1 : at;
  const skipOf = (next: number): number => (isWord(input, next, 'of') ? next + 1 : next);
  if (start > at && isWord(input, start, 'couple')) return { low: 2, high: 2, vague: true, next: skipOf(start + 1) };
  if (isWord(input, start, 'few')) return { low: 2, high: 5, vague: true, next: start + 1 };
  if (start === at && isWord(input, start, 'several')) return { low: 3, high: 7, vague: true, next: start + 1 };
  if (start > at && isWord(input, start, 'dozen')) return { low: 12, high: 12, vague: true, next: start + 1 };
  return null;
}

function exactCountAt(input: EnglishInput, at: number): { value: number; next: number } | null {
  const digits = digitsAt(input, at);
  if (digits !== null) {
    const isFraction = isWord(input, at + 1, '.', ',') && isJoined(input, at + 1) && isJoined(input, at + 2);
    return digits >= 1 && digits <= largestCount && !isFraction ? { value: digits, next: at + 1 } : null;
  }
  if (isWord(input, at, 'a', 'an')) return { value: 1, next: at + 1 };
  return spelledNumberAt(input, at);
}

function spelledNumberAt(input: EnglishInput, at: number): { value: number; next: number } | null {
  const one = ones.indexOf(wordAt(input, at));
  if (one >= 0) return { value: one + 1, next: at + 1 };
  const ten = tens.indexOf(wordAt(input, at));
  if (ten < 0) return null;
  const value = (ten + 2) * 10;
  const second = isWord(input, at + 1, '-') ? at + 2 : at + 1;
  const unit = ones.indexOf(wordAt(input, second));
  return unit >= 0 && unit < 9 ? { value: value + unit + 1, next: second + 1 } : { value, next: at + 1 };
}

/** A day of a month: "7", "7th", "seventh", "twenty-first"; `ordinal` where it is said as one. */
export function dateAt(input: EnglishInput, at: number): { value: number; ordinal: boolean; next: number } | null {
  const digits = digitsAt(input, at);
  if (digits !== null) {
    if (digits < 1 || digits > 31) return null;
    const suffixed = isWord(input, at + 1, 'st', 'nd', 'rd', 'th') && isJoined(input, at + 1);
    return { value: digits, ordinal: suffixed, next: suffixed ? at + 2 : at + 1 };
  }
  const one = ordinalOnes.indexOf(wordAt(input, at));
  if (one >= 0) return { value: one + 1, ordinal: true, next: at + 1 };
  if (isWord(input, at, 'twentieth')) return { value: 20, ordinal: true, next: at + 1 };
  if (isWord(input, at, 'thirtieth')) return { value: 30, ordinal: true, next: at + 1 };
  if (!isWord(input, at, 'twenty', 'thirty')) return null;
  const second = isWord(input, at + 1, '-') ? at + 2 : at + 1;
  const unit = ordinalOnes.indexOf(wordAt(input, second));
  const value = (isWord(input, at, 'twenty') ? 20 : 30) + unit + 1;
  return unit >= 0 && unit < 9 && value <= 31 ? { value, ordinal: true, next: second + 1 } : null;
}
