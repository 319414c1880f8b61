import { inChunks } from '../base/in-chunks.ts';
import type { Db, Trx } from '../storage/storage.ts';
import { listVisited } from './conversation-store.ts';

/** Those of the conversations that a person hosts or is a guest in, and that are not deleted. */
export async function listReadable(
  db: Db | Trx,
  { userId, ids }: { userId: string; ids: readonly string[] },
): Promise<string[]> {
  const found: string[] = [];
  for (const some of inChunks([...new Set(ids)])) {
    const rows = await db
      .selectFrom('conversation')
      .select('id')
      .where('id', 'in', some)
      .where('deletedAt', 'is', null)
      .where((where) => where.or([where('ownerId', '=', userId), where('id', 'in', listVisited(db, userId))]))
      .execute();
    found.push(...rows.map(({ id }) => id));
  }
  return found;
}
