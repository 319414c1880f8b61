import type { Accounts } from './accounts/accounts.ts';
import type { Clock } from './base/clock.ts';
import type { NewId } from './base/ids.ts';
import type { Logger } from './base/logger.ts';
import type { EventWriter } from './events/event-store.ts';
import type { Books } from './features/books/books.ts';
import { Proposer } from './features/worlds/propose-job.ts';
import { WorldFacts } from './features/worlds/world-facts.ts';
import { WorldFiles } from './features/worlds/world-files.ts';
import { Worlds } from './features/worlds/worlds.ts';
import type { JobQueue } from './jobs/job-queue.ts';
import { JobWorker } from './jobs/job-worker.ts';
import type { QuietTime } from './memory/quiet-time.ts';
import type { ModelDirectory } from './models/routing/model-directory.ts';
import type { Storage } from './storage/storage.ts';

export interface OpenWorldsOptions {
  storage: Storage;
  events: EventWriter;
  queue: JobQueue;
  clock: Clock;
  newId: NewId;
  logger: Logger;
  accounts: Accounts;
  books: Books;
  quiet: QuietTime;
  directory: ModelDirectory;
  stack: AsyncDisposableStack;
}

/** Places that conversations share, and the work of finding what became true of them. */
export function openWorlds({ accounts, quiet, directory, stack, ...options }: OpenWorldsOptions) {
  const { storage, clock, newId, logger, queue } = options;
  const context = {
    ...options,
    localeOf: async ({ userId }: { userId: string }) => (await accounts.people.localeOf(userId)) ?? 'en',
  } as const;
  const proposer = new Proposer({ storage, clock, newId, quiet, models: directory });
  const worker = stack.use(new JobWorker({ storage, clock, logger, handlers: [proposer], queue }));
  const worlds = new Worlds(context);
  return {
    worlds,
    worldFacts: new WorldFacts(context),
    worldFiles: new WorldFiles(context, worlds),
    /** Begins the background work. */
    startWorlds: () => worker.start(),
  };
}
