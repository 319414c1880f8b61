import { createHash } from 'node:crypto';
import { seededNumbers } from '../base/seeded-numbers.ts';

/** Numbers in [0, 1), the same for the same words. */
export function seededRandom(seed: string): () => number {
  return seededNumbers(createHash('sha256').update(seed).digest().readUInt32LE(0));
}
