import { z } from 'zod';
import type { Db } from '../storage/storage.ts';

export interface MarkCounts {
  /** Conversations that are not archived, by folder. */
  byFolder: Map<string, number>;
  byTag: Map<string, number>;
  archived: number;
  favourites: number;
}

const tagsSchema = z.array(z.string());

/** How many conversations lie where, of those that one person marked and that are not deleted. */
export async function countMarks(db: Db, userId: string): Promise<MarkCounts> {
  const rows = await db
    .selectFrom('conversationMark as mark')
    .innerJoin('conversation', 'conversation.id', 'mark.conversationId')
    .select(['mark.folderId', 'mark.tags', 'mark.archived', 'mark.favourite'])
    .where('mark.userId', '=', userId)
    .where('conversation.deletedAt', 'is', null)
    .execute();
  const counts: MarkCounts = { byFolder: new Map(), byTag: new Map(), archived: 0, favourites: 0 };
  for (const { folderId, tags, archived, favourite } of rows) {
    for (const tag of tagsSchema.parse(JSON.parse(tags))) counts.byTag.set(tag, (counts.byTag.get(tag) ?? 0) + 1);
    if (archived === 1) {
      counts.archived += 1;
      continue;
    }
    counts.favourites += favourite;
    if (folderId !== null) counts.byFolder.set(folderId, (counts.byFolder.get(folderId) ?? 0) + 1);
  }
  return counts;
}
