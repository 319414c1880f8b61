import { z } from 'zod';
import { webhookEventTypeSchema, type WebhookEventType } from '../../../../contract/webhooks.ts';
import type { Clock } from '../../../base/clock.ts';
import type { NewId } from '../../../base/ids.ts';
import type { JobQueue } from '../../../jobs/job-queue.ts';
import type { Trx } from '../../../storage/storage.ts';
import { deleteOldDeliveries, insertDelivery, listWebhooks } from './webhook-store.ts';

/** Messages beside each other; those to one address come one after another. */
export const DELIVERY_LINES = 4;
/** Messages that were taken, or given up, are shown so long, milliseconds. */
const KEPT_FOR_MS = 30 * 24 * 60 * 60 * 1000;

export interface WebhookNews {
  ownerId: string;
  type: WebhookEventType;
  data: object;
}

const eventsSchema = z.array(webhookEventTypeSchema);

/** Whom to tell of what happened, written down in the transaction in which it did: nothing is told that was not, or twice. */
export class WebhookOutbox {
  readonly #options: { queue: JobQueue; clock: Clock; newId: NewId };

  constructor(options: { queue: JobQueue; clock: Clock; newId: NewId }) {
    this.#options = options;
  }

  async tell(trx: Trx, { ownerId, type, data }: WebhookNews): Promise<void> {
    const { queue, clock, newId } = this.#options;
    const interested = (await listWebhooks(trx, ownerId)).filter(
      ({ enabled, events }) => enabled !== 0 && eventsSchema.parse(JSON.parse(events)).includes(type),
    );
    if (interested.length === 0) return;
    const now = clock.now();
    const eventId = `evt_${newId()}`;
    const createdAt = Math.floor(now / 1000);
    const payload = JSON.stringify({ id: eventId, object: 'event', created_at: createdAt, type, data });
    for (const { id: webhookId } of interested) {
      const id = newId();
      await insertDelivery(trx, {
        id,
        webhookId,
        eventId,
        type,
        payload,
        state: 'waiting',
        attempts: 0,
        lastStatus: null,
        lastError: null,
        nextAttemptAt: now,
        createdAt: now,
        deliveredAt: null,
      });
      await queue.add(trx, { name: deliveryJob(webhookId), key: id, payload: {} });
      await deleteOldDeliveries(trx, { webhookId, before: now - KEPT_FOR_MS });
    }
  }
}

/** Which line an address belongs to. */
export function deliveryJob(webhookId: string): string {
  let sum = 0;
  for (const letter of webhookId) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_536;
  return deliveryLine(sum % DELIVERY_LINES);
}

export function deliveryLine(line: number): string {
  return `webhook-deliver-${line}`;
}
