import type { Clock } from '../base/clock.ts';
import type { EventType, EventWriter } from '../events/event-store.ts';
import type { JobQueue } from '../jobs/job-queue.ts';

/** After what happened, so that what follows at once is seen in the same look; milliseconds. */
const SETTLING_IN_MS = 2000;

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
 * message stays unread after a crash. `jobs` are names of handlers whose key is a conversation's id.
 */
export function followConversations({
  events,
  queue,
  clock,
  jobs,
}: {
  events: EventWriter;
  queue: JobQueue;
  clock: Clock;
  jobs: readonly string[];
}): EventWriter {
  return {
    append: async (trx, event) => {
      await events.append(trx, event);
      if (!CHANGES.has(event.type)) return;
      const runAt = clock.now() + SETTLING_IN_MS;
      for (const name of jobs) await queue.add(trx, { name, key: event.subjectId, payload: {}, runAt });
    },
  };
}
