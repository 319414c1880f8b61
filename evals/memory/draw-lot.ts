import { createHash } from 'node:crypto';

/** Whether a question is among the `part` per cent that the lot `seed` draws; each question's lot is its own. */
export function isDrawn(id: string, { part, seed }: { part: number; seed: number }): boolean {
  if (part >= 100) return true;
  const lot = createHash('sha256').update(`${seed}\0${id}`).digest().readUInt32BE(0) / 2 ** 32;
  return lot * 100 < part;
}
