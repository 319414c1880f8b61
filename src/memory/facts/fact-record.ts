import type { FactAbout } from '../../../contract/memory.ts';

/** A message a fact rests on, with the hash (`wordsHash`) its words had. */
export interface FactSource {
  messageId: string;
  conversationId: string;
  hash: string;
}

/** `claimed`: only attributed; somebody says so. */
export type Certainty = 'certain' | 'likely' | 'claimed';

/**
 * States of a fact: *active* (as read or written) ↔ *pinned* (always told); *corrected* once another one of the
 * person's stands for it; *retracted* when it was taken back without one. Only the first two count.
 */
export type FactState = 'active' | 'pinned' | 'corrected' | 'retracted';

/** What is remembered, with what it rests on. Times in epoch milliseconds. */
export interface FactRecord {
  id: string;
  ownerId: string;
  characterId: string;
  /** Where it was said; null for what the person wrote. */
  conversationId: string | null;
  about: FactAbout;
  subject: string;
  text: string;
  quote: string;
  language: string;
  saidAt: number;
  validFrom: number | null;
  validTo: number | null;
  certainty: Certainty;
  state: FactState;
  /** True = the person let it count on every branch. */
  everywhere: boolean;
  by: 'user' | 'model';
  extractor: string | null;
  /** The earlier fact that this one corrects or supersedes. */
  replacesId: string | null;
  /** The later one that supersedes it, where that one counts too. */
  replacedById: string | null;
  /** Empty only for what the person wrote. */
  sources: FactSource[];
  createdAt: number;
  updatedAt: number;
}
