import type { EventWriter } from '../../../events/event-store.ts';
import type { WebhookOutbox } from './webhook-outbox.ts';
import { listConcerned } from './webhook-store.ts';

/** The log, with webhooks behind it: a budget that is reached is told of in the transaction in which it was. */
export function followLimits({
  events,
  outbox,
  houseOwnerId,
}: {
  events: EventWriter;
  outbox: WebhookOutbox;
  /** Who hears of every limit. */
  houseOwnerId: string;
}): EventWriter {
  return {
    append: async (trx, event) => {
      await events.append(trx, event);
      if (event.type !== 'budget-soft' && event.type !== 'budget-hard') return;
      const { scope, subject } = event.payload;
      const budget = { scope: String(scope), subject: typeof subject === 'string' ? subject : null };
      const type = event.type === 'budget-soft' ? 'limit.soft' : 'limit.hard';
      const data = { id: event.subjectId, ...event.payload };
      const people = new Set([houseOwnerId, ...(await listConcerned(trx, budget))]);
      for (const ownerId of people) await outbox.tell(trx, { ownerId, type, data });
    },
  };
}
