import type { Clock } from '../../../base/clock.ts';
import { AppError, errorMessage, isAbort } from '../../../base/errors.ts';
import type { GuardedPost } from '../../../base/post-guarded.ts';
import type { JobHandler, JobRun } from '../../../jobs/job-worker.ts';
import type { Storage, Trx } from '../../../storage/storage.ts';
import { signWebhook } from './sign-webhook.ts';
import {
  countFailure,
  readDelivery,
  readWebhook,
  updateDelivery,
  updateWebhook,
  type DeliveryRow,
  type WebhookRow,
} from './webhook-store.ts';
import { deliveryLine } from './webhook-outbox.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Before the second try, the third, …; some three days in all, as OpenAI's. */
const PAUSES_IN_MS = [5 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 24 * HOUR];
/** Whoever takes longer has not taken it. */
const PATIENCE_IN_MS = 15 * SECOND;
/** Messages given up in a row, after which an address is told nothing more. */
const MOST_FAILURES = 10;
const ERROR_LENGTH = 300;
/** The address says that it is gone for good. */
const GONE = 410;

export interface WebhookSecrets {
  seal(text: string): string;
  open(sealed: string): string;
}

interface DeliveryOptions {
  storage: Storage;
  clock: Clock;
  secrets: WebhookSecrets;
  post: (request: Omit<GuardedPost, 'isAllowed'>) => Promise<number>;
}

/**
 * Brings messages to addresses. *waiting* → *delivered* by any 2xx, or *failed* after the last try; an address that was
 * switched off meanwhile gets nothing. A crash may send a message twice, under the same `webhook-id`.
 */
export class WebhookDelivery implements JobHandler {
  readonly name: string;
  readonly #options: DeliveryOptions;

  constructor(line: number, options: DeliveryOptions) {
    this.name = deliveryLine(line);
    this.#options = options;
  }

  async run({ key: id }: JobRun, signal: AbortSignal): Promise<'done' | { again: number }> {
    const { storage } = this.#options;
    const { db } = storage;
    const delivery = await readDelivery(db, { id });
    if (delivery?.state !== 'waiting') return 'done';
    const webhook = await readWebhook(db, { id: delivery.webhookId });
    if (!webhook || webhook.enabled === 0) {
      const change = { state: 'failed', lastError: 'The address was switched off.', nextAttemptAt: null };
      await updateDelivery(db, id, change);
      return 'done';
    }
    const { status, error } = await this.#send(webhook, delivery, signal);
    const attempts = delivery.attempts + 1;
    const now = this.#options.clock.now();
    const last = { attempts, lastStatus: status, lastError: error?.slice(0, ERROR_LENGTH) ?? null };
    if (status !== null && status >= 200 && status < 300) {
      await updateDelivery(db, id, { ...last, state: 'delivered', deliveredAt: now, nextAttemptAt: null });
      await updateWebhook(db, webhook.id, { failures: 0 });
      return 'done';
    }
    const pause = PAUSES_IN_MS[delivery.attempts];
    if (pause === undefined || status === GONE) {
      await storage.transaction(async (trx) => {
        await updateDelivery(trx, id, { ...last, state: 'failed', nextAttemptAt: null });
        await this.#noteFailure(trx, webhook, status);
      });
      return 'done';
    }
    await updateDelivery(db, id, { ...last, nextAttemptAt: now + pause });
    return { again: now + pause };
  }

  async #send(
    webhook: WebhookRow,
    { eventId, payload }: DeliveryRow,
    signal: AbortSignal,
  ): Promise<{ status: number | null; error: string | null }> {
    const { clock, secrets, post } = this.#options;
    const now = clock.now();
    const sealed = [webhook.sealedSecret];
    const { previousSealedSecret: previous, previousUntil } = webhook;
    if (previous !== null && previousUntil !== null && previousUntil > now) sealed.push(previous);
    const headers = {
      'content-type': 'application/json',
      ...signWebhook({
        id: eventId,
        timestampInSeconds: Math.floor(now / SECOND),
        body: payload,
        secrets: sealed.map((secret) => secrets.open(secret)),
      }),
    };
    try {
      const status = await post({ url: webhook.url, headers, body: payload, timeoutMs: PATIENCE_IN_MS, signal });
      return { status, error: status >= 200 && status < 300 ? null : `It answered ${status}.` };
    } catch (error) {
      if (signal.aborted) throw error;
      const timedOut = isAbort(error) || (error instanceof Error && error.name === 'TimeoutError');
      const words = error instanceof AppError ? error.message : `It could not be reached: ${errorMessage(error)}`;
      return { status: null, error: timedOut ? 'It did not answer in time.' : words };
    }
  }

  async #noteFailure(trx: Trx, { id }: WebhookRow, status: number | null): Promise<void> {
    const failures = await countFailure(trx, id);
    const reason = status === GONE ? 'gone' : failures >= MOST_FAILURES ? 'unreachable' : null;
    if (reason === null) return;
    await updateWebhook(trx, id, { enabled: 0, disabledReason: reason, updatedAt: this.#options.clock.now() });
  }
}
