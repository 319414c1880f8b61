import type { Accounts } from './accounts/accounts.ts';
import type { Clock } from './base/clock.ts';
import type { Logger } from './base/logger.ts';
import type { EventWriter } from './events/event-store.ts';
import type { Conversations } from './features/chat/conversations.ts';
import { Namer } from './features/naming/title-job.ts';
import type { JobQueue } from './jobs/job-queue.ts';
import { JobWorker } from './jobs/job-worker.ts';
import type { ModelDirectory } from './models/routing/model-directory.ts';
import type { Memory } from './open-memory.ts';
import type { Storage } from './storage/storage.ts';

export interface OpenNamingOptions {
  storage: Storage;
  events: EventWriter;
  queue: JobQueue;
  clock: Clock;
  logger: Logger;
  accounts: Accounts;
  conversations: Conversations;
  memory: Memory;
  directory: ModelDirectory;
  stack: AsyncDisposableStack;
}

/** Names for conversations that nobody named. Returns what begins the work. */
export function openNaming(options: OpenNamingOptions): () => void {
  const { storage, clock, logger, queue, events, accounts, conversations, memory, directory, stack } = options;
  const namer = new Namer({
    storage,
    events,
    clock,
    quiet: memory.quiet,
    models: directory,
    wantsTitles: async (userId) => (await accounts.people.preferencesOf(userId)).autoTitles,
    tellChange: (conversation) => conversations.tellChange(conversation),
  });
  const worker = stack.use(new JobWorker({ storage, clock, logger, handlers: [namer], queue }));
  return () => worker.start();
}
