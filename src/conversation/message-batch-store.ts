import { sql } from 'kysely';
import { z } from 'zod';
import type { Db, Trx } from '../storage/storage.ts';

/** What one change of many messages did, so that it can be undone whole. */
export interface MessageBatch {
  id: string;
  conversationId: string;
  action: 'delete' | 'hide' | 'show';
  messageIds: readonly string[];
  createdAt: number;
  undoneAt: number | null;
}

/** What a change of many looks at before it touches a message. */
export interface SelectedMessage {
  id: string;
  authorKind: string;
  state: string;
  hidden: number;
  deletedAt: number | null;
}

const actionSchema = z.enum(['delete', 'hide', 'show']);
const idsSchema = z.array(z.string());

/** Ids named in one statement, below every database's limit of parameters. */
const IDS_AT_ONCE = 500;

export function* inChunks<T>(items: readonly T[], size: number = IDS_AT_ONCE): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

export async function insertMessageBatch(trx: Trx, batch: MessageBatch): Promise<void> {
  const row = { ...batch, messageIds: JSON.stringify(batch.messageIds) };
  await trx.insertInto('messageBatch').values(row).execute();
}

export async function readMessageBatch(
  db: Db,
  { id, conversationId }: Pick<MessageBatch, 'id' | 'conversationId'>,
): Promise<MessageBatch | undefined> {
  const row = await db
    .selectFrom('messageBatch')
    .selectAll()
    .where('id', '=', id)
    .where('conversationId', '=', conversationId)
    .executeTakeFirst();
  if (!row) return undefined;
  const messageIds = idsSchema.parse(JSON.parse(row.messageIds));
  return { ...row, action: actionSchema.parse(row.action), messageIds };
}

/** False when somebody undid it before. */
export async function markBatchUndone(trx: Trx, { id, now }: { id: string; now: number }): Promise<boolean> {
  const result = await trx
    .updateTable('messageBatch')
    .set({ undoneAt: now })
    .where('id', '=', id)
    .where('undoneAt', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** From the end of a path up to its beginning, oldest first; only what a change of many needs to know. */
export async function readSelectablePath(db: Db, leafId: string): Promise<SelectedMessage[]> {
  const found = await sql<SelectedMessage>`
    with recursive "path" as (
      select "id", "parentId", "depth", "authorKind", "state", "hidden", "deletedAt" from "message" where "id" = ${leafId}
      union all
      select m."id", m."parentId", m."depth", m."authorKind", m."state", m."hidden", m."deletedAt"
      from "message" m join "path" p on m."id" = p."parentId"
    ) select "id", "authorKind", "state", "hidden", "deletedAt" from "path" order by "depth"`.execute(db);
  return found.rows;
}

/** Those of the messages that belong to the conversation, in no order. */
export async function readSelectable(
  db: Db,
  { conversationId, ids }: { conversationId: string; ids: readonly string[] },
): Promise<SelectedMessage[]> {
  const found: SelectedMessage[] = [];
  for (const some of inChunks([...new Set(ids)])) {
    const rows = await db
      .selectFrom('message')
      .select(['id', 'authorKind', 'state', 'hidden', 'deletedAt'])
      .where('conversationId', '=', conversationId)
      .where('id', 'in', some)
      .execute();
    found.push(...rows);
  }
  return found;
}

/** Deletes, restores, hides or shows many messages. */
export async function changeManyMessages(
  trx: Trx,
  { ids, change }: { ids: readonly string[]; change: { deletedAt: number | null } | { hidden: boolean } },
): Promise<void> {
  const set = 'hidden' in change ? { hidden: change.hidden ? 1 : 0 } : change;
  for (const some of inChunks(ids)) await trx.updateTable('message').set(set).where('id', 'in', some).execute();
}
