import type { Clock } from './base/clock.ts';
import type { Logger } from './base/logger.ts';
import type { LiveReplies } from './conversation/live-replies.ts';
import { HousePairMemories } from './memory/pair-memories.ts';
import { RecallService, type ForbiddenWords } from './memory/recall-service.ts';
import { TurnMemory } from './memory/turn-memory.ts';
import type { ModelDirectory } from './models/routing/model-directory.ts';
import type { Storage } from './storage/storage.ts';
import type { MemoryOfTurns } from './turn/ask-memory.ts';

const NOTHING_FORBIDDEN: ForbiddenWords = { forbids: () => false };

export interface OpenMemoryOptions {
  storage: Storage;
  clock: Clock;
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
  ofTurns: MemoryOfTurns;
}

/** What characters remember, and how replies ask for it. */
export function openMemory({ storage, clock, logger }: OpenMemoryOptions): Memory {
  const memories = new HousePairMemories({ db: storage.db, logger });
  const recall = new RecallService({ vectors: null });
  const memory = new TurnMemory({
    memories,
    recall,
    parts: { facts: null, dates: null, diary: null, summaries: null, rules: async () => NOTHING_FORBIDDEN },
    clock,
    logger,
  });
  return { memories, recall, ofTurns: { memory, timeZone: houseTimeZone() } };
}

/** IANA name of this computer's time zone. */
function houseTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
