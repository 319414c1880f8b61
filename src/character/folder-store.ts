import type { Db, Trx } from '../storage/storage.ts';

export interface FolderRecord {
  id: string;
  name: string;
  position: number;
}

/** A person's folders in their order. */
export async function listFolders(db: Db | Trx, ownerId: string): Promise<FolderRecord[]> {
  return db
    .selectFrom('characterFolder')
    .select(['id', 'name', 'position'])
    .where('ownerId', '=', ownerId)
    .orderBy('position')
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
}

export async function insertFolder(
  trx: Trx,
  folder: { id: string; ownerId: string; name: string; position: number; createdAt: number },
): Promise<void> {
  await trx.insertInto('characterFolder').values(folder).execute();
}

export async function renameFolder(
  db: Db,
  { id, ownerId, name }: { id: string; ownerId: string; name: string },
): Promise<boolean> {
  const result = await db
    .updateTable('characterFolder')
    .set({ name })
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function placeFolder(
  trx: Trx,
  { id, ownerId, position }: { id: string; ownerId: string; position: number },
): Promise<void> {
  await trx
    .updateTable('characterFolder')
    .set({ position })
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .execute();
}

/** Removes a folder; what lay in it stays, in no folder. Returns the ids of that, or undefined when there is none. */
export async function deleteFolder(
  trx: Trx,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<string[] | undefined> {
  const gone = await trx
    .deleteFrom('characterFolder')
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  if (gone.numDeletedRows === 0n) return undefined;
  const emptied = await trx
    .updateTable('characterMark')
    .set({ folderId: null })
    .where('userId', '=', ownerId)
    .where('folderId', '=', id)
    .returning('characterId')
    .execute();
  return emptied.map(({ characterId }) => characterId);
}
