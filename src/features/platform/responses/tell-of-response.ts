import type { ResponseObject } from '../../../../contract/openai/response-object.ts';
import type { WebhookEventType } from '../../../../contract/webhooks.ts';
import type { Trx } from '../../../storage/storage.ts';
import type { WebhookOutbox } from '../webhooks/webhook-outbox.ts';

const EVENTS: Readonly<Record<string, WebhookEventType>> = {
  completed: 'response.completed',
  failed: 'response.failed',
  cancelled: 'response.cancelled',
  incomplete: 'response.incomplete',
};

/** In the transaction that ends a response which nobody waited for. */
export async function tellOfResponse(
  outbox: WebhookOutbox,
  trx: Trx,
  { response, ownerId }: { response: Pick<ResponseObject, 'id' | 'status'>; ownerId: string },
): Promise<void> {
  const type = EVENTS[response.status];
  if (type) await outbox.tell(trx, { ownerId, type, data: { id: response.id } });
}
