import { openAccounts } from './accounts/accounts.ts';
import { createSteadyClock, type Clock } from './base/clock.ts';
import { createIdGenerator } from './base/ids.ts';
import type { Logger } from './base/logger.ts';
import { LorebookCache } from './character/lorebook-cache.ts';
import type { Config } from './config/config.ts';
import { createEventWriter, readNewestEventTime } from './events/event-store.ts';
import { TITLE_CHANGES, TITLE_JOB } from './features/naming/title-changes.ts';
import { followLimits } from './features/platform/webhooks/follow-limits.ts';
import { WebhookOutbox } from './features/platform/webhooks/webhook-outbox.ts';
import { PROPOSE_JOB } from './features/worlds/propose-job-name.ts';
import { JobQueue } from './jobs/job-queue.ts';
import { CONVERSATION_JOBS } from './memory/conversation-jobs.ts';
import { followConversations } from './memory/follow-conversations.ts';
import { Ledger } from './metering/ledger.ts';
import { openStorage } from './storage/storage.ts';

export interface OpenHouseOptions {
  config: Config;
  logger: Logger;
  clock: Clock;
  /** For package clients and their proxies. */
  environment: Readonly<Record<string, string | undefined>>;
}

/** What everything stands on: the database, who is who, the log of facts. */
export async function openCore({
  config,
  logger,
  clock,
  stack,
}: Omit<OpenHouseOptions, 'environment'> & { stack: AsyncDisposableStack }) {
  const storage = stack.use(
    await openStorage({ dataDirectory: config.dataDirectory, postgres: config.postgres, clock }),
  );
  // Messages are ordered by their ids and times, so these go on after the last ones even if the clock went back.
  const steady = createSteadyClock(clock, (await readNewestEventTime(storage.db)) + 1);
  const newId = createIdGenerator(steady);
  const accounts = stack.use(
    await openAccounts({ storage, clock, newId, logger, dataDirectory: config.dataDirectory }),
  );
  const queue = new JobQueue({ clock: steady, newId });
  const log = createEventWriter({ clock: steady, newId });
  const events = followConversations({
    events: log,
    queue,
    clock: steady,
    jobs: [...CONVERSATION_JOBS, PROPOSE_JOB],
    later: [{ name: TITLE_JOB, changes: TITLE_CHANGES }],
  });
  const outbox = new WebhookOutbox({ queue, clock: steady, newId });
  const limits = followLimits({ events, outbox, houseOwnerId: accounts.terminalActor.userId });
  const ledger = stack.use(new Ledger({ storage, events: limits, clock: steady, newId, logger }));
  await ledger.start();
  const lorebookCache = new LorebookCache();
  return { accounts, core: { storage, events, queue, clock: steady, newId, lorebookCache, ledger, outbox } };
}
