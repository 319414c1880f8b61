import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { Actor } from '../../../accounts/actor.ts';

/** A character that answers as a model. */
export interface OfferedCharacter {
  id: string;
  slug: string;
  /** As its card says. */
  name: string;
  /** Epoch milliseconds. */
  updatedAt: number;
}

/** A talk that whoever asks keeps themselves. */
export interface PassingTalk {
  characterId: string;
  /** Absent = the newest. */
  versionId?: string | undefined;
  said: readonly { by: 'human' | 'character'; text: string }[];
  /** What is added to the character for this reply; empty = nothing. */
  note: string;
  signal: AbortSignal;
}

/** The call of a model that a reply would be. */
export interface PlannedReply {
  modelRef: string;
  call: Omit<LanguageModelV4CallOptions, 'abortSignal'>;
  /** What the reply begins with, whatever the model says. */
  prefill: string;
  /** Lets through what belongs to the reply. */
  filter: { push(text: string): string; end(): string; isOver?: boolean };
}

/** What the platform needs of the house's characters; the wiring satisfies it. */
export interface CharacterHouse {
  /** The caller's own and the house's, in the order of the library. */
  list(actor: Actor): Promise<OfferedCharacter[]>;
  /** One's own before a starter of the same slug. */
  find(actor: Actor, slug: string): Promise<OfferedCharacter | undefined>;
  /** Card, lore and persona as in the house's own turns; nothing is kept, nothing remembered. */
  plan(actor: Actor, talk: PassingTalk): Promise<PlannedReply>;
}
