import type { Trx } from './storage.ts';

/** Tables whose rows are a person's own and are deleted with undo. */
type OwnTable = 'conversation' | 'lorebook' | 'persona' | 'promptPreset' | 'world';

/** Deletes a row, or brings it back where `deletedAt` is null; false when there is none or it already is so. */
export async function setDeleted(
  trx: Trx,
  table: OwnTable,
  { id, ownerId, deletedAt }: { id: string; ownerId: string; deletedAt: number | null },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable(table)
    .set({ deletedAt })
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .where('deletedAt', deletedAt === null ? 'is not' : 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
