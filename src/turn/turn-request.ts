import type { Locale } from '../../contract/common.ts';
import type { CardText } from '../character/card.ts';
import type { CharacterRecord } from '../character/character-store.ts';
import type { PersonaRecord } from '../character/persona-store.ts';
import type { ConversationRecord } from '../conversation/tree-types.ts';
import type { LoreTrigger } from '../lore/lore-types.ts';

/** One reply asked for. */
export interface TurnRequest {
  conversation: ConversationRecord;
  character: CharacterRecord;
  /** The character's words in the conversation's language. */
  card: CardText;
  locale: Locale;
  userName: string;
  persona: PersonaRecord | null;
  /** The newest message the model sees. */
  endId: string | null;
  continueText: string | null;
  trigger: LoreTrigger;
  /** What chance in this turn depends on: the reply's id. */
  seed: string;
  signal: AbortSignal;
}

/** A turn that is only prepared. */
export type WarmTurnRequest = Omit<TurnRequest, 'continueText' | 'trigger' | 'seed'>;
