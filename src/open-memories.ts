import type { LiveReplies } from './conversation/live-replies.ts';
import type { EventWriter } from './events/event-store.ts';
import type { MemoriesContext } from './features/memories/memories-context.ts';
import { createMemories, type Memories } from './features/memories/memories.ts';
import type { Memory } from './open-memory.ts';

/** What characters remember, as people see and change it. */
export function openMemories({
  memory: { memories, recall, facts, summaries, diary, dates, ofTurns, embedProgress },
  ...house
}: Pick<MemoriesContext, 'storage' | 'clock' | 'newId' | 'engineMemory'> & {
  events: EventWriter;
  live: LiveReplies;
  memory: Memory;
}): Memories {
  return createMemories({
    ...house,
    memories,
    recall,
    facts,
    timeZone: ofTurns.timeZone,
    summaries,
    diary,
    dates,
    embedProgress,
  });
}
