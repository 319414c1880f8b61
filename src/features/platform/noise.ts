import { randomInt } from 'node:crypto';

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
/** Deltas are filled up to a multiple of so many characters. */
const STEP = 16;

/** Letters that mean nothing and, sent beside `text`, hide how long it is from who watches the line. */
export function noiseBeside(text: string): string {
  const missing = STEP - (text.length % STEP);
  return Array.from({ length: missing }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}
