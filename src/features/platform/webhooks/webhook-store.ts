import { sql } from 'kysely';
import { beyondRow } from '../../../storage/beyond-row.ts';
import type { Row } from '../../../storage/schema.ts';
import type { Db, Trx } from '../../../storage/storage.ts';

export type WebhookRow = Row<'webhook'>;
export type DeliveryRow = Row<'webhookDelivery'>;

export async function insertWebhook(trx: Trx, row: WebhookRow): Promise<void> {
  await trx.insertInto('webhook').values(row).execute();
}

export async function listWebhooks(db: Db | Trx, ownerId: string): Promise<WebhookRow[]> {
  return db
    .selectFrom('webhook')
    .selectAll()
    .where('ownerId', '=', ownerId)
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
}

export async function readWebhook(
  db: Db | Trx,
  { id, ownerId }: { id: string; ownerId?: string },
): Promise<WebhookRow | undefined> {
  let query = db.selectFrom('webhook').selectAll().where('id', '=', id);
  if (ownerId !== undefined) query = query.where('ownerId', '=', ownerId);
  return query.executeTakeFirst();
}

export async function updateWebhook(db: Db | Trx, id: string, change: Partial<WebhookRow>): Promise<void> {
  await db.updateTable('webhook').set(change).where('id', '=', id).execute();
}

export async function deleteWebhook(db: Db, { id, ownerId }: { id: string; ownerId: string }): Promise<boolean> {
  const result = await db.deleteFrom('webhook').where('id', '=', id).where('ownerId', '=', ownerId).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

export async function deleteWebhooksOf(db: Db, ownerId: string): Promise<void> {
  await db.deleteFrom('webhook').where('ownerId', '=', ownerId).execute();
}

/** One more message was given up; the result is how many in a row. */
export async function countFailure(db: Db | Trx, id: string): Promise<number> {
  const row = await db
    .updateTable('webhook')
    .set({ failures: sql<number>`"failures" + 1` })
    .where('id', '=', id)
    .returning('failures')
    .executeTakeFirst();
  return row?.failures ?? 0;
}

export async function insertDelivery(trx: Trx, row: DeliveryRow): Promise<void> {
  await trx.insertInto('webhookDelivery').values(row).execute();
}

export async function readDelivery(
  db: Db | Trx,
  { id, webhookId }: { id: string; webhookId?: string },
): Promise<DeliveryRow | undefined> {
  let query = db.selectFrom('webhookDelivery').selectAll().where('id', '=', id);
  if (webhookId !== undefined) query = query.where('webhookId', '=', webhookId);
  return query.executeTakeFirst();
}

export async function updateDelivery(db: Db | Trx, id: string, change: Partial<DeliveryRow>): Promise<void> {
  await db.updateTable('webhookDelivery').set(change).where('id', '=', id).execute();
}

/** Newest first; one more than `limit`. */
export async function listDeliveries(
  db: Db,
  {
    webhookId,
    state,
    before,
    limit,
  }: { webhookId: string; state: string | undefined; before: DeliveryRow | undefined; limit: number },
): Promise<DeliveryRow[]> {
  let query = db.selectFrom('webhookDelivery').selectAll().where('webhookId', '=', webhookId);
  if (state !== undefined) query = query.where('state', '=', state);
  if (before) query = query.where(beyondRow({ at: before.createdAt, id: before.id }, { than: '<' }));
  return query
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
}

/** Old messages of an address that nobody needs any more. */
export async function deleteOldDeliveries(
  trx: Trx,
  { webhookId, before }: { webhookId: string; before: number },
): Promise<void> {
  await trx
    .deleteFrom('webhookDelivery')
    .where('webhookId', '=', webhookId)
    .where('createdAt', '<', before)
    .where('state', '!=', 'waiting')
    .execute();
}

/** Whom a budget is about: its person, its key's person, its team's owners and administrators. */
export async function listConcerned(
  trx: Trx,
  { scope, subject }: { scope: string; subject: string | null },
): Promise<string[]> {
  if (subject === null) return [];
  if (scope === 'user') return [subject];
  if (scope === 'key') {
    const rows = await trx.selectFrom('apiKey').select('userId').where('id', '=', subject).execute();
    return rows.map(({ userId }) => userId);
  }
  if (scope !== 'team') return [];
  const rows = await trx
    .selectFrom('teamMember')
    .select('userId')
    .where('teamId', '=', subject)
    .where('role', 'in', ['owner', 'admin'])
    .execute();
  return rows.map(({ userId }) => userId);
}
