import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import { NotFoundError } from '../../base/errors.ts';
import type { NewId } from '../../base/ids.ts';
import { readCharacter, type CharacterRecord } from '../../character/character-store.ts';
import type { LiveReplies } from '../../conversation/live-replies.ts';
import type { EventWriter } from '../../events/event-store.ts';
import type { DateMemory } from '../../memory/dates/date-memory.ts';
import type { DiaryMemory } from '../../memory/diary/diary-memory.ts';
import type { FactMemory } from '../../memory/facts/fact-memory.ts';
import type { HousePairMemories } from '../../memory/pair-memories.ts';
import type { Pair } from '../../memory/pair-view.ts';
import type { RecallService } from '../../memory/recall-service.ts';
import type { SummaryMemory } from '../../memory/summaries/summary-memory.ts';
import type { EmbedProgress } from '../../memory/vectors/embed-progress.ts';
import type { Storage } from '../../storage/storage.ts';

export interface MemoriesContext {
  storage: Storage;
  events: EventWriter;
  clock: Clock;
  newId: NewId;
  live: LiveReplies;
  memories: HousePairMemories;
  facts: FactMemory;
  recall: RecallService;
  summaries: SummaryMemory;
  diary: DiaryMemory;
  dates: DateMemory;
  embedProgress: EmbedProgress;
  /** What engines keep of conversations, as tokens. */
  engineMemory: { forget(conversationId: string): Promise<void> };
  /** IANA name of where the person lives in time. */
  timeZone: string;
}

/** A character that the person sees, and what the two are to memory. */
export async function requirePair(
  { storage }: Pick<MemoriesContext, 'storage'>,
  actor: Actor,
  characterId: string,
): Promise<{ pair: Pair; character: CharacterRecord }> {
  const character = await readCharacter(storage.db, { id: characterId, userId: actor.userId });
  if (!character || character.deletedAt !== null) throw new NotFoundError('There is no such character.');
  return { pair: { ownerId: actor.userId, characterId }, character };
}
