import type { Clock } from './base/clock.ts';
import type { NewId } from './base/ids.ts';
import type { Logger } from './base/logger.ts';
import type { LiveReplies } from './conversation/live-replies.ts';
import { HousePairMemories } from './memory/pair-memories.ts';
import { FactMemory } from './memory/facts/fact-memory.ts';
import { recalledFacts } from './memory/facts/recalled-facts.ts';
import { RecallService } from './memory/recall-service.ts';
import { TurnMemory } from './memory/turn-memory.ts';
import type { ModelDirectory } from './models/routing/model-directory.ts';
import type { Storage } from './storage/storage.ts';
import type { MemoryOfTurns } from './turn/ask-memory.ts';

export interface OpenMemoryOptions {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  logger: Logger;
  /** Replies under way: background work gives way to them. */
  live: LiveReplies;
  directory: ModelDirectory;
  stack: AsyncDisposableStack;
}

export interface Memory {
  /** What was said, pair by pair. */
  memories: HousePairMemories;
  recall: RecallService;
  facts: FactMemory;
  ofTurns: MemoryOfTurns;
}

/** What characters remember, and how replies ask for it. */
export function openMemory({ storage, clock, newId, logger }: OpenMemoryOptions): Memory {
  const memories = new HousePairMemories({ db: storage.db, logger });
  const recall = new RecallService({ vectors: null });
  const facts = new FactMemory({ storage, clock, newId });
  const memory = new TurnMemory({
    memories,
    recall,
    parts: {
      facts: recalledFacts(facts),
      dates: null,
      diary: null,
      summaries: null,
      rules: (pair) => facts.rules(pair),
    },
    clock,
    logger,
  });
  return { memories, recall, facts, ofTurns: { memory, timeZone: houseTimeZone() } };
}

/** IANA name of this computer's time zone. */
function houseTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
