import type { Payer } from '../metering/meter.ts';
import type { LanguageModelV4CallOptions, LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import type { MessagePart } from '../../contract/messages.ts';
import type { Locale } from '../../contract/common.ts';
import type { RoomSettings } from '../../contract/rooms.ts';
import type { CardText } from '../character/card.ts';
import type { CharacterRecord } from '../character/character-store.ts';
import type { PersonaRecord } from '../character/persona-store.ts';
import type { ParticipantRecord } from '../conversation/participant-store.ts';
import type { ConversationRecord, MessageNode } from '../conversation/tree-types.ts';
import type { LoreTrigger } from '../lore/lore-types.ts';
import type { PictureSource } from './show-pictures.ts';

/** What a model is told of a call; the same in every turn of it. */
export interface SpokenStyle {
  /** What whoever calls adds for this call. */
  instructions: string | null;
}

/** A reply that somebody orders through the platform: what they add to it. They pay for it themselves. */
export interface Commission {
  /** Goes with the author's note; empty = nothing. */
  note: string;
  /** Over what the preset asks of the model. */
  wishes: Omit<LanguageModelV4CallOptions, 'prompt' | 'tools' | 'toolChoice' | 'providerOptions' | 'abortSignal'>;
  /** Its own functions; those of the house are left out beside them. Absent = it has none. */
  tools?: CommissionedTools;
}

export interface CommissionedTools extends Pick<LanguageModelV4CallOptions, 'toolChoice'> {
  offered: readonly LanguageModelV4FunctionTool[];
  /** Only the first call of an answer counts. */
  oneCall: boolean;
}

/** What a turn goes by of which nothing is kept. */
export interface PassingTurn {
  /** The pictures of its messages. */
  pictures: PictureSource;
}

/** A room as the character sees it whose turn it is. */
export interface RoomTurn {
  speaker: ParticipantRecord;
  /** Everybody who is or was part of it, the speaker among them. */
  participants: readonly ParticipantRecord[];
  settings: RoomSettings;
}

/** One reply asked for. */
export interface TurnRequest {
  conversation: ConversationRecord;
  character: CharacterRecord;
  /** The character's words in the conversation's language. */
  card: CardText;
  locale: Locale;
  userName: string;
  persona: PersonaRecord | null;
  /** Null where one human talks with one character. */
  room: RoomTurn | null;
  /** The newest message the model sees. */
  endId: string | null;
  /** Messages below `endId` that are not kept yet, oldest first: the prompt has them exactly as they will read once kept. */
  pending?: readonly MessageNode[];
  /** Nothing of it will be kept: nothing is asked of memory, and no tool of the house is offered. */
  passing?: PassingTurn;
  /** Set in a call: the reply will be heard. */
  spoken?: SpokenStyle;
  /** Who pays for it; absent = whose conversation it is. */
  payer?: Payer;
  /** Set where it was ordered through the platform, which bills it. */
  commission?: Commission;
  continueText: string | null;
  /** Of a reply that goes on: its words and the calls of tools among them. */
  begunParts?: readonly MessagePart[];
  trigger: LoreTrigger;
  /** What chance in this turn depends on: the reply's id. */
  seed: string;
  signal: AbortSignal;
}

/** A turn that is only prepared. */
export type WarmTurnRequest = Omit<TurnRequest, 'continueText' | 'begunParts' | 'trigger' | 'seed'>;
