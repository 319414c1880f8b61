import type { Locale } from '../../../contract/common.ts';
import type { Clock } from '../../base/clock.ts';
import type { NewId } from '../../base/ids.ts';
import type { Logger } from '../../base/logger.ts';
import type { LiveReplies } from '../../conversation/live-replies.ts';
import type { RoomPresence } from '../../conversation/room-presence.ts';
import type { EventWriter } from '../../events/event-store.ts';
import type { MessageSearchStore } from '../../storage/search/message-search-store.ts';
import type { Storage } from '../../storage/storage.ts';
import type { TurnRunner } from '../../turn/run-turn.ts';

/** What the chat needs to know of people; `accounts` satisfies it. */
export interface People {
  /** The name a character calls this person by; empty when none was given. */
  nameOf(userId: string): Promise<string>;
  localeOf(userId: string): Promise<Locale | null>;
}

/** What engines keep of conversations, as tokens; `models` satisfies it. */
export interface EngineMemory {
  forget(conversationId: string): Promise<void>;
}

/** What is held of facts and rules, by pairs of a person and a character; `memory` satisfies it. */
export interface HeldMemory {
  /** Says that they changed, so that they are read anew. */
  invalidate(pair: { ownerId: string; characterId: string }): void;
}

export interface ChatContext {
  storage: Storage;
  search: MessageSearchStore;
  events: EventWriter;
  live: LiveReplies;
  presence: RoomPresence;
  turns: TurnRunner;
  people: People;
  engineMemory: EngineMemory;
  heldMemory: HeldMemory;
  clock: Clock;
  newId: NewId;
  logger: Logger;
}
