import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

export type ConversationFolderRecord = Row<'conversationFolder'>;

/** A person's folders of conversations in their order, those inside others among them. */
export async function listConversationFolders(db: Db | Trx, ownerId: string): Promise<ConversationFolderRecord[]> {
  return db
    .selectFrom('conversationFolder')
    .selectAll()
    .where('ownerId', '=', ownerId)
    .orderBy('position')
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
}

export async function insertConversationFolder(trx: Trx, folder: ConversationFolderRecord): Promise<void> {
  await trx.insertInto('conversationFolder').values(folder).execute();
}

export async function changeConversationFolder(
  trx: Trx,
  { id, ownerId }: { id: string; ownerId: string },
  change: Partial<Pick<ConversationFolderRecord, 'name' | 'parentId' | 'colour' | 'position'>>,
): Promise<void> {
  if (Object.keys(change).length === 0) return;
  await trx.updateTable('conversationFolder').set(change).where('id', '=', id).where('ownerId', '=', ownerId).execute();
}

/** Removes a folder; what lay in it stays, folders at the top, conversations in none. Returns the ids of both. */
export async function deleteConversationFolder(
  trx: Trx,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<{ conversationIds: string[]; folderIds: string[] }> {
  await trx.deleteFrom('conversationFolder').where('id', '=', id).where('ownerId', '=', ownerId).execute();
  const raised = await trx
    .updateTable('conversationFolder')
    .set({ parentId: null })
    .where('ownerId', '=', ownerId)
    .where('parentId', '=', id)
    .returning('id')
    .execute();
  const emptied = await trx
    .updateTable('conversationMark')
    .set({ folderId: null })
    .where('userId', '=', ownerId)
    .where('folderId', '=', id)
    .returning('conversationId')
    .execute();
  return {
    conversationIds: emptied.map(({ conversationId }) => conversationId),
    folderIds: raised.map((folder) => folder.id),
  };
}
