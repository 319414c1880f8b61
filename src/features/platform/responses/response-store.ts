import type { ResponseEvent } from '../../../../contract/openai/response-events.ts';
import type { StoredItem } from '../../../../contract/openai/response-items.ts';
import type { ResponseObject } from '../../../../contract/openai/response-object.ts';
import type { Row } from '../../../storage/schema.ts';
import type { Db, Trx } from '../../../storage/storage.ts';

/** A response that was kept. */
export interface StoredResponse {
  response: ResponseObject;
  ownerId: string;
  /** What came with the request. */
  input: StoredItem[];
  /** Of a stream that may be read again; null for the others. */
  events: ResponseEvent[] | null;
  /** Where a character answered. */
  conversationId: string | null;
  messageId: string | null;
}

/** Bodies are written here alone, so they are read back as they are. */
function toStored(row: Row<'storedResponse'>): StoredResponse {
  const { ownerId, body, input, events, conversationId, messageId } = row;
  return {
    response: JSON.parse(body) as ResponseObject,
    ownerId,
    input: JSON.parse(input) as StoredItem[],
    events: events === null ? null : (JSON.parse(events) as ResponseEvent[]),
    conversationId,
    messageId,
  };
}

export async function insertResponse(
  db: Db | Trx,
  { response, ownerId, input, events, conversationId, messageId }: StoredResponse,
  now: number,
): Promise<void> {
  await db
    .insertInto('storedResponse')
    .values({
      id: response.id,
      ownerId,
      status: response.status,
      body: JSON.stringify(response),
      input: JSON.stringify(input),
      events: events === null ? null : JSON.stringify(events),
      previousId: response.previous_response_id,
      apiConversationId: response.conversation?.id ?? null,
      conversationId,
      messageId,
      createdAt: now,
    })
    .execute();
}

/** Also where it was deleted meanwhile: then nothing is written. */
export async function updateResponse(
  db: Db | Trx,
  response: ResponseObject,
  change: { events?: readonly ResponseEvent[] | null; conversationId?: string | null; messageId?: string | null } = {},
): Promise<void> {
  const { events, ...place } = change;
  await db
    .updateTable('storedResponse')
    .set({
      status: response.status,
      body: JSON.stringify(response),
      ...place,
      ...(events === undefined ? {} : { events: events === null ? null : JSON.stringify(events) }),
    })
    .where('id', '=', response.id)
    .execute();
}

export async function readResponse(
  db: Db | Trx,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<StoredResponse | undefined> {
  const row = await db
    .selectFrom('storedResponse')
    .selectAll()
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  return row && toStored(row);
}

export async function deleteResponse(db: Db | Trx, { id, ownerId }: { id: string; ownerId: string }): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('storedResponse')
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

/** Those that a crash cut off. */
export async function listUnfinishedResponses(db: Db, limit: number): Promise<StoredResponse[]> {
  const rows = await db
    .selectFrom('storedResponse')
    .selectAll()
    .where('status', 'in', ['queued', 'in_progress'])
    .limit(limit)
    .execute();
  return rows.map(toStored);
}

/** A page of a person's responses, oldest first. */
export async function listResponses(
  db: Db,
  { ownerId, afterId, limit }: { ownerId: string; afterId: string | null; limit: number },
): Promise<StoredResponse[]> {
  let query = db.selectFrom('storedResponse').selectAll().where('ownerId', '=', ownerId);
  if (afterId !== null) query = query.where('id', '>', afterId);
  return (await query.orderBy('id').limit(limit).execute()).map(toStored);
}

export async function deleteResponsesOf(db: Db | Trx, ownerId: string): Promise<void> {
  await db.deleteFrom('storedResponse').where('ownerId', '=', ownerId).execute();
}
