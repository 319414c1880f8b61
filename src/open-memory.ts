import type { Clock } from './base/clock.ts';
import type { NewId } from './base/ids.ts';
import type { Logger } from './base/logger.ts';
import type { LiveReplies } from './conversation/live-replies.ts';
import type { EventWriter } from './events/event-store.ts';
import type { JobQueue } from './jobs/job-queue.ts';
import { JobWorker, type JobHandler } from './jobs/job-worker.ts';
import { HousePairMemories } from './memory/pair-memories.ts';
import { Distiller } from './memory/facts/distiller.ts';
import { queueUnread } from './memory/facts/queue-unread.ts';
import type { PassageMeaning } from './memory/files/passage-meaning.ts';
import type { Pair } from './memory/pair-view.ts';
import { FactMemory } from './memory/facts/fact-memory.ts';
import { recalledFacts } from './memory/facts/recalled-facts.ts';
import { QuietTime } from './memory/quiet-time.ts';
import { RecallService } from './memory/recall-service.ts';
import { TurnMemory } from './memory/turn-memory.ts';
import type { EmbedProgress } from './memory/vectors/embed-progress.ts';
import type { EmbeddingDirectory } from './models/routing/embedding-directory.ts';
import type { ModelDirectory } from './models/routing/model-directory.ts';
import { openVectors } from './open-vectors.ts';
import type { Storage } from './storage/storage.ts';
import type { MemoryOfTurns } from './turn/ask-memory.ts';
import { openMemoryPages, type MemoryPages } from './open-memory-pages.ts';

export interface OpenMemoryOptions {
  storage: Storage;
  queue: JobQueue;
  events: EventWriter;
  clock: Clock;
  newId: NewId;
  logger: Logger;
  /** Replies under way: background work gives way to them. */
  live: LiveReplies;
  directory: ModelDirectory;
  embeddingDirectory: EmbeddingDirectory;
  stack: AsyncDisposableStack;
}

export interface Memory extends Pick<MemoryPages, 'summaries' | 'diary' | 'dates'> {
  /** What was said, pair by pair. */
  memories: HousePairMemories;
  recall: RecallService;
  facts: FactMemory;
  ofTurns: MemoryOfTurns;
  queue: JobQueue;
  /** How far what was said can be found by what it means. */
  embedProgress: EmbedProgress;
  /** What passages of files mean. */
  passages: PassageMeaning;
  /** Background work of models gives way to what is added here. */
  quiet: QuietTime;
  /** Begins the background work. */
  start(): Promise<void>;
  /** Looks for work now rather than at the next look. */
  wake(): void;
}

/** What characters remember, and how replies ask for it. */
export function openMemory(options: OpenMemoryOptions): Memory {
  const { storage, clock, newId, logger, live, embeddingDirectory } = options;
  const memories = new HousePairMemories({ db: storage.db, logger });
  const facts = new FactMemory({ storage, clock, newId });
  const rules = (pair: Pair) => facts.rules(pair);
  const quiet = new QuietTime([live]);
  const vectors = openVectors({ ...options, memories, rules, quiet, replies: live, directory: embeddingDirectory });
  const recall = new RecallService({ vectors: vectors.recall });
  const timeZone = houseTimeZone();
  const pages = openMemoryPages({ ...options, memories, facts, timeZone });
  const { summaries, diary, dates } = pages;
  const memory = new TurnMemory({
    memories,
    recall,
    parts: { facts: recalledFacts(facts), dates, diary, summaries, rules },
    clock,
    logger,
  });
  return {
    memories,
    recall,
    facts,
    summaries,
    diary,
    dates,
    ofTurns: { memory, timeZone },
    embedProgress: vectors.progress,
    passages: vectors.passages,
    quiet,
    ...openWork(options, { facts, quiet, vectors, pages, timeZone }),
  };
}

/** What is done for memory in the background. */
function openWork(
  options: OpenMemoryOptions,
  {
    facts,
    quiet,
    vectors,
    pages,
    timeZone,
  }: {
    facts: FactMemory;
    quiet: QuietTime;
    vectors: ReturnType<typeof openVectors>;
    pages: MemoryPages;
    timeZone: string;
  },
): Pick<Memory, 'queue' | 'start' | 'wake'> {
  const { storage, queue, clock, newId, logger, directory, stack } = options;
  const common = { storage, clock, newId, quiet, models: directory, timeZone };
  const handlers: JobHandler[] = [
    new Distiller({ ...common, facts }),
    vectors.job,
    vectors.passageJob,
    ...pages.handlers(common),
  ];
  const worker = stack.use(new JobWorker({ storage, clock, logger, handlers, queue }));
  stack.use(vectors.schedule);
  return {
    queue,
    wake: () => worker.wake(),
    start: async () => {
      worker.start();
      vectors.schedule.start();
      await pages.begin();
      const queued = await queueUnread(storage, queue);
      if (queued > 0) logger.info({ queued }, 'conversations wait to be read for facts');
    },
  };
}

/** IANA name of this computer's time zone. */
function houseTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
