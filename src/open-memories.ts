import type { LiveReplies } from './conversation/live-replies.ts';
import type { EventWriter } from './events/event-store.ts';
import type { MemoriesContext } from './features/memories/memories-context.ts';
import { createMemories, type Memories } from './features/memories/memories.ts';
import { DateMemory } from './memory/dates/date-memory.ts';
import { DiaryMemory } from './memory/diary/diary-memory.ts';
import { SummaryMemory } from './memory/summaries/summary-memory.ts';
import type { Memory } from './open-memory.ts';

/** What characters remember, as people see and change it. */
export function openMemories({
  memory: { memories, recall, facts, ofTurns, queue, embedProgress },
  ...house
}: Pick<MemoriesContext, 'storage' | 'clock' | 'newId' | 'engineMemory'> & {
  events: EventWriter;
  live: LiveReplies;
  memory: Memory;
}): Memories {
  const { timeZone } = ofTurns;
  const rules = facts.rules.bind(facts);
  return createMemories({
    ...house,
    memories,
    recall,
    facts,
    timeZone,
    summaries: new SummaryMemory({ ...house, rules, timeZone }),
    diary: new DiaryMemory({ ...house, rules }),
    dates: new DateMemory({ ...house, facts, timeZone, queue }),
    embedProgress,
  });
}
