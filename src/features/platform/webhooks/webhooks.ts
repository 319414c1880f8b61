import { z } from 'zod';
import {
  webhookEventTypeSchema,
  type CreatedWebhook,
  type CreateWebhook,
  type ListWebhookDeliveriesQuery,
  type UpdateWebhook,
  type Webhook,
  type WebhookDelivery,
  type WebhookDeliveryList,
} from '../../../../contract/webhooks.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import { InvalidInputError, NotFoundError, TooLargeError } from '../../../base/errors.ts';
import type { NewId } from '../../../base/ids.ts';
import type { JobQueue } from '../../../jobs/job-queue.ts';
import type { Storage } from '../../../storage/storage.ts';
import { newWebhookSecret } from './sign-webhook.ts';
import type { WebhookSecrets } from './webhook-delivery.ts';
import { deliveryJob } from './webhook-outbox.ts';
import {
  deleteWebhook,
  deleteWebhooksOf,
  insertWebhook,
  listDeliveries,
  listWebhooks,
  readDelivery,
  readWebhook,
  updateDelivery,
  updateWebhook,
  type DeliveryRow,
  type WebhookRow,
} from './webhook-store.ts';

const MOST_WEBHOOKS = 20;
/** After a change the old secret signs too, milliseconds. */
const OVERLAP_IN_MS = 24 * 60 * 60 * 1000;
const eventsSchema = z.array(webhookEventTypeSchema);

interface WebhooksContext {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  queue: JobQueue;
  secrets: WebhookSecrets;
  /** Addresses inside the house's own network, and without TLS. */
  allowPrivate: boolean;
}

/** Addresses that are told of what happens to a person's work. */
export class Webhooks {
  readonly #context: WebhooksContext;

  constructor(context: WebhooksContext) {
    this.#context = context;
  }

  async list({ userId }: Actor): Promise<{ webhooks: Webhook[] }> {
    return { webhooks: (await listWebhooks(this.#context.storage.db, userId)).map(present) };
  }

  async create({ userId }: Actor, { url, description, events }: CreateWebhook): Promise<CreatedWebhook> {
    const { storage, clock, newId, secrets } = this.#context;
    this.#requireAddress(url);
    const secret = newWebhookSecret();
    const now = clock.now();
    const row: WebhookRow = {
      id: newId(),
      ownerId: userId,
      url,
      description,
      events: JSON.stringify(Array.from(new Set(events))),
      enabled: 1,
      disabledReason: null,
      sealedSecret: secrets.seal(secret),
      previousSealedSecret: null,
      previousUntil: null,
      failures: 0,
      createdAt: now,
      updatedAt: now,
    };
    await storage.transaction(async (trx) => {
      if ((await listWebhooks(trx, userId)).length >= MOST_WEBHOOKS) throw tooMany();
      await insertWebhook(trx, row);
    });
    return { webhook: present(row), secret };
  }

  async update(actor: Actor, id: string, change: UpdateWebhook): Promise<Webhook> {
    const { storage, clock } = this.#context;
    const before = await this.#require(actor, id);
    const { url = before.url, description = before.description, events, enabled } = change;
    if (change.url !== undefined) this.#requireAddress(url);
    const isOn = enabled ?? before.enabled !== 0;
    await updateWebhook(storage.db, id, {
      url,
      description,
      events: events ? JSON.stringify(Array.from(new Set(events))) : before.events,
      enabled: isOn ? 1 : 0,
      // Whoever switches it on again begins anew.
      ...(enabled === undefined ? {} : { disabledReason: null, failures: 0 }),
      updatedAt: clock.now(),
    });
    return present(await this.#require(actor, id));
  }

  async remove({ userId }: Actor, id: string): Promise<void> {
    if (!(await deleteWebhook(this.#context.storage.db, { id, ownerId: userId }))) throw unknownWebhook();
  }

  /** Another secret; the one before signs beside it for a day. */
  async rotate(actor: Actor, id: string): Promise<CreatedWebhook> {
    const { storage, clock, secrets } = this.#context;
    const before = await this.#require(actor, id);
    const secret = newWebhookSecret();
    const now = clock.now();
    await updateWebhook(storage.db, id, {
      sealedSecret: secrets.seal(secret),
      previousSealedSecret: before.sealedSecret,
      previousUntil: now + OVERLAP_IN_MS,
      updatedAt: now,
    });
    return { webhook: present(await this.#require(actor, id)), secret };
  }

  async deliveries(
    actor: Actor,
    webhookId: string,
    { state, before, limit }: ListWebhookDeliveriesQuery,
  ): Promise<WebhookDeliveryList> {
    const { db } = this.#context.storage;
    await this.#require(actor, webhookId);
    const from = before === undefined ? undefined : await this.#requireDelivery(webhookId, before);
    const rows = await listDeliveries(db, { webhookId, state, before: from, limit });
    return { deliveries: rows.slice(0, limit).map(presentDelivery), more: rows.length > limit };
  }

  /** Sends a message once more, whatever became of it. */
  async redeliver(actor: Actor, { webhookId, id }: { webhookId: string; id: string }): Promise<WebhookDelivery> {
    const { storage, clock, queue } = this.#context;
    await this.#require(actor, webhookId);
    await this.#requireDelivery(webhookId, id);
    await storage.transaction(async (trx) => {
      const now = clock.now();
      await updateDelivery(trx, id, { state: 'waiting', attempts: 0, nextAttemptAt: now, deliveredAt: null });
      await queue.add(trx, { name: deliveryJob(webhookId), key: id, payload: {} });
    });
    return presentDelivery(await this.#requireDelivery(webhookId, id));
  }

  async purgeAllOf(userId: string): Promise<void> {
    await deleteWebhooksOf(this.#context.storage.db, userId);
  }

  #requireAddress(url: string): void {
    if (this.#context.allowPrivate || new URL(url).protocol === 'https:') return;
    throw new InvalidInputError('A webhook needs an address that begins with https://.', {
      code: 'webhook-insecure',
      field: 'url',
    });
  }

  async #require({ userId }: Actor, id: string): Promise<WebhookRow> {
    const row = await readWebhook(this.#context.storage.db, { id, ownerId: userId });
    if (!row) throw unknownWebhook();
    return row;
  }

  async #requireDelivery(webhookId: string, id: string): Promise<DeliveryRow> {
    const row = await readDelivery(this.#context.storage.db, { id, webhookId });
    if (!row) throw new NotFoundError('There is no such message.', { code: 'delivery-unknown' });
    return row;
  }
}

function present({ id, url, description, events, enabled, disabledReason, createdAt, updatedAt }: WebhookRow): Webhook {
  return {
    id,
    url,
    description,
    events: eventsSchema.parse(JSON.parse(events)),
    enabled: enabled !== 0,
    disabledReason,
    createdAt,
    updatedAt,
  };
}

function presentDelivery({ type, state, ...row }: DeliveryRow): WebhookDelivery {
  return { ...row, type: webhookEventTypeSchema.parse(type), state: state as WebhookDelivery['state'] };
}

function unknownWebhook(): NotFoundError {
  return new NotFoundError('There is no such webhook.', { code: 'webhook-unknown' });
}

function tooMany(): TooLargeError {
  return new TooLargeError(`There are ${MOST_WEBHOOKS} webhooks already: remove one first.`, {
    code: 'too-many-webhooks',
  });
}
