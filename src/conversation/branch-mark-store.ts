import { branchMarkKindSchema, type BranchMarkKind } from '../../contract/branches.ts';
import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

/** A name on a place of the tree; empty = its place is its name. */
export interface BranchMarkRecord {
  id: string;
  conversationId: string;
  messageId: string;
  kind: BranchMarkKind;
  name: string;
  createdAt: number;
}

const toMark = (row: Row<'branchMark'>): BranchMarkRecord => ({ ...row, kind: branchMarkKindSchema.parse(row.kind) });

export async function insertBranchMark(trx: Trx, mark: BranchMarkRecord): Promise<void> {
  await trx.insertInto('branchMark').values(mark).execute();
}

/** Oldest first. */
export async function listBranchMarks(db: Db, conversationId: string): Promise<BranchMarkRecord[]> {
  const rows = await db
    .selectFrom('branchMark')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .orderBy('id')
    .execute();
  return rows.map(toMark);
}

/** False when there is no such mark in the conversation. */
export async function renameBranchMark(
  trx: Trx,
  { id, conversationId, name }: Pick<BranchMarkRecord, 'id' | 'conversationId' | 'name'>,
): Promise<boolean> {
  const result = await trx
    .updateTable('branchMark')
    .set({ name })
    .where('id', '=', id)
    .where('conversationId', '=', conversationId)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** False when there is no such mark in the conversation. */
export async function removeBranchMark(
  trx: Trx,
  { id, conversationId }: Pick<BranchMarkRecord, 'id' | 'conversationId'>,
): Promise<boolean> {
  const result = await trx
    .deleteFrom('branchMark')
    .where('id', '=', id)
    .where('conversationId', '=', conversationId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}
