import type { StoredItem } from '../../../../contract/openai/response-items.ts';
import type { Db, Trx } from '../../../storage/storage.ts';

export interface ApiConversation {
  id: string;
  ownerId: string;
  metadata: Record<string, string>;
  /** The conversation of the house in which a character answers. */
  conversationId: string | null;
  createdAt: number;
}

export async function insertApiConversation(db: Db | Trx, conversation: ApiConversation): Promise<void> {
  const values = { ...conversation, metadata: JSON.stringify(conversation.metadata) };
  await db.insertInto('apiConversation').values(values).execute();
}

export async function readApiConversation(
  db: Db | Trx,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<ApiConversation | undefined> {
  const row = await db
    .selectFrom('apiConversation')
    .selectAll()
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  // Written here alone.
  return row && { ...row, metadata: JSON.parse(row.metadata) as Record<string, string> };
}

export async function updateApiConversation(
  db: Db | Trx,
  id: string,
  { metadata, conversationId }: { metadata?: Record<string, string>; conversationId?: string },
): Promise<void> {
  await db
    .updateTable('apiConversation')
    .set({
      ...(metadata === undefined ? {} : { metadata: JSON.stringify(metadata) }),
      ...(conversationId === undefined ? {} : { conversationId }),
    })
    .where('id', '=', id)
    .execute();
}

/** With everything said in it. */
export async function deleteApiConversation(
  db: Db | Trx,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('apiConversation')
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

export async function listApiConversations(db: Db, ownerId: string): Promise<ApiConversation[]> {
  const rows = await db
    .selectFrom('apiConversation')
    .selectAll()
    .where('ownerId', '=', ownerId)
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ ...row, metadata: JSON.parse(row.metadata) as Record<string, string> }));
}

export async function deleteApiConversationsOf(db: Db | Trx, ownerId: string): Promise<void> {
  await db.deleteFrom('apiConversation').where('ownerId', '=', ownerId).execute();
}

/** `places`: one for each item, growing. */
export async function insertApiConversationItems(
  db: Db | Trx,
  {
    apiConversationId,
    items,
    places,
    now,
  }: {
    apiConversationId: string;
    items: readonly StoredItem[];
    places: readonly string[];
    now: number;
  },
): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map((item, index) => ({
    id: item.id,
    apiConversationId,
    place: places[index] ?? item.id,
    body: JSON.stringify(item),
    createdAt: now,
  }));
  await db.insertInto('apiConversationItem').values(rows).execute();
}

/** All of them, in order. */
export async function listApiConversationItems(db: Db | Trx, apiConversationId: string): Promise<StoredItem[]> {
  const rows = await db
    .selectFrom('apiConversationItem')
    .select('body')
    .where('apiConversationId', '=', apiConversationId)
    .orderBy('place')
    .execute();
  return rows.map(({ body }) => JSON.parse(body) as StoredItem);
}

export async function deleteApiConversationItem(
  db: Db | Trx,
  { apiConversationId, id }: { apiConversationId: string; id: string },
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('apiConversationItem')
    .where('apiConversationId', '=', apiConversationId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}
