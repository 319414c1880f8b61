import type { Db, Trx } from '../storage/storage.ts';

/** A conversation whose import is not finished has this before its key, and is deleted until it is. */
const UNFINISHED = 'importing:';
const FINISHED = 'import:';

export const unfinishedImportId = (key: string) => `${UNFINISHED}${key}`;
export const finishedImportId = (key: string) => `${FINISHED}${key}`;

/** Imported conversations of a person, by the key of what they were imported from. */
export async function listImported(
  db: Db,
  ownerId: string,
): Promise<Map<string, { id: string; deletedAt: number | null }>> {
  const rows = await db
    .selectFrom('conversation')
    .select(['id', 'clientId', 'deletedAt'])
    .where('ownerId', '=', ownerId)
    .where('clientId', 'like', `${FINISHED}%`)
    .execute();
  return new Map(
    rows.map(({ id, clientId, deletedAt }) => [clientId?.slice(FINISHED.length) ?? '', { id, deletedAt }]),
  );
}

/** Imports that a crash or a stop cut off, of one person or of everybody. */
export async function listUnfinishedImports(db: Db, ownerId: string | null): Promise<string[]> {
  let query = db.selectFrom('conversation').select('id').where('clientId', 'like', `${UNFINISHED}%`);
  if (ownerId !== null) query = query.where('ownerId', '=', ownerId);
  return (await query.execute()).map(({ id }) => id);
}

/** Shows an imported conversation: from here on it is one like any other. */
export async function finishImport(
  trx: Trx,
  {
    id,
    key,
    ...shown
  }: { id: string; key: string; leafId: string | null; messageCount: number; preview: string; updatedAt: number },
): Promise<void> {
  await trx
    .updateTable('conversation')
    .set({ ...shown, clientId: finishedImportId(key), revision: 1, deletedAt: null })
    .where('id', '=', id)
    .execute();
}
