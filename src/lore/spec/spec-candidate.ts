import type { Activation, Candidate } from '../lore-run.ts';
import type { Decorators } from './decorators.ts';

/** An entry with its decorators read. */
export interface SpecCandidate extends Candidate {
  decorators: Decorators;
  /** Without the decorators. */
  content: string;
}

export interface SpecActivation extends Activation {
  candidate: SpecCandidate;
}

/** The character's own book is above the user's. */
export function rankOf({ book }: Candidate): number {
  return ['global', 'persona', 'chat', 'character'].indexOf(book.source);
}
