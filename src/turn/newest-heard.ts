import { readPathUp } from '../conversation/message-store.ts';
import type { MessageNode } from '../conversation/tree-types.ts';
import type { Db } from '../storage/storage.ts';
import { hears, type RoomView } from './room-view.ts';

/** Messages read at a time in a room, where many may not have been heard. */
const ROOM_PAGE = 64;

/** The newest messages of a path that a model may know of, oldest first; `pending` is newer than the path. */
export async function readNewestHeard(
  db: Db,
  {
    conversationId,
    endId,
    pending,
    limit,
    view,
  }: {
    conversationId: string;
    endId: string | null;
    pending?: MessageNode | undefined;
    limit: number;
    /** Null where everybody hears everything. */
    view: RoomView | null;
  },
): Promise<MessageNode[]> {
  const isKnown = (node: MessageNode) =>
    node.deletedAt === null && !node.hidden && (view === null || hears(view, node));
  const found: MessageNode[] = pending && (view === null || hears(view, pending)) ? [pending] : [];
  let nextId = endId;
  while (nextId !== null && found.length < limit) {
    const page: MessageNode[] = await readPathUp(db, {
      conversationId,
      fromId: nextId,
      limit: view === null ? limit : Math.max(limit, ROOM_PAGE),
    });
    found.unshift(...page.filter(isKnown));
    nextId = page[0]?.parentId ?? null;
  }
  return found.slice(-limit);
}
