import { createHash } from 'node:crypto';
import { foldWords } from '../../memory/facts/fold-words.ts';

/** By which a statement is found again, whatever its case, accents and punctuation; sha256, hex. */
export function statementHash(statement: string): string {
  return createHash('sha256').update(foldWords(statement)).digest('hex');
}
