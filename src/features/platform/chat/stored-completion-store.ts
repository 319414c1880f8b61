import type { ChatCompletion, ChatMessage } from '../../../../contract/openai/chat-completions.ts';
import { beyondRow } from '../../../storage/beyond-row.ts';
import type { Row } from '../../../storage/schema.ts';
import type { Db } from '../../../storage/storage.ts';

export interface StoredCompletion {
  completion: ChatCompletion;
  messages: ChatMessage[];
  metadata: Record<string, string>;
}

interface Place {
  createdAt: number;
  id: string;
}

/** Bodies are written here alone, so they are read back as they are. */
function toStored({ body, messages, metadata }: Row<'storedCompletion'>): StoredCompletion {
  return {
    completion: JSON.parse(body) as ChatCompletion,
    messages: JSON.parse(messages) as ChatMessage[],
    metadata: JSON.parse(metadata) as Record<string, string>,
  };
}

export async function insertCompletion(
  db: Db,
  { completion, messages, metadata, ownerId }: StoredCompletion & { ownerId: string },
  now: number,
): Promise<void> {
  await db
    .insertInto('storedCompletion')
    .values({
      id: completion.id,
      ownerId,
      model: completion.model,
      metadata: JSON.stringify(metadata),
      messages: JSON.stringify(messages),
      body: JSON.stringify(completion),
      createdAt: now,
    })
    .execute();
}

export async function readCompletion(
  db: Db,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<StoredCompletion | undefined> {
  const row = await db
    .selectFrom('storedCompletion')
    .selectAll()
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  return row && toStored(row);
}

/** Where one stands in the order of `listCompletions`. */
export function findCompletionPlace(
  db: Db,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<Place | undefined> {
  return db
    .selectFrom('storedCompletion')
    .select(['createdAt', 'id'])
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
}

export async function listCompletions(
  db: Db,
  {
    ownerId,
    model,
    after,
    order,
    limit,
  }: { ownerId: string; model: string | null; after: Place | null; order: 'asc' | 'desc'; limit: number },
): Promise<(StoredCompletion & Place)[]> {
  const beyond = order === 'asc' ? '>' : '<';
  let query = db.selectFrom('storedCompletion').selectAll().where('ownerId', '=', ownerId);
  if (model !== null) query = query.where('model', '=', model);
  if (after !== null) query = query.where(beyondRow({ at: after.createdAt, id: after.id }, { than: beyond }));
  const rows = await query.orderBy('createdAt', order).orderBy('id', order).limit(limit).execute();
  return rows.map((row) => ({ ...toStored(row), createdAt: row.createdAt, id: row.id }));
}

/** False where there is none. */
export async function updateCompletionMetadata(
  db: Db,
  { id, ownerId, metadata }: { id: string; ownerId: string; metadata: Record<string, string> },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('storedCompletion')
    .set({ metadata: JSON.stringify(metadata) })
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows) > 0;
}

/** False where there is none. */
export async function deleteCompletion(db: Db, { id, ownerId }: { id: string; ownerId: string }): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('storedCompletion')
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows) > 0;
}

export async function deleteCompletionsOf(db: Db, ownerId: string): Promise<void> {
  await db.deleteFrom('storedCompletion').where('ownerId', '=', ownerId).execute();
}
