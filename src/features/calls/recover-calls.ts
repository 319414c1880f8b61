import type { Clock } from '../../base/clock.ts';
import { endCall, listOpenCalls } from '../../conversation/call-store.ts';
import type { EventWriter } from '../../events/event-store.ts';
import type { Storage } from '../../storage/storage.ts';

/** At start: calls that a crash cut off end where they were last seen. Returns how many. */
export async function recoverCalls({
  storage,
  events,
  clock,
}: {
  storage: Storage;
  events: EventWriter;
  clock: Clock;
}): Promise<number> {
  return storage.transaction(async (trx) => {
    const open = await listOpenCalls(trx);
    for (const { id, ownerId, conversationId, startedAt, turns, durationInMs } of open) {
      const endedAt = Math.min(clock.now(), startedAt + durationInMs);
      await endCall(trx, { id, endedAt, endReason: 'house-gone', turns, durationInMs });
      await events.append(trx, {
        type: 'call-end',
        actorId: ownerId,
        subjectId: conversationId,
        payload: { callId: id, reason: 'house-gone', turns, durationInMs },
      });
    }
    return open.length;
  });
}
