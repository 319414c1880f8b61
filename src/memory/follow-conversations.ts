import type { Clock } from '../base/clock.ts';
import type { EventType, EventWriter } from '../events/event-store.ts';
import type { JobQueue } from '../jobs/job-queue.ts';

/** After what happened, so that what follows at once is seen in the same look; milliseconds. */
const SETTLING_IN_MS = 2000;
/** After what a quick look follows: people wait to see it. */
const SOON_IN_MS = 500;
/** Behind everything that is usual (100). */
const LOW_PRIORITY = 200;

/** What changes which messages count, or their words. */
const CHANGES: ReadonlySet<EventType> = new Set<EventType>([
  'conversation-create',
  'conversation-restore',
  'conversation-import',
  'message-commit',
  'message-edit',
  'message-delete',
  'message-restore',
  'message-hide',
  'message-show',
  'path-change',
  'reply-end',
]);

/**
 * The log, with memory behind it: whatever changes a conversation adds work for it in the same transaction, so that no
 * message stays unread after a crash. `jobs` are names of handlers whose key is a conversation's id; those of `later` follow
 * events of their own, behind the others.
 */
export function followConversations({
  events,
  queue,
  clock,
  jobs,
  later = [],
}: {
  events: EventWriter;
  queue: JobQueue;
  clock: Clock;
  jobs: readonly string[];
  later?: readonly { name: string; changes: ReadonlySet<EventType> }[];
}): EventWriter {
  return {
    append: async (trx, event) => {
      await events.append(trx, event);
      const now = clock.now();
      const job = { key: event.subjectId, payload: {}, runAt: now + SETTLING_IN_MS };
      if (CHANGES.has(event.type)) for (const name of jobs) await queue.add(trx, { ...job, name });
      for (const { name, changes } of later) {
        if (!changes.has(event.type)) continue;
        await queue.add(trx, { ...job, name, runAt: now + SOON_IN_MS, priority: LOW_PRIORITY });
      }
    },
  };
}
