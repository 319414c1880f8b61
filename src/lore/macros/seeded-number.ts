import { createHash } from 'node:crypto';

/** A number from a text, at least 0 and below 1, the same on every machine. */
export function seededNumber(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
