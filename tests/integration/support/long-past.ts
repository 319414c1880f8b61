import { createIdGenerator } from '../../../src/base/ids.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { layWays } from '../../../src/conversation/conversation-tree.ts';
import { textOf } from '../../../src/conversation/tree-types.ts';
import { toMessageNode } from '../../../src/conversation/message-store.ts';
import { MessageSearchStore } from '../../../src/storage/search/message-search-store.ts';
import type { ChatHouse } from './open-house.ts';

/** Rows in one statement, below every database's limit of parameters; messages in one transaction. */
const ROWS = 500;
const BATCH = 5000;
/** One message in so many is in the index of words: a test looks for those. */
const SEARCHED = 500;

export interface LongPast {
  /** By depth. */
  ids: string[];
  /** The first message of a branch that was grown beside. */
  branch: string;
}

/**
 * Puts a long past into a conversation, as if it had been talked, without the index of words but for every 500th
 * message. `beside`: a branch that leaves the path at that message, off the active path; else it is the path.
 */
export async function growLongPast(
  { app: { storage } }: Pick<ChatHouse, 'app'>,
  { conversationId, length, beside }: { conversationId: string; length: number; beside?: string },
): Promise<LongPast> {
  const newId = createIdGenerator(systemClock);
  const root = await storage.db
    .selectFrom('message')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .where((where) => (beside === undefined ? where('parentId', 'is', null) : where('id', '=', beside)))
    .orderBy('id')
    .executeTakeFirstOrThrow();
  const count = length - root.depth - 1;
  const ids = Array.from({ length: count }, () => newId());
  const search = new MessageSearchStore(storage.dialect);
  const rowAt = (index: number) => {
    const depth = root.depth + 1 + index;
    const where = beside === undefined ? '' : ' beside the others';
    return {
      ...root,
      id: ids[index] ?? '',
      parentId: ids[index - 1] ?? root.id,
      depth,
      authorKind: depth % 2 === 1 ? 'human' : 'character',
      parts: JSON.stringify([{ type: 'text', text: `Message ${depth} of a long friendship${where}.` }]),
      activeChildId: ids[index + 1] ?? null,
    };
  };
  for (let start = 0; start < count; start += BATCH) {
    await storage.transaction(async (trx) => {
      for (let from = start; from < Math.min(start + BATCH, count); from += ROWS) {
        const rows = Array.from({ length: Math.min(ROWS, count - from) }, (_, index) => rowAt(from + index));
        await trx.insertInto('message').values(rows).execute();
        for (const row of rows) {
          if (row.depth % SEARCHED !== 0) continue;
          await search.put(trx, { id: row.id, conversationId, text: textOf(toMessageNode(row).parts) });
        }
      }
    });
  }
  if (beside === undefined) {
    await storage.db.updateTable('message').set({ activeChildId: ids[0] }).where('id', '=', root.id).execute();
    await storage.db
      .updateTable('conversation')
      .set({ leafId: ids.at(-1) ?? root.id, messageCount: length })
      .where('id', '=', conversationId)
      .execute();
  }
  await storage.transaction((trx) => layWays(trx, { conversationId, leafId: ids.at(-1) ?? root.id }));
  return { ids: [root.id, ...ids], branch: ids[0] ?? '' };
}
