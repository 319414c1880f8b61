import type { Clock } from './base/clock.ts';
import type { NewId } from './base/ids.ts';
import type { EventWriter } from './events/event-store.ts';
import type { JobQueue } from './jobs/job-queue.ts';
import type { JobHandler } from './jobs/job-worker.ts';
import { DateMemory } from './memory/dates/date-memory.ts';
import { noteYearlyDates } from './memory/dates/note-yearly-dates.ts';
import { beginLookingForDates, dueDatesJob } from './memory/dates/tell-due-dates.ts';
import { DiaryMemory } from './memory/diary/diary-memory.ts';
import { DiaryKeeper } from './memory/diary/keep-diary.ts';
import type { FactMemory } from './memory/facts/fact-memory.ts';
import type { HousePairMemories } from './memory/pair-memories.ts';
import type { QuietTime } from './memory/quiet-time.ts';
import { queueUnsummarised } from './memory/summaries/queue-unsummarised.ts';
import { Summariser } from './memory/summaries/summarise-conversation.ts';
import { SummaryMemory } from './memory/summaries/summary-memory.ts';
import type { ModelDirectory } from './models/routing/model-directory.ts';
import type { Storage } from './storage/storage.ts';

export interface MemoryPagesOptions {
  storage: Storage;
  queue: JobQueue;
  events: EventWriter;
  clock: Clock;
  newId: NewId;
  memories: HousePairMemories;
  facts: FactMemory;
  /** IANA name. */
  timeZone: string;
}

/** What is told of the past and kept for days to come: summaries, diaries, dates. */
export interface MemoryPages {
  summaries: SummaryMemory;
  diary: DiaryMemory;
  dates: DateMemory;
  /** Who writes them, in the background. */
  handlers(work: { quiet: QuietTime; models: ModelDirectory }): JobHandler[];
  /** Adds what is left to be done from before this start. */
  begin(): Promise<void>;
}

export function openMemoryPages(options: MemoryPagesOptions): MemoryPages {
  const { storage, queue, facts } = options;
  const rules: DiaryMemoryRules = (pair) => facts.rules(pair);
  const dates = new DateMemory(options);
  return {
    summaries: new SummaryMemory({ ...options, rules }),
    diary: new DiaryMemory({ ...options, rules }),
    dates,
    handlers: (work) => [
      new Summariser({
        ...options,
        ...work,
        afterwards: (pair, view) => noteYearlyDates(options, { pair, view }),
      }),
      new DiaryKeeper({ ...options, ...work }),
      dueDatesJob({ ...options, dates }),
    ],
    begin: async () => {
      await beginLookingForDates(storage, queue);
      await queueUnsummarised(storage, queue);
    },
  };
}

type DiaryMemoryRules = ConstructorParameters<typeof DiaryMemory>[0]['rules'];
