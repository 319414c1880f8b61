import { z } from 'zod';
import {
  quickReplySchema,
  quickReplyScopeSchema,
  type QuickReplySet,
  type SaveQuickReplySet,
} from '../../contract/quick-replies.ts';
import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

interface Key {
  id: string;
  ownerId: string;
}

const repliesSchema = z.array(quickReplySchema);

function toSet({
  id,
  name,
  scope,
  subjectId,
  shown,
  replies,
  createdAt,
  updatedAt,
}: Row<'quickReplySet'>): QuickReplySet {
  return {
    id,
    name,
    scope: quickReplyScopeSchema.parse(scope),
    subjectId,
    on: shown === 1,
    replies: repliesSchema.parse(JSON.parse(replies)),
    createdAt,
    updatedAt,
  };
}

function toColumns({ name, scope, subjectId, on, replies }: SaveQuickReplySet) {
  return { name, scope, subjectId, shown: on ? 1 : 0, replies: JSON.stringify(replies) };
}

/** In the order in which they were made. */
export async function listQuickReplySets(db: Db | Trx, ownerId: string): Promise<QuickReplySet[]> {
  const rows = await db
    .selectFrom('quickReplySet')
    .selectAll()
    .where('ownerId', '=', ownerId)
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  return rows.map(toSet);
}

export async function readQuickReplySet(db: Db | Trx, { id, ownerId }: Key): Promise<QuickReplySet | undefined> {
  const row = await db
    .selectFrom('quickReplySet')
    .selectAll()
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  return row && toSet(row);
}

export async function countQuickReplySets(db: Db | Trx, ownerId: string): Promise<number> {
  const { count } = await db
    .selectFrom('quickReplySet')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('ownerId', '=', ownerId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function insertQuickReplySet(
  trx: Trx,
  { id, ownerId, set, now }: Key & { set: SaveQuickReplySet; now: number },
): Promise<void> {
  await trx
    .insertInto('quickReplySet')
    .values({ id, ownerId, ...toColumns(set), createdAt: now, updatedAt: now })
    .execute();
}

/** False when there is no such set. */
export async function updateQuickReplySet(
  trx: Trx,
  { id, ownerId, set, now }: Key & { set: SaveQuickReplySet; now: number },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('quickReplySet')
    .set({ ...toColumns(set), updatedAt: now })
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** False when there was no such set. */
export async function deleteQuickReplySet(trx: Trx, { id, ownerId }: Key): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('quickReplySet')
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function deleteQuickRepliesOf(db: Db, ownerId: string): Promise<void> {
  await db.deleteFrom('quickReplySet').where('ownerId', '=', ownerId).execute();
}
